#include "core/patch/whole_file.hpp"

#include "core/patch/elide.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <unordered_set>
#include <vector>

namespace pj::patch {

namespace {

using texts = std::vector<std::string_view>;

std::string_view bare(std::string_view text) {
  return without_leading(without_trailing(text));
}

bool is_bare_dots(std::string_view text) {
  return trimmed(text) == "...";
}

texts lines_of(std::string_view content) {
  texts out;
  for (const auto& l : split_lines(content))
    out.push_back(l.text);
  return out;
}

/// Most of the file's lines are missing, or its beginning or its end.
bool is_excerpt(const texts& fresh, const document& old) {
  std::unordered_set<std::string_view> there;
  for (const auto text : fresh)
    there.insert(bare(text));
  texts solid;
  for (const auto& l : old.lines())
    if (solid_bytes(l.text) > 2)
      solid.push_back(bare(l.text));
  auto kept = [&there](auto text) { return there.contains(text); };
  const auto n = std::count_if(solid.begin(), solid.end(), kept);
  const bool shrinks = there.size() < solid.size();
  if (solid.size() < 4 || !shrinks)
    return false;
  return static_cast<std::size_t>(n) * 2 < solid.size() ||
         (!kept(solid.front()) && !kept(solid.back()));
}

/// A line of nothing but `...`: code only below a line that opens a block, as
/// in Python, or in files that have such lines.
bool has_bare_dots(const texts& fresh, const document& old) {
  std::string_view above;
  for (const auto text : fresh) {
    if (is_bare_dots(text) && !above.ends_with(':') &&
        !above.ends_with("\"\"\"") &&
        std::none_of(old.lines().begin(), old.lines().end(),
                     [](const line& o) { return is_bare_dots(o.text); }))
      return true;
    if (!is_blank(text))
      above = without_trailing(text);
  }
  return false;
}

} // namespace

bool only_shows(const file_edit& edit, const document& old) {
  const auto all = lines_of(edit.content);
  return std::all_of(all.begin(), all.end(), [&old](auto text) {
    return solid_bytes(text) <= 2 || old.has_line_like(text);
  });
}

std::string wrong_replacement(const file_edit& edit, const document& old) {
  const auto fresh = lines_of(edit.content);
  if (edit.guessed && is_excerpt(fresh, old))
    return "the block holds few of the file's lines and may be an excerpt; "
           "send an edit, or the whole file below FILE: and its path";
  if (leaves_lines_out(fresh, old) || has_bare_dots(fresh, old))
    return "the content leaves lines out; send the whole file";
  return {};
}

std::string written_like(std::string_view content, const document& old) {
  const auto end = bytes_of(old.usual_end());
  constexpr std::string_view mark = "\xef\xbb\xbf";
  std::string out(
    old.has_bom() && !content.starts_with(mark) ? mark : std::string_view{});
  for (const auto& l : split_lines(content)) {
    out += l.text;
    out += l.end == line_end::none ? std::string_view{} : end;
  }
  return out;
}

} // namespace pj::patch
