#include "core/patch/readers.hpp"
#include "core/text.hpp"

namespace pj::patch {

namespace {

constexpr std::string_view label = "FILE:";

file_edit whole_file(const source& from, std::size_t i, std::string_view path) {
  file_edit out;
  out.what = action::replace;
  out.from = format::whole;
  out.paths.emplace_back(path);
  out.section = from.section;
  out.answer_line = static_cast<std::uint32_t>(i + 1);
  return out;
}

void add_lines(const source& from, std::size_t first, std::size_t end,
               std::string& content) {
  for (auto i = first; i < end; ++i) {
    content += from.at(i);
    content += '\n';
  }
}

/// The line that closes the fence opened at `i`, minding fences within.
std::size_t fence_end(const source& from, std::size_t i) {
  const auto open = fence_on(from.at(i));
  int inner = 0;
  for (++i; i < from.size(); ++i) {
    const auto f = fence_on(from.at(i));
    if (f.length == 0 || f.sign != open.sign)
      continue;
    if (!f.info.empty() && f.length <= open.length)
      ++inner;
    else if (inner > 0 && f.info.empty() && f.length <= open.length)
      --inner;
    else if (closes(from.at(i), open))
      break;
  }
  return i;
}

std::size_t add_fenced(source& from, std::size_t at, file_edit edit) {
  const auto end = fence_end(from, at);
  from.cut = from.cut || end >= from.size();
  add_lines(from, at + 1, std::min(end, from.size()), edit.content);
  from.edits.push_back(std::move(edit));
  return std::min(end + 1, from.size());
}

bool ends_file_form(std::string_view text) {
  return text == "---" || text.starts_with(label);
}

} // namespace

std::size_t read_file_form(source& from, std::size_t i) {
  const auto text = from.at(i);
  if (!text.starts_with(label))
    return i;
  const auto path = bare_path(text);
  if (path.empty())
    return i;
  auto edit = whole_file(from, i, path);
  auto j = i + 1;
  while (j < from.size() && is_blank(from.at(j)))
    ++j;
  if (fence_on(from.at(j)).length > 0) {
    j = add_fenced(from, j, std::move(edit));
    return from.at(j) == "---" ? j + 1 : j;
  }
  j = i + 1;
  while (j < from.size() && !ends_file_form(from.at(j)))
    ++j;
  from.cut = from.cut || j >= from.size();
  add_lines(from, i + 1, j, edit.content);
  from.edits.push_back(std::move(edit));
  return from.at(j) == "---" ? j + 1 : j;
}

std::size_t read_fenced_file(source& from, std::size_t i) {
  auto fence_at = i + 1;
  while (fence_at < from.size() && fence_at < i + 3 &&
         is_blank(from.at(fence_at)))
    ++fence_at;
  const auto path = bare_path(from.at(i));
  if (path.empty() || fence_on(from.at(i)).length > 0 ||
      fence_on(from.at(fence_at)).length == 0)
    return i;
  auto edit = whole_file(from, i, path);
  edit.guessed = true;
  return add_fenced(from, fence_at, std::move(edit));
}

} // namespace pj::patch
