#include "core/prompt/named.hpp"

#include "core/prompt/kinds.hpp"
#include "core/prompt/words.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace pj::prompt {

namespace {

/// Bare names shared by more files than this name none.
constexpr std::size_t max_same_name = 8;

using entries = std::vector<const tree_entry*>;

/// Files by lower-case base name, with and without extension.
struct name_index {
  explicit name_index(const source_tree& tree) {
    for (const auto& entry : tree.entries()) {
      if (entry.mode == file_mode::submodule)
        continue;
      auto name = lowered(base_name(entry.path));
      const auto dot = name.rfind('.');
      if (dot != name.npos && dot > 0 && !is_vendored(entry.path))
        by_stem[name.substr(0, dot)].push_back(&entry);
      by_name[std::move(name)].push_back(&entry);
    }
  }

  std::unordered_map<std::string, entries> by_name;
  std::unordered_map<std::string, entries> by_stem;
};

bool may_be_in_a_path(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte != 0x7f &&
         std::string_view("\"'`,;|<>*?!{}").find(c) == std::string_view::npos;
}

/// What may name a file: runs of path characters. A Markdown link is two.
std::vector<std::string> candidates(std::string_view task) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < task.size(); ++i) {
    const auto begin = i;
    while (i < task.size() && may_be_in_a_path(task[i]) &&
           !(task[i] == '(' && i > begin && task[i - 1] == ']'))
      ++i;
    if (i > begin)
      out.emplace_back(task.substr(begin, i - begin));
  }
  return out;
}

bool ends_a_sentence(char c) noexcept {
  return std::string_view(".:").find(c) != std::string_view::npos;
}

/// "(src\a.py)," → "src/a.py"; "./a.py:12:3" → "a.py"; "a.py#L4" → "a.py".
std::string cleaned(std::string text) {
  std::replace(text.begin(), text.end(), '\\', '/');
  if (const auto hash = text.find("#L"); hash != text.npos && hash > 0)
    text.resize(hash);
  while (!text.empty() && ends_a_sentence(text.back()))
    text.pop_back();
  for (auto colon = text.rfind(':');
       colon != text.npos && colon > 0 && colon + 1 < text.size() &&
       text.find_first_not_of("0123456789-", colon + 1) == text.npos;
       colon = text.rfind(':'))
    text.resize(colon);
  while (text.starts_with("./") || text.starts_with("/") ||
         text.starts_with("@/") || text.starts_with("~/"))
    text.erase(0, text.find('/') + 1);
  while (!text.empty() && (text.back() == '/' || ends_a_sentence(text.back())))
    text.pop_back();
  return text;
}

/// The ways to read one run: as it stands, and without brackets around it
/// ("(a.py)", but "[id].tsx" and "(group)/page.tsx" keep theirs).
std::vector<std::string> readings(const std::string& run) {
  std::vector<std::string> out{cleaned(run)};
  const auto first = run.find_first_not_of("([");
  const auto last = run.find_last_not_of(".:)]");
  if (first != run.npos && last != run.npos && first <= last)
    if (auto inner = cleaned(run.substr(first, last - first + 1));
        inner != out.front())
      out.push_back(std::move(inner));
  return out;
}

/// Whether `path` is `tail` or ends in "/" + `tail`; both lower case.
bool is_tail(std::string_view path, std::string_view tail) noexcept {
  return path.ends_with(tail) && (path.size() == tail.size() ||
                                  path[path.size() - tail.size() - 1] == '/');
}

/// The path without the extension of its name.
std::string_view without_extension(std::string_view path) noexcept {
  const auto dot = path.rfind('.');
  return dot > path.size() - base_name(path).size() ? path.substr(0, dot)
                                                    : path;
}

/// A word of plain small letters may be only a word; one with other marks is a
/// name.
bool looks_like_a_name(std::string_view text) noexcept {
  return text.find_first_of("_-/0123456789") != text.npos ||
         std::any_of(text.begin() + (text.empty() ? 0 : 1), text.end(),
                     [](char c) { return c >= 'A' && c <= 'Z'; });
}

