#include "core/patch/source.hpp"

#include "core/patch/file_names.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace pj::patch {

namespace {

bool drop_prefix(std::string_view& text, std::string_view prefix) {
  if (!equal_ignoring_case(text.substr(0, prefix.size()), prefix))
    return false;
  text = trimmed(text.substr(prefix.size()));
  return true;
}

/// `1. path` or `2) path`.
std::string_view without_list_number(std::string_view text) {
  const auto n = text.find_first_not_of("0123456789");
  const bool listed = n != 0 && n != text.npos && n + 1 < text.size() &&
                      (text[n] == '.' || text[n] == ')') && text[n + 1] == ' ';
  return listed ? trimmed(text.substr(n + 1)) : text;
}

/// Takes what surrounds a path: list marks, headings, quotes, labels.
std::string_view undecorated(std::string_view text) {
  text = without_list_number(text);
  for (bool again = true; again;) {
    again = false;
    while (!text.empty() && text.find_first_of("#*`'\"->:") == 0) {
      text = trimmed(text.substr(1));
      again = true;
    }
    while (!text.empty() && text.find_last_of("*`'\":,") == text.size() - 1) {
      text = trimmed(text.substr(0, text.size() - 1));
      again = true;
    }
    const auto bare = without_list_number(text);
    again = again || bare.size() < text.size();
    text = bare;
    for (const auto label : {"file:", "filename:", "path:", "file path:"})
      again = drop_prefix(text, label) || again;
  }
  return text;
}

/// `path:44` and `path:10-20`.
std::string_view without_line_number(std::string_view text) {
  const auto last = text.find_last_not_of("0123456789-");
  const bool numbered = last != text.npos && last > 0 &&
                        last + 1 < text.size() && text[last] == ':';
  return numbered ? text.substr(0, last) : text;
}

/// Without quotes, backticks or stars around it.
std::string_view unquoted(std::string_view text) {
  constexpr std::string_view marks = "`'\"*";
  while (text.size() > 1 && text.front() == text.back() &&
         marks.find(text.front()) != marks.npos)
    text = trimmed(text.substr(1, text.size() - 2));
  return text;
}

bool may_be_in_path(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u > 0x20 && u != 0x7f && c != '<' && c != '>' && c != '|' &&
         c != '"' && c != '`' && c != ';' && c != '{' && c != '}' && c != '=';
}

} // namespace

fence fence_on(std::string_view text) {
  text = trimmed(text);
  if (text.empty() || (text[0] != '`' && text[0] != '~'))
    return {};
  const auto n = std::min(text.find_first_not_of(text[0]), text.size());
  const auto info = trimmed(text.substr(n));
  if (n < 3 || info.find('`') != info.npos)
    return {};
  return {text[0], n, info};
}

bool closes(std::string_view text, const fence& open) {
  const auto f = fence_on(text);
  return open.length > 0 && f.sign == open.sign && f.length >= open.length &&
         f.info.empty();
}

std::string_view path_in_fence(std::string_view text) {
  auto info = fence_on(text).info;
  const auto gap = info.find_first_of(" :");
  if (gap != info.npos)
    if (const auto path = bare_path(info.substr(gap + 1)); !path.empty())
      return path;
  return info.find_first_of("./") == info.npos ? std::string_view{}
                                               : bare_path(info);
}

std::string_view bare_path(std::string_view text) {
  text = without_line_number(undecorated(trimmed(text)));
  if (text.find("](") != text.npos)
    return {};
  const auto dot = text.find_last_of('.');
  const bool named =
    text.find('/') != text.npos || (dot != text.npos && dot + 1 < text.size());
  if (text.empty() || text.size() > 1'000)
    return {};
  const bool one_word = std::all_of(text.begin(), text.end(), may_be_in_path);
  return one_word && (named || looks_like_file(text)) ? text
                                                      : std::string_view{};
}

std::string_view path_on(const source& from, std::size_t i) {
  const auto text = trimmed(from.at(i));
  for (const auto candidate : {text, unquoted(text), undecorated(text),
                               without_line_number(undecorated(text))})
    if (from.knows(candidate))
      return candidate;
  return bare_path(text);
}

std::string_view labelled_path(const source& from, std::string_view text) {
  text = trimmed(text);
  const auto plain = unquoted(text);
  for (const auto candidate : {text, plain, without_line_number(plain)})
    if (from.knows(candidate) || looks_like_file(candidate))
      return without_line_number(candidate);
  if (const auto path = bare_path(text); !path.empty())
    return path;
  const bool one_word = std::all_of(plain.begin(), plain.end(), may_be_in_path);
  return one_word && plain.size() <= 1'000 ? plain : std::string_view{};
}

} // namespace pj::patch
