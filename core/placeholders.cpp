#include "core/placeholders.hpp"

#include "core/text.hpp"

namespace pj {

namespace {

constexpr std::string_view escaped_braces = "\\{{";

std::string replaced(std::string_view text, std::string_view what,
                     std::string_view by) {
  std::string out;
  std::size_t from = 0;
  for (auto at = text.find(what); at != text.npos; at = text.find(what, from)) {
    out += text.substr(from, at - from);
    out += by;
    from = at + what.size();
  }
  return out += text.substr(from);
}

template <class Plain, class Value>
std::string fill(std::string_view text, Plain plain, Value value) {
  std::string out;
  std::size_t from = 0;
  for (auto p = next_placeholder(text); p; p = next_placeholder(text, p->to)) {
    out += plain(text.substr(from, p->from - from));
    const auto known = value(p->name);
    out += known ? *known : std::string(text.substr(p->from, p->to - p->from));
    from = p->to;
  }
  return out += plain(text.substr(from));
}

} // namespace

std::optional<placeholder> next_placeholder(std::string_view text,
                                            std::size_t at) {
  while ((at = text.find("{{", at)) != text.npos) {
    const auto end = text.find_first_of("}\n", at);
    const bool is_free =
      at == 0 || (text[at - 1] != '$' && text[at - 1] != '\\');
    if (is_free && end != text.npos && text.substr(end, 2) == "}}")
      return placeholder{at, end + 2,
                         trimmed(text.substr(at + 2, end - at - 2))};
    at += 2;
  }
  return std::nullopt;
}

std::string fill_placeholders(std::string_view text,
                              const placeholder_value& value) {
  return fill(
    text,
    [](std::string_view plain) {
      return replaced(plain, escaped_braces, "{{");
    },
    value);
}

std::string fill_some_placeholders(std::string_view text,
                                   const placeholder_value& value) {
  return fill(
    text, [](std::string_view plain) { return std::string(plain); },
    [&](std::string_view name) {
      auto known = value(name);
      if (known)
        known = replaced(*known, "{{", escaped_braces);
      return known;
    });
}

std::string shown_placeholders(const std::vector<std::string_view>& names) {
  std::string out;
  for (const auto name : names)
    out += (out.empty() ? "{{" : ", {{") + std::string(name) + "}}";
  return out;
}

} // namespace pj
