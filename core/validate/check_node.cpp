#include "core/validate/check_node.hpp"

#include "core/name_table.hpp"
#include "core/spec/duration.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace pj {

namespace {

constexpr std::size_t longest_command = 8u << 10;
constexpr std::chrono::hours longest_time{6};

std::string text_of(const YAML::Node& node, const std::string& field) {
  if (!node.IsScalar() || trimmed(node.Scalar()).empty())
    throw check_mistake{node.Mark(), field + " must be text"};
  if (node.Scalar().find('\0') != std::string::npos)
    throw check_mistake{node.Mark(), field + " has a NUL in it"};
  return std::string(trimmed(node.Scalar()));
}

std::string name_of(const YAML::Node& node) {
  const auto out = text_of(node, "name");
  const bool good = std::all_of(out.begin(), out.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' ||
           c == ' ';
  });
  if (!good || out.size() > 60)
    throw check_mistake{node.Mark(),
                        shown_node(node) +
                          " is no name: at most 60 letters, digits, "
                          "blanks, '.', '_' and '-'"};
  return out;
}

std::string command_of(const YAML::Node& node) {
  auto out = text_of(node, "command");
  if (out.size() > longest_command)
    throw check_mistake{node.Mark(),
                        "command is longer than 8 KiB; put it into a "
                        "script"};
  return out;
}

bool flag_of(const YAML::Node& node) {
  bool out = true;
  if (!node.IsScalar() || !YAML::convert<bool>::decode(node, out))
    throw check_mistake{node.Mark(),
                        "blocking is true or false, not " + shown_node(node)};
  return out;
}

std::chrono::milliseconds time_of(const YAML::Node& node) {
  const auto text = node.IsScalar() ? node.Scalar() : std::string{};
  if (const auto time = read_duration(text, longest_time))
    return *time;
  throw check_mistake{node.Mark(), "timeout is a time such as 90s, 15m or 1h, "
                                   "at most 6h, not " +
                                     shown_node(node)};
}

struct check_key {
  std::string_view name;
  void (*read)(const YAML::Node& from, check_spec& to);
};

constexpr std::array known_keys = {
  check_key{"name", [](auto& from, auto& to) { to.name = name_of(from); }},
  check_key{"command",
            [](auto& from, auto& to) { to.command = command_of(from); }},
  check_key{"blocking",
            [](auto& from, auto& to) { to.blocking = flag_of(from); }},
  check_key{"timeout",
            [](auto& from, auto& to) { to.timeout = time_of(from); }},
};

} // namespace

std::string shown_node(const YAML::Node& node) {
  return node.IsScalar() ? '"' + printable(node.Scalar(), 60) + '"' : "this";
}

check_spec read_check(const YAML::Node& node) {
  if (!node.IsMap())
    throw check_mistake{node.Mark(), "a check needs name and command"};
  check_spec out;
  for (const auto& field : node) {
    const auto name = field.first.IsScalar() ? field.first.Scalar() : "";
    const auto* key = find_named(known_keys, name);
    if (!key)
      throw check_mistake{field.first.Mark(),
                          shown_node(field.first) +
                            " is not known; name, command, blocking, timeout"};
    key->read(field.second, out);
  }
  if (out.name.empty() || out.command.empty())
    throw check_mistake{node.Mark(), std::string("a check needs a ") +
                                       (out.name.empty() ? "name" : "command")};
  return out;
}

std::vector<std::string_view> check_keys() {
  return names_of(known_keys);
}

} // namespace pj
