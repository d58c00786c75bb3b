#include "core/patch/file_names.hpp"
#include "core/patch/paths.hpp"
#include "core/patch/readers.hpp"
#include "core/text.hpp"

#include <algorithm>

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

/// Where a file without a fence ends. In a document nothing tells which of
/// several `---` lines is meant.
struct form_end {
  std::size_t at = 0;
  bool clear = true;
};

form_end find_form_end(const source& from, std::size_t i,
                       std::string_view path) {
  form_end out{from.size(), true};
  for (; i < from.size() && !from.at(i).starts_with(label); ++i) {
    if (from.at(i) != "---")
      continue;
    out.clear = out.at == from.size();
    if (out.clear)
      out.at = i;
    if (!is_document(path) || !out.clear)
      return out;
  }
  out.at = std::min(out.at, i);
  return out;
}

/// The path above a block or in the info string of its fence.
std::string_view path_of_block(const source& from, std::size_t i,
                               std::size_t& fence_at) {
  if (fence_on(from.at(i)).length > 0) {
    fence_at = i;
    return path_in_fence(from.at(i));
  }
  fence_at = i + 1;
  while (fence_at < from.size() && fence_at < i + 3 &&
         is_blank(from.at(fence_at)))
    ++fence_at;
  return fence_on(from.at(fence_at)).length > 0 ? path_on(from, i)
                                                : std::string_view{};
}

/// What a block holds, by its language.
enum class block_kind { content, diff, commands };

block_kind kind_of(std::string_view info, std::string_view path) {
  const auto language = lowered(info.substr(0, info.find_first_of(" :")));
  auto is_one_of = [&language](auto... names) {
    return ((language == names) || ...);
  };
  if (is_one_of("diff", "patch", "udiff"))
    return path.ends_with(".diff") || path.ends_with(".patch")
             ? block_kind::content
             : block_kind::diff;
  const bool script = path.ends_with("sh") || path.find('.') == path.npos;
  if (!script && is_one_of("bash", "sh", "shell", "zsh", "console",
                           "shell-session", "terminal", "output"))
    return block_kind::commands;
  return block_kind::content;
}

/// A path in a folder, of which the tree has nothing: perhaps a new file.
bool may_be_file(const source& from, std::string_view path) {
  return path.find('/') != path.npos && !path.ends_with('/') &&
         path.find("://") == path.npos &&
         !(from.tree && is_folder(*from.tree, path));
}

/// In a document a bare fence after the block's end may belong to it.
bool end_is_clear(const source& from, std::size_t end, std::string_view path) {
  for (auto i = end + 1; is_document(path) && i < from.size(); ++i)
    if (const auto f = fence_on(from.at(i)); f.length > 0)
      return !f.info.empty();
  return true;
}

/// A diff that has no file headers, under the path it is for.
std::size_t read_fenced_diff(source& from, std::size_t i, std::size_t fence_at,
                             std::string path) {
  from.open = fence_on(from.at(fence_at));
  const auto first = fence_at + 1;
  auto next = read_bare_udiff(from, first, std::move(path));
  const bool closed = closes(from.at(next), from.open);
  from.open = {};
  if (next == first)
    return i;
  from.cut = from.cut || !closed;
  return closed ? next + 1 : next;
}

} // namespace

std::size_t read_file_form(source& from, std::size_t i) {
  const auto text = from.at(i);
  if (!text.starts_with(label))
    return i;
  const auto path = labelled_path(from, text.substr(label.size()));
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
  const auto end = find_form_end(from, i + 1, path);
  from.cut = from.cut || end.at >= from.size();
  if (!end.clear)
    edit.wrong = "the content holds lines with --- alone; put it into a fence";
  add_lines(from, i + 1, end.at, edit.content);
  from.edits.push_back(std::move(edit));
  return from.at(end.at) == "---" ? end.at + 1 : end.at;
}

std::size_t read_fenced_file(source& from, std::size_t i) {
  std::size_t fence_at = i;
  const auto path = path_of_block(from, i, fence_at);
  const auto kind = kind_of(fence_on(from.at(fence_at)).info, path);
  const bool named = looks_like_file(path) || from.knows(path);
  if ((!named && !may_be_file(from, path)) || kind == block_kind::commands)
    return i;
  if (kind == block_kind::diff)
    return read_fenced_diff(from, i, fence_at, std::string(path));
  auto edit = whole_file(from, i, path);
  edit.guessed = true;
  if (!named)
    edit.wrong =
      "nothing says whether the block below " + std::string(path) +
      " is that file; if it is, begin it with FILE: " + std::string(path);
  if (!end_is_clear(from, fence_end(from, fence_at), path))
    edit.wrong = "fences within the block do not pair up; use a longer fence "
                 "around it";
  const auto next = add_fenced(from, fence_at, std::move(edit));
  if (!is_blank(from.edits.back().content))
    return next;
  from.edits.pop_back();
  return i;
}

} // namespace pj::patch
