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
inline constexpr std::string_view ask = "ask."; ///< + round: about to be asked
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

/// What an attempt has behind it, read back from its steps.
struct task_record {
  std::optional<recorded_snapshot> at;
  int asked = 0; ///< the last round that was about to be asked
  std::vector<recorded_answer> answers;
  std::optional<validation_report> checks;
  bool pr_intended = false; ///< a pull request may exist already
  std::set<std::string, std::less<>> events; ///< keys of emitted events

  /// A run that ended between question and record: the provider may have been
  /// paid for an answer that is lost.
  bool has_lost_answer() const {
    return static_cast<std::size_t>(asked) > answers.size();
  }

  /// Takes one step back in; unknown names are left alone (a newer version
  /// may have written them), unreadable data is a failure.
  result<done> take(std::string_view name, std::string_view data);
};

std::string to_json(const recorded_snapshot& x);
std::string to_json(const recorded_answer& x);
std::string to_json(const validation_report& x);

} // namespace pj
