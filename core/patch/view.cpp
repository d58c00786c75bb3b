#include "core/patch/view.hpp"

#include "core/patch/paths.hpp"

#include <algorithm>

namespace pj::patch {

namespace {

/// Larger files are not source text.
constexpr std::uint64_t max_file = 256u << 20;

std::string binary_reason(std::string_view content) {
  if (content.starts_with("\xff\xfe") || content.starts_with("\xfe\xff"))
    return "is UTF-16 text; only UTF-8 and single-byte files can be patched";
  if (content.find('\0') != content.npos)
    return "is a binary file";
  return {};
}

std::string content_of(const source_tree& tree, const std::string& path) {
  if (!tree.find(path))
    return {};
  auto got = tree.read(path);
  return got ? std::move(*got) : std::string{};
}

} // namespace

view::view(const source_tree& tree, const change_set* staged) : tree_(tree) {
  if (staged)
    for (const auto& change : staged->files)
      stage(change);
}

void view::stage(const file_change& change) {
  if (change.kind == change_kind::rename)
    move(change.old_path, change.path);
  if (change.kind == change_kind::remove) {
    remove(change.path);
    return;
  }
  write(change.path, change.content);
  set_mode(change.path, change.mode);
}

view::file& view::at(const std::string& path) {
  const auto [i, fresh] = files_.try_emplace(path);
  if (fresh)
    if (const auto* entry = tree_.find(path)) {
      i->second.exists = true;
      i->second.mode = entry->mode;
    }
  return i->second;
}

bool view::exists(const std::string& path) const {
  const auto i = files_.find(path);
  return i != files_.end() ? i->second.exists : tree_.find(path) != nullptr;
}

document* view::open(const std::string& path, std::string& why) {
  if (!exists(path)) {
    why = "there is no such file";
    return nullptr;
  }
  auto& f = at(path);
  if (f.text)
    return f.text.get();
  const auto* entry = tree_.find(path);
  if (entry && entry->size > max_file) {
    why = "is larger than 256 MiB";
    return nullptr;
  }
  auto content = tree_.read(path);
  if (!content) {
    why = content.error().what;
    return nullptr;
  }
  why = binary_reason(*content);
  if (!why.empty())
    return nullptr;
  f.text = std::make_unique<document>(std::move(*content));
  return f.text.get();
}

void view::write(const std::string& path, std::string content) {
  auto& f = at(path);
  f.text = std::make_unique<document>(std::move(content));
  f.exists = true;
}

void view::remove(const std::string& path) {
  auto& f = at(path);
  f.text.reset();
  f.exists = false;
}

void view::move(const std::string& from, const std::string& to) {
  std::string why;
  auto* text = open(from, why);
  auto& old = at(from);
  auto& fresh = at(to);
  fresh.text = text ? std::move(old.text)
                    : std::make_unique<document>(content_of(tree_, from));
  fresh.mode = old.mode;
  fresh.exists = true;
  fresh.was = old.was.empty() ? from : old.was;
  remove(from);
}

void view::set_mode(const std::string& path, file_mode mode) {
  at(path).mode = mode;
}

change_set view::changes() const {
  change_set out;
  std::vector<std::string> moved;
  for (const auto& [path, f] : files_) {
    const auto* entry = tree_.find(path);
    if (!f.exists && !entry)
      continue;
    if (f.exists && !f.text && entry && f.mode == entry->mode)
      continue;
    file_change c;
    c.path = path;
    c.mode = f.mode;
    c.before = content_of(tree_, path);
    if (f.exists)
      c.content = f.text ? f.text->text() : c.before;
    if (f.exists && entry && c.content == c.before && f.mode == entry->mode)
      continue;
    c.kind = !f.exists ? change_kind::remove
             : entry   ? change_kind::modify
                       : change_kind::add;
    if (c.kind == change_kind::add && !f.was.empty() && tree_.find(f.was) &&
        !exists(f.was)) {
      c.kind = change_kind::rename;
      c.old_path = f.was;
      c.before = content_of(tree_, f.was);
      moved.push_back(f.was);
    }
    out.files.push_back(std::move(c));
  }
  std::erase_if(out.files, [&moved](const file_change& c) {
    return c.kind == change_kind::remove &&
           std::find(moved.begin(), moved.end(), c.path) != moved.end();
  });
  for (const auto& c : out.files)
    if (is_risky_path(c.path))
      out.risky.push_back(c.path);
  return out;
}

} // namespace pj::patch
