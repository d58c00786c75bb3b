#pragma once
#include "actors/observer.hpp"
#include "actors/purse.hpp"
#include "actors/task_ledger.hpp"
#include "core/llm/models.hpp"
#include "core/policy/retry.hpp"
#include "core/policy/work_clock.hpp"
#include "core/spec/task_spec.hpp"
#include "core/task/outcome.hpp"
#include "core/task/record.hpp"
#include "core/task/stage.hpp"
#include "messages/github.hpp"
#include "messages/journal.hpp"
#include "messages/llm.hpp"
#include "messages/patch.hpp"
#include "messages/prompt.hpp"
#include "messages/repo.hpp"
#include "messages/task.hpp"
#include "messages/validate.hpp"
#include "messages/webhook.hpp"

#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pj {

/// The services a task asks; stable handles, each behind its keeper.
struct task_services {
  journal_actor journal;
  repo_actor repo;
  prompt_actor prompt;
  llm_actor llm;
  llm_actor fallback_llm; ///< may be none
  patch_actor patch;
  validate_actor validate;
  github_actor github;
  webhook_actor webhook;
};

/// How long limits may hold a task back whose waiting is free.
inline constexpr std::chrono::hours longest_hold{24 * 30};

/// Every service drops what it does for the task.
template <class Self>
void abandon_everywhere(Self* self, const task_services& all,
                        const std::string& task) {
  const abandon stop{task};
  self->send(all.repo, stop);
  self->send(all.prompt, stop);
  self->send(all.llm, stop);
  if (all.fallback_llm)
    self->send(all.fallback_llm, stop);
  self->send(all.patch, stop);
  self->send(all.validate, stop);
  self->send(all.github, stop);
}

/// Everything a task is made of.
struct task_setup {
  std::shared_ptr<const task_spec> spec;
  std::string group;         ///< batch, for fairness; may be empty
  std::string inputs;        ///< digest of what decides the outcome
  shared_text system_prompt; ///< text; empty: the built-in one
  llm::model_entry model;
  std::optional<llm::model_entry> fallback;
  std::vector<spending_limit> limits; ///< its own and its batch's
  task_services services;
  std::shared_ptr<observer> watch;
  std::function<wall_clock::time_point()> now;
  std::string keep_folder; ///< for commits that are not pushed
  retry_policy retry;
  random_source random;
  int max_rounds = 3; ///< answers asked for, refusals included

  /// When the task is over; kept when its actor starts again.
  std::shared_ptr<work_clock> clock;

  /// Takes known secrets out of what leaves the process: events, the pull
  /// request, the journal's results. Empty: nothing to hide.
  std::function<std::string(std::string_view)> hide;
};

/// Walks one task from prompt to pull request. Owns deadline, attempts and
/// rounds; the services only do as asked. Every step is in the journal before
/// a question to the model or an effect elsewhere follows.
struct task_state {
  static inline const char* name = "task";
  task_state(task_actor::pointer ptr) : self(ptr), ledger(ptr) {}
  ~task_state(); // answers what is pending

  task_actor::behavior_type behavior();

  // The life of a task: actors/task.cpp.
  caf::result<task_outcome> start();
  void recall();
  void begin(const task_history& history);
  void resume(const task_history& history);
  void begin_attempt(int attempt, bool known);
  void run(stage next);
  void failed(failure why);
  void give_up(failure why);
  void stop(task_end how, failure why);
  void abandon_model();
  void end(task_end how, failure why);
  void reply_and_quit();
  task_row row(std::string_view state, std::string result) const;

  // Steps and events: actors/task_steps.cpp.
  void note(std::string_view step, std::string data);
  void emit(std::string key, std::string type, std::string status,
            std::string error, std::string message);
  void announce(const std::string& key, const std::string& message);
  void enter(const std::string& key, const std::string& message,
             std::function<void()> then);
  bool not_recorded(failure why);

  // The stages, in order: actors/task_stages.cpp.
  void fetch();
  void opened(opened_snapshot x);
  void branch();
  void prepare_fork();
  void look_at_branch();
  void checked_branch(const looked_up_branch& x);
  void choose_start(const std::optional<pj::branch_tip>& tip, bool is_ours);
  void started(snapshot from);
  void tell(std::string warning);
  void ask();
  const llm::completion& answer() const; ///< of this round
  void place();
  void placed(const patch::plan& plan);
  void refused(const patch::refusal& refusal);
  void declined(const std::string& why);
  void check();
  void checked(validation_report report);

  // The last stages: actors/task_publish.cpp.
  void publish();
  void push();
  void open_pr();
  github::pull_request wanted_pull() const;
  commit_request commit() const;

  // Which model is asked, and what it costs: actors/task_model.cpp.
  bool is_answered() const;
  void write_prompt();
  void ask_model_now();
  void wait_for_budget();
  void put_question();
  void answered(answered_model x);
  void take_answer();
  bool may_fall_back(const failure& why) const;
  void fall_back();
  const llm::model_entry& asked_model() const;
  std::string asked_name() const;
  std::optional<failure> reserve();
  void settle(const std::optional<double>& usd, const llm::usage& tokens);
  void settle_earlier(const std::optional<double>& usd,
                      const llm::usage& tokens);
  void release();
  void count(const recorded_loss& loss);
  void close_question(std::string loss);
  void count_lost_answer(std::uint64_t tokens_received);

  // Time, and what all of them use: actors/task.cpp.
  void hold(bool now);
  void wait_for_deadline();
  hold_listener on_hold() const;
  std::chrono::milliseconds time_left() const;
  std::string hidden(const std::string& text) const;

  /// A request to a service whose error reply ends up in `failed`.
  template <class Reply, class Handle, class Message, class Then>
  void request(const Handle& service, Message message, Then then);

  task_actor::pointer self;
  task_setup setup;
  caf::typed_response_promise<task_outcome> promise;
  bool begun = false; ///< attempt and journal are known
  bool ending = false;

  /// It is to end so, once the journal has told what is known or the model's
  /// stream, stopped, what it cost.
  std::optional<std::pair<task_end, failure>> early_end;
  bool asking = false; ///< the model's answer is awaited
  std::string crash;   ///< what the exception said that ends this actor

  task_record record;
  int attempt = 1;
  wall_clock::time_point created;
  stage current = stage::recall;
  int tries = 0;                ///< of the current stage
  std::uint64_t generation = 0; ///< of the back-off timer
  task_ledger ledger;

  snapshot at;
  std::string push_url;   ///< the repository, or its fork
  github::fork fork;      ///< empty: none
  std::string branch_tip; ///< the push's lease; empty: no such branch
  int leases_lost = 0;
  int round = 1;
  shared_prompt prompt;
  int prompted = 0;                   ///< the round that `prompt` is for
  std::string feedback;               ///< of the last refusal
  bool waits_for_budget = false;      ///< with everything else ready
  bool fell_back = false;             ///< the fall-back model is asked
  std::vector<std::uint64_t> tickets; ///< of `setup.limits`, for one answer
  std::shared_ptr<const change_set> staged;
  std::map<std::string, int> misses; ///< refusals by path
  std::shared_ptr<const change_set> change;
  task_outcome outcome;
};

task_actor::behavior_type task(task_actor::stateful_pointer<task_state> self,
                               task_setup setup);

} // namespace pj
