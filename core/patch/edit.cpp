#include "core/patch/edit.hpp"

#include "core/patch/diff.hpp"

namespace pj::patch {

namespace {

std::vector<std::string_view> side(const hunk& h, mark without) {
  std::vector<std::string_view> out;
  out.reserve(h.lines.size());
  for (const auto& l : h.lines)
    if (l.what != without)
      out.push_back(l.text);
  return out;
}

std::vector<hunk_line>
side_by_side(const std::vector<std::string_view>& removed,
             const std::vector<std::string_view>& added) {
  std::vector<hunk_line> out;
  for (const auto text : removed)
    out.push_back({mark::remove, text});
  for (const auto text : added)
    out.push_back({mark::add, text});
  return out;
}

} // namespace

std::vector<std::string_view> old_side(const hunk& h) {
  return side(h, mark::add);
}

std::vector<std::string_view> new_side(const hunk& h) {
  return side(h, mark::remove);
}

void keep_unchanged(hunk& h) {
  std::vector<hunk_line> out;
  std::vector<std::string_view> removed;
  std::vector<std::string_view> added;
  auto flush = [&] {
    const auto part = removed.empty() || added.empty()
                        ? side_by_side(removed, added)
                        : hunk_between(removed, added).lines;
    out.insert(out.end(), part.begin(), part.end());
    removed.clear();
    added.clear();
  };
  for (const auto& l : h.lines) {
    if (l.what == mark::remove)
      removed.push_back(l.text);
    else if (l.what == mark::add)
      added.push_back(l.text);
    else {
      flush();
      out.push_back(l);
    }
  }
  flush();
  h.lines = std::move(out);
}

hunk hunk_between(const std::vector<std::string_view>& before,
                  const std::vector<std::string_view>& after) {
  hunk out;
  std::uint32_t old_at = 0;
  auto keep_to = [&](std::size_t end) {
    for (; old_at < end; ++old_at)
      out.lines.push_back({mark::keep, before[old_at]});
  };
  for (const auto& c : line_diff(before, after)) {
    keep_to(c.old_at);
    for (; old_at < c.old_at + c.old_count; ++old_at)
      out.lines.push_back({mark::remove, before[old_at]});
    for (auto j = c.new_at; j < c.new_at + c.new_count; ++j)
      out.lines.push_back({mark::add, after[j]});
  }
  keep_to(before.size());
  return out;
}

} // namespace pj::patch
