#include "core/patch/edit.hpp"

#include "core/patch/diff.hpp"

#include <algorithm>
#include <functional>

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

bool is_same(const hunk& a, const hunk& b) {
  return a.hint == b.hint && a.anchors == b.anchors && a.last == b.last &&
         std::equal(a.lines.begin(), a.lines.end(), b.lines.begin(),
                    b.lines.end(), [](auto& x, auto& y) {
                      return x.what == y.what && x.text == y.text;
                    });
}

bool hunk_log::add(const std::string& path, const hunk& h) {
  auto key = std::hash<std::string>{}(path) ^ h.hint;
  for (const auto& l : h.lines)
    key = key * 31 + std::hash<std::string_view>{}(l.text);
  const auto [first, last] = all_.equal_range(key);
  for (auto i = first; i != last; ++i)
    if (i->second.first == path && is_same(*i->second.second, h))
      return false;
  all_.emplace(key, std::pair{path, &h});
  return true;
}

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
