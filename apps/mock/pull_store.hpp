#pragma once
#include "apps/mock/repositories.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace pj::doubles {

/// One pull request.
struct pull {
  std::string repository; ///< owner/name of the base
  std::uint64_t number = 0;
  std::string title;
  std::string body;
  std::string head_repository; ///< owner/name
  std::string head;            ///< branch
  std::string head_sha;
  std::string base; ///< branch
  std::string base_sha;
  bool draft = false;
  bool open = true;
  bool merged = false;
  std::string merge_commit; ///< once merged
  bool maintainer_can_modify = true;
  std::vector<std::string> labels;
  std::vector<std::string> assignees;
  std::vector<std::string> reviewers;
  std::vector<std::string> team_reviewers;
  std::vector<std::string> comments;
  std::int64_t created = 0; ///< Unix seconds, like the next two
  std::int64_t updated = 0;
  std::int64_t closed = 0; ///< 0: not closed

  /// Whether it can be merged, and the two commits that this was worked out
  /// for; GitHub does that behind the scenes, once it is asked.
  bool mergeable = false;
  std::string worked_out;
};

/// One entry of GitHub's `errors`.
struct field_error {
  std::string code; ///< e.g. "invalid", "custom"
  std::string field;
  std::string message;
};

/// What somebody wants to open.
struct pull_wish {
  std::string repository;
  std::string title;
  std::string body;
  std::string head; ///< "branch" or "owner:branch"
  std::string base;
  std::string head_repo; ///< name only; empty: found by owner
  bool draft = false;
  bool maintainer_can_modify = true;
};

/// The pull requests of all repositories, checked against the repositories
/// themselves. Thread-safe.
class pull_store {
public:
  explicit pull_store(repositories where) : repositories_(std::move(where)) {}

  /// Blocks: asks git. The errors are those of a 422.
  std::variant<pull, std::vector<field_error>> open(const pull_wish& wish);

  std::vector<pull> all() const;
  std::vector<pull> of(const std::string& repository) const;

  /// The open ones whose branch is `head` of `repository`.
  std::vector<pull> of_head(const std::string& repository,
                            const std::string& head) const;

  std::optional<pull> find(const std::string& repository,
                           std::uint64_t number) const;

  /// Changes one in place; gives it as it is then.
  template <class Change>
  std::optional<pull> change(const std::string& repository,
                             std::uint64_t number, Change how) {
    std::lock_guard lock{mutex_};
    for (auto& p : pulls_)
      if (p.repository == repository && p.number == number) {
        how(p);
        touch(p);
        return p;
      }
    return std::nullopt;
  }

  /// Remembers that `fork` came from `parent`.
  void add_fork(const std::string& parent, const std::string& fork);

  /// The fork's name when this owner has one.
  std::optional<std::string> fork_of(const std::string& parent,
                                     const std::string& owner) const;

  /// What a repository was forked from; empty: it is no fork.
  std::string parent_of(const std::string& fork) const;

  const repositories& repos() const { return repositories_; }

private:
  /// Sets the times after a change.
  static void touch(pull& p);

  /// An open one follows its branch.
  void follow(pull& p) const;

  /// Head repository and branch of a wish.
  std::pair<std::string, std::string> head_of(const pull_wish& wish) const;

  repositories repositories_;
  mutable std::mutex mutex_;
  std::vector<pull> pulls_;
  std::map<std::string, std::vector<std::string>> forks_;
};

/// The part of `owner/name` before the slash.
std::string owner_of(const std::string& repository);
std::string name_of(const std::string& repository);

} // namespace pj::doubles
