#include "core/validate/own_checks.hpp"

#include "core/text.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>

namespace pj {

namespace {

constexpr std::size_t longest_file = 64u << 10;
constexpr std::size_t most_checks = 50;
constexpr std::size_t longest_command = 8u << 10;
constexpr std::chrono::hours longest_time{6};

/// Thrown inside this file only; becomes a failure at its edge.
struct mistake {
  YAML::Mark at;
  std::string what;
};

failure trouble(const YAML::Mark& at, const std::string& what) {
  const auto line =
    at.is_null() ? std::string{} : " line " + std::to_string(at.line + 1);
  return {failure_class::fail,
          failure_code::configuration,
          std::string(own_checks_file) + line + ": " + what,
          {},
          {}};
}

std::string quoted(const YAML::Node& node) {
  return node.IsScalar() ? '"' + printable(node.Scalar(), 60) + '"' : "this";
}

std::string text_of(const YAML::Node& node, const std::string& field) {
  if (!node.IsScalar() || trimmed(node.Scalar()).empty())
    throw mistake{node.Mark(), field + " must be text"};
  if (node.Scalar().find('\0') != std::string::npos)
    throw mistake{node.Mark(), field + " has a NUL in it"};
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
    throw mistake{node.Mark(), quoted(node) +
                                 " is no name: at most 60 letters, digits, "
                                 "blanks, '.', '_' and '-'"};
  return out;
}

std::string command_of(const YAML::Node& node) {
  auto out = text_of(node, "command");
  if (out.size() > longest_command)
    throw mistake{node.Mark(), "command is longer than 8 KiB; put it into a "
                               "script"};
  return out;
}

bool flag_of(const YAML::Node& node) {
  bool out = true;
  if (!node.IsScalar() || !YAML::convert<bool>::decode(node, out))
    throw mistake{node.Mark(),
                  "blocking is true or false, not " + quoted(node)};
  return out;
}

std::chrono::milliseconds time_of(const YAML::Node& node) {
  const auto text = node.IsScalar() ? node.Scalar() : std::string{};
  std::int64_t number = 0;
  const auto [end, error] =
    std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(
    end, static_cast<std::size_t>(text.data() + text.size() - end));
  const std::int64_t factor = unit.empty() || unit == "s" ? 1
                              : unit == "m"               ? 60
                              : unit == "h"               ? 3600
                                                          : 0;
  const auto most = std::chrono::seconds(longest_time).count();
  if (error != std::errc{} || factor == 0 || number <= 0 ||
      number > most / factor)
    throw mistake{node.Mark(), "timeout is a time such as 90s, 15m or 1h, at "
                               "most 6h, not " +
                                 quoted(node)};
  return std::chrono::seconds{number * factor};
}

check_spec read_check(const YAML::Node& node) {
  if (!node.IsMap())
    throw mistake{node.Mark(), "a check needs name and command"};
  check_spec out;
  for (const auto& field : node) {
    const auto key = field.first.IsScalar() ? field.first.Scalar() : "";
    if (key == "name")
      out.name = name_of(field.second);
    else if (key == "command")
      out.command = command_of(field.second);
    else if (key == "blocking")
      out.blocking = flag_of(field.second);
    else if (key == "timeout")
      out.timeout = time_of(field.second);
    else
      throw mistake{field.first.Mark(),
                    quoted(field.first) +
                      " is not known; name, command, blocking, timeout"};
  }
  if (out.name.empty() || out.command.empty())
    throw mistake{node.Mark(), std::string("a check needs a ") +
                                 (out.name.empty() ? "name" : "command")};
  return out;
}

std::vector<check_spec> read_list(const YAML::Node& list) {
  if (!list.IsSequence())
    throw mistake{list.Mark(), "validate is a list of checks"};
  if (list.size() > most_checks)
    throw mistake{list.Mark(), "more than 50 checks"};
  std::vector<check_spec> out;
  for (const auto& node : list) {
    auto one = read_check(node);
    for (const auto& other : out)
      if (other.name == one.name)
        throw mistake{node.Mark(), "two checks are named " + one.name};
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<check_spec> read_root(const YAML::Node& root) {
  if (root.IsNull())
    return {};
  if (!root.IsMap())
    throw mistake{root.Mark(), "starts with validate:"};
  std::vector<check_spec> out;
  for (const auto& item : root) {
    if (!item.first.IsScalar() || item.first.Scalar() != "validate")
      throw mistake{item.first.Mark(),
                    quoted(item.first) + " is not known; validate"};
    if (!item.second.IsNull())
      out = read_list(item.second);
  }
  return out;
}

} // namespace

result<std::vector<check_spec>> read_own_checks(std::string_view yaml) {
  if (yaml.size() > longest_file)
    return trouble(YAML::Mark::null_mark(), "longer than 64 KiB");
  try {
    return read_root(YAML::Load(std::string(yaml)));
  } catch (const mistake& e) {
    return trouble(e.at, e.what);
  } catch (const YAML::Exception& e) {
    return trouble(e.mark, printable(e.msg));
  }
}

} // namespace pj
