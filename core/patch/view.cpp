#include "core/patch/view.hpp"

#include "core/patch/paths.hpp"
#include "core/patch/unicode.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace pj::patch {

namespace {

/// Larger files are not source text.
constexpr std::uint64_t max_file = 256u << 20;

std::string binary_reason(std::string_view content) {
  if (content.starts_with("\xff\xfe") || content.starts_with("\xfe\xff"))
    return "is UTF-16 text; only UTF-8 and single-byte text can be patched";
  if (content.find('\0') != content.npos)
    return "is a binary file";
  if (content.size() > max_lines &&
      static_cast<std::size_t>(
        std::count(content.begin(), content.end(), '\n')) > max_lines)
    return "has more than " + std::to_string(max_lines) + " lines";
  return {};
}

bool is_twin(std::string_view a, std::string_view b) {
  if (is_ascii(a) && is_ascii(b))
    return a.size() == b.size() && equal_ignoring_case(a, b);
  return folded_path(a) == folded_path(b);
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

bool view::collides(const std::string& path) const {
  for (auto at = path.find('/'); at != path.npos; at = path.find('/', at + 1))
    if (exists(path.substr(0, at)))
      return true;
  const auto below = files_.lower_bound(path + '/');
  return below != files_.end() && below->second.exists &&
         below->first.starts_with(path + '/');
}

std::string view::twin_of(const std::string& path) const {
  for (const auto& [other, f] : files_)
    if (f.exists && other != path && is_twin(other, path))
      return other;
  for (const auto& entry : tree_.entries())
    if (entry.path != path && is_twin(entry.path, path) && exists(entry.path))
      return entry.path;
  return {};
}

std::vector<std::string> view::named(std::string_view base,
                                     std::size_t max) const {
  std::vector<std::string> out;
  auto fits = [&](const std::string& path) {
    return std::string_view(path).ends_with(base) && base_name(path) == base &&
           exists(path) && std::find(out.begin(), out.end(), path) == out.end();
  };
  for (const auto& [path, f] : files_)
    if (out.size() < max && fits(path))
      out.push_back(path);
  for (const auto& entry : tree_.entries())
    if (out.size() < max && fits(entry.path))
      out.push_back(entry.path);
  return out;
}

const std::string* view::before(const std::string& path, file& f,
                                std::string& why) const {
  if (f.before)
    return f.before.get();
  const auto* entry = tree_.find(path);
  if (!entry) {
    why = "there is no such file";
    return nullptr;
  }
  if (entry->size > max_file) {
    why = "the file is larger than 256 MiB";
    return nullptr;
  }
  auto content = tree_.read(path);
  if (!content) {
    why = content.error().what;
    return nullptr;
  }
  f.before = std::make_shared<const std::string>(std::move(*content));
  return f.before.get();
}

document* view::open(const std::string& path, std::string& why) {
  why = "there is no such file";
  if (!exists(path))
    return nullptr;
  auto& f = at(path);
  if (f.text)
    return f.text.get();
  const auto* content = before(path, f, why);
  if (!content)
    return nullptr;
  why = binary_reason(*content);
  if (!why.empty()) {
    why = "the file " + why;
    return nullptr;
  }
  f.text = std::make_shared<document>(f.before);
  return f.text.get();
}

void view::write(const std::string& path, std::string content) {
  auto& f = at(path);
  f.text = std::make_shared<document>(
    std::make_shared<const std::string>(std::move(content)));
  f.exists = true;
}

void view::remove(const std::string& path) {
  auto& f = at(path);
  f.text.reset();
  f.exists = false;
}

void view::move(const std::string& from, const std::string& to) {
  if (from == to)
    return;
  auto& old = at(from);
  std::string why;
  const auto* content = old.text ? nullptr : before(from, old, why);
  auto& fresh = at(to);
  if (content)
    fresh.text = std::make_shared<document>(old.before);
  else
    fresh.text = std::move(old.text);
  fresh.mode = old.mode;
  fresh.exists = true;
  fresh.was = old.was.empty() ? from : old.was;
  remove(from);
}

void view::set_mode(const std::string& path, file_mode mode) {
  at(path).mode = mode;
}

std::uint64_t view::open_lines() const noexcept {
  std::uint64_t n = 0;
  for (const auto& [path, f] : files_)
    n += f.text ? f.text->size() : 1;
  return n;
}

view::state view::save() const {
  auto out = files_;
  for (auto& [path, f] : out)
    if (f.text)
      f.text = std::make_shared<document>(*f.text);
  return out;
}

namespace {

/// What the paths of a rename come to when both ends are in the tree.
bool is_rename(const view::file& f, bool in_tree, const view& files,
               const source_tree& tree) {
  return !in_tree && !f.was.empty() && tree.find(f.was) && !files.exists(f.was);
}

} // namespace

change_set view::changes() const {
  change_set out;
  std::vector<std::string> moved;
  std::string why;
  for (auto& [path, f] : files_) {
    const auto* entry = tree_.find(path);
    if ((!f.exists && !entry) || (f.exists && entry && f.mode == entry->mode &&
                                  (!f.text || f.text->is_still(f.before))))
      continue;
    file_change c;
    c.path = path;
    c.mode = f.mode;
    if (const auto* was = entry ? before(path, f, why) : nullptr)
      c.before = *was;
    if (f.exists)
      c.content = f.text ? f.text->text() : c.before;
    if (f.exists && entry && c.content == c.before && f.mode == entry->mode)
      continue;
    c.kind = !f.exists ? change_kind::remove
             : entry   ? change_kind::modify
                       : change_kind::add;
    if (is_rename(f, entry != nullptr, *this, tree_)) {
      c.kind = change_kind::rename;
      c.old_path = f.was;
      if (const auto* was = before(f.was, files_[f.was], why))
        c.before = *was;
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
