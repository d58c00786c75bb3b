#pragma once
#include "core/task/log_entry.hpp"
#include "core/task/stage.hpp"

#include <string>
#include <string_view>

namespace pj {

/// What people watch while tasks run, and read later. Called from actor
/// threads, several at once; must be quick and must not throw. Text of the
/// model is untrusted.
class observer {
public:
  virtual ~observer() = default;

  /// A stage begins; `what` is a plain sentence.
  virtual void stage(const std::string& task, pj::stage now,
                     std::string_view what) = 0;

  /// A piece of the answer, as it streams.
  virtual void text(const std::string& task, std::string_view piece) = 0;

  /// Something for the task's log; the task goes on.
  virtual void note(const std::string& task, log_kind kind,
                    std::string_view line) = 0;

  /// Limits that tasks share hold the task back, or no longer do.
  virtual void held(const std::string& task, bool now) = 0;

  /// Something a person should know; the task goes on.
  void warning(const std::string& task, std::string_view line) {
    note(task, log_kind::warning, line);
  }
};

/// Whether people who watch should read such a note at once.
constexpr bool is_urgent(log_kind kind) noexcept {
  return kind == log_kind::warning || kind == log_kind::retry ||
         kind == log_kind::refused;
}

} // namespace pj
