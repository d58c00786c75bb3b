#pragma once
#include "core/spec/task_spec.hpp"
#include "core/task/outcome.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>

namespace pj::batch {

/// Keeps a batch within its number of open pull requests: a task takes its
/// place before it is begun and keeps it as long as its pull request may be
/// open. Drafts are open, too.
class pull_room {
public:
  /// No limit.
  pull_room() = default;

  /// `holders`: the tasks whose pull requests are open, or may be.
  pull_room(std::size_t most, std::set<std::string> holders)
    : most_(most), holders_(std::move(holders)) {}

  /// It would open no further pull request, so it needs no place of its own.
  bool is_free(const task_spec& task) const;

  /// Takes a place. False: there is none.
  bool take(const task_spec& task);

  /// The place is free again unless there is a pull request now.
  void ended(const task_outcome& outcome);

  std::size_t taken() const { return holders_.size(); }
  std::size_t most() const { return most_.value_or(0); }

private:
  std::optional<std::size_t> most_;
  std::set<std::string> holders_;
};

/// Its end does not rule out that a pull request is open.
bool may_have_pull(const task_outcome& outcome);

} // namespace pj::batch
