#pragma once
#include "core/llm/chat.hpp"
#include "core/result.hpp"
#include "core/validate/checks.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pj {

/// Names of the recorded steps. Stable: they are in people's journals.
namespace step {
inline constexpr std::string_view snapshot = "snapshot."; ///< + commit
inline constexpr std::string_view start = "start.";       ///< + n, from 1
inline constexpr std::string_view ask = "ask.";   ///< + n: question n follows
inline constexpr std::string_view over = "over."; ///< + n: one had no answer
inline constexpr std::string_view answer = "answer."; ///< + round, from 1
inline constexpr std::string_view checks = "checks."; ///< + base commit
inline constexpr std::string_view push_intent = "push.intent";
inline constexpr std::string_view push_done = "push.done";
inline constexpr std::string_view pr_intent = "pr.intent";
inline constexpr std::string_view pr_done = "pr.done";
inline constexpr std::string_view event = "event."; ///< + the event's key
} // namespace step

struct recorded_snapshot {
  std::string base;
  std::string commit;
  std::vector<std::string> warnings;
};

/// A paid answer: never asked for again.
struct recorded_answer {
  llm::completion answer;
  std::optional<double> cost_usd;
  std::string fallback; ///< "provider/model" of another model than the task's
};

/// A question whose answer was lost, and what that may have cost.
struct recorded_loss {
  llm::usage tokens;
  std::optional<double> cost_usd;
};

/// What an attempt has behind it, read back from its steps.
struct task_record {
  std::optional<recorded_snapshot> at;

  /// The branch's commit that the change is put on; empty text: it is put on
  /// the base. Kept by tasks that update branches.
  std::optional<std::string> start;
  int starts = 0;    ///< how often that was decided
  int questions = 0; ///< sent, or about to be
  std::vector<recorded_answer> answers;
  int unanswered = 0;              ///< questions that ended without an answer
  std::vector<recorded_loss> lost; ///< of these, those that may be charged
  std::optional<validation_report> checks;
  bool pr_intended = false; ///< a pull request may exist already
  std::set<std::string, std::less<>> events; ///< keys of emitted events

  /// Questions of which nothing more is known: the one under way, and those of
  /// runs that ended before an answer was recorded.
  int open_questions() const {
    return questions - unanswered - static_cast<int>(answers.size());
  }

  /// Takes one step back in; unknown names are left alone (a newer version
  /// may have written them), unreadable data is a failure.
  result<done> take(std::string_view name, std::string_view data);
};

std::string to_json(const recorded_snapshot& x);
std::string to_json(const recorded_loss& x);
std::string to_json(const recorded_answer& x);
std::string to_json(const validation_report& x);

} // namespace pj