class finder {
public:
  explicit finder(const source_tree& tree) : tree_(tree), index_(tree) {}

  void read(const std::string& text) {
    if (text.size() < 2 || text.size() > 4096)
      return;
    if (const auto* exact = tree_.find(text))
      return take(sure_, exact);
    const auto small = lowered(text);
    if (take_all(by_tail(small), small))
      return;
    if (small.size() < 3 || is_stop_word(small))
      return;
    auto& to = looks_like_a_name(text) ? sure_ : perhaps_;
    for (const auto* entry : by_stem(small))
      take(to, entry);
    if (small.find('.') != small.npos)
      for (const auto* entry : by_module(small))
        take(sure_, entry);
  }

  entries found() && {
    entries out = std::move(sure_);
    for (const auto* entry : perhaps_)
      take(out, entry);
    out.resize(std::min(out.size(), max_named));
    return out;
  }

private:
  static void take(entries& to, const tree_entry* entry) {
    if (to.size() < max_named &&
        std::find(to.begin(), to.end(), entry) == to.end())
      to.push_back(entry);
  }

  bool take_all(const entries& same, std::string_view text) {
    const bool bare = text.find('/') == text.npos;
    if (same.empty())
      return false;
    // Bare "Makefile" or "LICENSE" is a name, bare "test" only when alone.
    const bool word = bare && text.find('.') == text.npos;
    if (same.size() > max_same_name || (word && same.size() > 1) ||
        (word && is_stop_word(text)))
      return true;
    for (const auto* entry : same)
      take(sure_, entry);
    return true;
  }

  entries by_tail(const std::string& small) const {
    const auto at = index_.by_name.find(std::string(base_name(small)));
    entries out;
    if (at != index_.by_name.end())
      std::copy_if(at->second.begin(), at->second.end(),
                   std::back_inserter(out),
                   [&](auto* e) { return is_tail(lowered(e->path), small); });
    return preferred(std::move(out), small);
  }

  /// One at the root stands for a bare name: "README.md" is the one on top.
  /// The repository's own come before vendored ones.
  static entries preferred(entries same, std::string_view small) {
    const auto top = std::find_if(same.begin(), same.end(), [&](auto* e) {
      return lowered(e->path) == small;
    });
    if (top != same.end())
      return {*top};
    const auto own = std::stable_partition(
      same.begin(), same.end(), [](auto* e) { return !is_vendored(e->path); });
    if (own != same.begin())
      same.erase(own, same.end());
    return same;
  }

  /// Files of one folder that differ in their extension only, such as a header
  /// and its source; nothing when they are in several folders.
  entries by_stem(const std::string& small) const {
    const auto at = index_.by_stem.find(std::string(base_name(small)));
    if (at == index_.by_stem.end())
      return {};
    entries out;
    std::string stem;
    for (const auto* entry : at->second) {
      auto mine = lowered(without_extension(entry->path));
      if (!is_tail(mine, small))
        continue;
      if (!out.empty() && mine != stem)
        return {};
      stem = std::move(mine);
      out.push_back(entry);
    }
    return out.size() > max_same_name ? entries{} : out;
  }

  /// "shop.cart.total": the module shop/cart, or one with total in it.
  entries by_module(const std::string& small) const {
    auto path = small;
    std::replace(path.begin(), path.end(), '.', '/');
    for (int cut = 0; cut < 2 && path.find('/') != path.npos; ++cut) {
      if (auto found = by_stem(path); !found.empty())
        return found;
      path.resize(path.rfind('/'));
    }
    return {};
  }

  const source_tree& tree_;
  name_index index_;
  entries sure_;
  entries perhaps_;
};

} // namespace

entries named_files(std::string_view task, const source_tree& tree) {
  finder all(tree);
  for (const auto& run : candidates(task))
    for (const auto& text : readings(run))
      all.read(text);
  return std::move(all).found();
}

} // namespace pj::prompt
