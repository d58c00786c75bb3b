#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace pj {

/// What the caller may do about a failure.
enum class failure_class : std::uint8_t {
  retry,     ///< the same request may succeed later
  refuse,    ///< the model's answer cannot be used: tell it and ask again
  fail,      ///< final: trying again changes nothing
  cancelled, ///< a person or the deadline ended it
};

/// Where a failure comes from; decides exit code and wording.
enum class failure_code : std::uint8_t {
  internal,      ///< a bug or a lost service
  configuration, ///< the environment, the options or a spec are wrong
  git,           ///< clone, fetch, commit or push
  network,       ///< no answer, reset, TLS
  model,         ///< the provider refused, failed or answered unusably
  patch,         ///< the change could not be placed
  validation,    ///< a blocking check failed
  github,        ///< the pull request could not be made
  webhook,       ///< the receiver did not take the event
  journal,       ///< the durable record cannot be written
  budget,        ///< a cost or token limit was reached
  deadline,      ///< the task's time is over
  interrupted,   ///< SIGINT or SIGTERM
};

/// A failed stage as a value. Adapters classify, `task` decides what follows.
struct failure {
  failure_class kind = failure_class::fail;
  failure_code code = failure_code::internal;

  /// One line that names cause and cure. Never holds a secret.
  std::string what;

  /// More lines for the log, the event's `message` and the model; may be empty.
  std::string details;

  /// Earliest next try as the server asked for it; zero: none given.
  std::chrono::milliseconds retry_after{0};

  /// A limit that everybody with the same account meets: waiting for its end
  /// is no fault of the task.
  bool shared_limit = false;

  /// A provider began to answer: it may charge for what failed.
  bool may_be_paid = false;
  std::uint64_t tokens_received = 0; ///< of that answer, estimated

  /// Every other task would meet it, too: a batch stops instead of trying.
  bool hits_all = false;

  /// A push was not made: the branch on the server moved from where it was
  /// expected.
  bool lease_lost = false;

  /// The fault lies with the model or its provider, not with the request or
  /// the account: another model may answer the same question.
  bool another_may_answer = false;
};

/// Final, with code `configuration`.
failure configuration_failure(std::string what);

/// Lower-case name, e.g. "git". Stable: stored in the journal.
std::string_view to_string(failure_code code) noexcept;

/// Lower-case name, e.g. "retry". Stable: stored in the journal.
std::string_view to_string(failure_class kind) noexcept;

/// Inverse of `to_string`; unknown names give `internal`.
failure_code failure_code_from(std::string_view name) noexcept;

/// Inverse of `to_string`; unknown names give `fail`.
failure_class failure_class_from(std::string_view name) noexcept;

} // namespace pj
