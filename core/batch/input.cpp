#include "core/batch/input.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <charconv>

namespace pj::batch {

place place_of(std::string_view text, std::size_t offset,
               std::string_view file) {
  const auto before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n');
  const auto start = before.rfind('\n') + 1; // npos + 1 is 0
  return {std::string(file), static_cast<int>(line) + 1,
          static_cast<int>(before.size() - start) + 1};
}

std::optional<std::string_view> readable(std::string_view text,
                                         std::string_view file,
                                         std::size_t longest,
                                         problem_log& problems) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  if (text.starts_with(mark))
    text.remove_prefix(mark.size());
  if (text.size() > longest) {
    problems.add({std::string(file), 0, 0}, "",
                 "it has " + std::to_string(text.size()) + " bytes, at most " +
                   std::to_string(longest) + " are accepted");
    return std::nullopt;
  }
  for (std::size_t at = 0; at < text.size();) {
    const auto length = text[at] == '\0' ? 0 : sequence_length(text.substr(at));
    if (length == 0) {
      problems.add(place_of(text, at, file), "",
                   text[at] == '\0'
                     ? "a NUL byte: save it as plain UTF-8 text"
                     : "not valid UTF-8: save it as plain UTF-8 text");
      return std::nullopt;
    }
    at += length;
  }
  return text;
}

std::optional<std::int64_t>
whole_number(std::string_view text, std::int64_t least, std::int64_t most) {
  std::int64_t out = 0;
  const auto end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  if (error != std::errc{} || stop != end || out < least || out > most)
    return std::nullopt;
  return out;
}

} // namespace pj::batch
