#include "apps/mock/pull_merge.hpp"

#include "apps/mock/child.hpp"

namespace pj::doubles {

namespace {

/// git in the base repository, beside the head's.
struct merging {
  std::string base_folder;
  std::string head_folder;
  std::string base;
  bool ok = true;

  merging(const repositories& where, const pull& p) {
    const auto base_at = where.find(p.repository);
    const auto head_at = where.find(p.head_repository);
    const auto tip = base_at ? repositories::branch(*base_at, p.base)
                             : std::optional<std::string>{};
    ok = tip && head_at;
    if (!ok)
      return;
    base_folder = base_at->string();
    head_folder = head_at->string();
    base = *tip;
  }

  std::string git(std::vector<std::string> words) {
    if (!ok)
      return {};
    words.insert(words.begin(),
                 {"git", "-c", "safe.directory=*", "-c", "user.name=GitHub",
                  "-c", "user.email=noreply@github.example", "-C",
                  base_folder});
    return output_of(words, ok);
  }

  /// A fork's commits become the base repository's own.
  void bring(const pull& p) {
    if (p.head_repository != p.repository)
      git({"fetch", "-q", head_folder, p.head_sha});
  }

  /// The tree of both together; not `ok` when they conflict.
  std::string tree(const pull& p) {
    return git({"merge-tree", "--write-tree", base, p.head_sha});
  }
};

} // namespace

std::string merge_key(const repositories& where, const pull& p) {
  const auto folder = where.find(p.repository);
  const auto base =
    folder ? repositories::branch(*folder, p.base) : std::nullopt;
  return base.value_or("") + ' ' + p.head_sha;
}

bool merges_cleanly(const repositories& where, const pull& p) {
  merging m(where, p);
  m.bring(p);
  m.tree(p);
  return m.ok;
}

std::optional<std::string> merge(const repositories& where, const pull& p,
                                 const std::string& method) {
  merging m(where, p);
  m.bring(p);
  const auto tree = m.tree(p);
  std::vector<std::string> words{"commit-tree", tree, "-p", m.base};
  if (method == "merge")
    words.insert(words.end(), {"-p", p.head_sha});
  const auto title = " (#" + std::to_string(p.number) + ')';
  words.insert(words.end(),
               {"-m", method == "merge"
                        ? "Merge pull request #" + std::to_string(p.number)
                        : p.title + (method == "squash" ? title : "")});
  const auto commit = m.git(words);
  m.git({"update-ref", "refs/heads/" + p.base, commit, m.base});
  return m.ok ? std::optional(commit) : std::nullopt;
}

} // namespace pj::doubles
