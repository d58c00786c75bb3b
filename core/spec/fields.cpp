#include "core/spec/fields.hpp"

#include "core/escape.hpp"
#include "core/spec/rules.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace pj {

namespace {

constexpr std::size_t longest_shown = 80;
constexpr std::size_t longest_secret = 8192;
constexpr std::size_t longest_url = 2048;
constexpr std::size_t longest_list = 8192;

bool is_url_variable(std::string_view name) {
  return name.ends_with("_URL") || name == "TARGET_REPO";
}

bool is_token(std::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return c > ' ' && c < '\x7f'; });
}

/// "?NAME=value", the value a version or a date.
bool is_plain_query(std::string_view text, std::string_view name) {
  const auto start = "?" + std::string(name) + "=";
  if (name.empty() || !text.starts_with(start))
    return false;
  const auto value = text.substr(start.size());
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return is_alnum(c) || c == '-' || c == '.';
  });
}

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words,
               std::string_view value) {
  return std::any_of(words.begin(), words.end(), [value](auto word) {
    return equal_ignoring_case(word, value);
  });
}

} // namespace

std::string in_quotes(std::string_view value) {
  return '"' +
         printable(escaped(clipped(value, longest_shown * 2)), longest_shown) +
         '"';
}

std::string line_complaint(std::string_view value, std::size_t max_bytes) {
  if (value.size() > max_bytes)
    return "it has " + std::to_string(value.size()) + " bytes, at most " +
           std::to_string(max_bytes) + " are accepted";
  if (!is_valid_utf8(value))
    return "it is not valid UTF-8";
  return escaped(value) == value
           ? ""
           : "it has a line break or another control character";
}

std::string_view fields::raw(std::string_view name) const {
  const auto found = from_.find(name);
  return found == from_.end() ? "" : trimmed(found->second.value);
}

std::string fields::text(std::string_view name, std::string_view otherwise,
                         std::size_t max_bytes, complaint check) {
  const auto value = raw(name);
  if (value.empty())
    return std::string(otherwise);
  auto why = line_complaint(value, max_bytes);
  if (why.empty())
    why = check(value);
  if (why.empty())
    return std::string(value);
  wrong(name, why);
  return std::string(otherwise);
}

bool fields::flag(std::string_view name) {
  constexpr std::array<std::string_view, 3> yes = {"true", "yes", "1"};
  constexpr std::array<std::string_view, 3> no = {"false", "no", "0"};
  const auto value = raw(name);
  if (!value.empty() && !is_one_of(yes, value) && !is_one_of(no, value))
    wrong(name, "use true or false");
  return is_one_of(yes, value);
}

std::vector<std::string> fields::list(std::string_view name, complaint check) {
  std::vector<std::string> out;
  const auto all = text(name, "", longest_list, nothing_wrong);
  for (const auto piece : split(all, ',')) {
    const auto value = trimmed(piece);
    if (value.empty() || std::find(out.begin(), out.end(), value) != out.end())
      continue;
    if (const auto why = check(value); !why.empty())
      wrong(name, printable(value, longest_shown) + ": " + std::string(why));
    else
      out.emplace_back(value);
  }
  return out;
}

double fields::number(std::string_view name, double otherwise, double least,
                      double most, std::string_view why) {
  const auto value = raw(name);
  if (value.empty())
    return otherwise;
  double out = 0;
  const auto end = value.data() + value.size();
  const auto read =
    std::from_chars(value.data(), end, out, std::chars_format::fixed);
  if (read.ec == std::errc{} && read.ptr == end && out >= least && out <= most)
    return out;
  wrong(name, why);
  return otherwise;
}

std::string fields::url(std::string_view name) {
  const auto value = text(name, "", longest_url, nothing_wrong);
  const auto url = split_url(value);
  if (value.empty())
    return {};
  if (!url || (url->scheme != "https" && url->scheme != "http"))
    wrong(name, "use a URL like https://host/path");
  else if (!url->user.empty())
    wrong(name, "credentials inside the URL are refused");
  else
    return value;
  return {};
}

std::string fields::base_url(std::string_view name, std::string_view secret,
                             std::string_view query) {
  const auto value = url(name);
  const auto parts = split_url(value);
  if (!parts)
    return {};
  if (!parts->query.empty() && !is_plain_query(parts->query, query))
    wrong(name, "paths are put behind it, so it has no '?' and no '#'");
  else if (parts->scheme == "http" && !secret.empty() &&
           !is_loopback(parts->host))
    wrong(name, "http:// would send " + std::string(secret) +
                  " unencrypted: use https://");
  else
    return value.substr(0, value.find_last_not_of('/') + 1);
  return {};
}

std::string fields::secret(std::string_view name) {
  const auto value = raw(name);
  if (value.size() <= longest_secret && is_token(value))
    return std::string(value);
  wrong(name, "a key is at most 8192 printable ASCII characters without "
              "blanks or line breaks; copy it again");
  return {};
}

void fields::wrong(std::string_view name, std::string_view why) {
  auto line = label(name);
  if (is_secret_variable(name))
    line += " is unusable (its value is not shown)";
  else if (name == "WEBHOOK_URL") // many receivers know their senders by it
    line += " is \"" + shown_origin(raw(name)) + '"';
  else if (is_url_variable(name))
    line += " is \"" + shown_url(raw(name)) + '"';
  else
    line += " is " + in_quotes(raw(name));
  problem(line + ": " + std::string(why));
}

void fields::missing(std::string_view name, std::string_view cure) {
  problem(std::string(name) + " is not set: " + std::string(cure));
}

std::string fields::label(std::string_view name) const {
  const auto found = from_.find(name);
  if (found == from_.end() || found->second.source.empty() ||
      found->second.source == name)
    return std::string(name);
  const auto& source = found->second.source;
  return source.starts_with("--") ? source : source + ": " + std::string(name);
}

failure fields::failed() const {
  std::string lines;
  for (const auto& line : problems_)
    lines += (lines.empty() ? "" : "\n") + line;
  return {
    failure_class::fail, failure_code::configuration, std::move(lines), "", {}};
}

} // namespace pj
