#pragma once
#include "actors/engine.hpp"
#include "actors/keeper.hpp"
#include "actors/observer.hpp"
#include "actors/purse.hpp"
#include "adapters/git/port.hpp"
#include "adapters/http/client.hpp"
#include "adapters/http/llm_port.hpp"
#include "adapters/process/port.hpp"
#include "adapters/store/port.hpp"
#include "adapters/work_pool.hpp"
#include "core/llm/models.hpp"
#include "core/policy/github_pacer.hpp"
#include "core/policy/rate_limiter.hpp"
#include "core/spec/task_spec.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pj {

/// What the engine needs from outside. `house` builds it, tests replace it.
struct house_options {
  task_secrets secrets;
  std::vector<llm::endpoint> providers; ///< whom tasks ask, each once
  llm::model_table models;
  shared_text system_prompt;     ///< text; empty: the built-in one
  std::filesystem::path cache;   ///< mirrors
  std::filesystem::path scratch; ///< work trees for checks
  std::filesystem::path kept;    ///< commits that are not pushed, by task
  std::vector<std::filesystem::path> hidden; ///< from validation commands
  std::shared_ptr<store_port> store;
  std::shared_ptr<observer> watch;
  std::shared_ptr<git_port> git; ///< empty: libgit2
  std::shared_ptr<llm_port> llm; ///< empty: over HTTP
  std::string webhook_url;       ///< what `named_receiver` stands for
  std::chrono::milliseconds webhook_max_age{0}; ///< 0: none
  delivery_schedule webhook_schedule = delivery_schedule::short_lived();
  rate_limiter_config limits; ///< of each model provider
  github_pace github = github_pace::none();
  std::string github_api;               ///< where a GitHub App gets its tokens
  std::vector<spending_limit> spending; ///< of all tasks together
  std::size_t max_running = 1'000;
  std::size_t git_threads = 2;
  std::size_t cpu_threads = 2;   ///< prompts and patches
  std::size_t check_threads = 2; ///< validation commands
};

/// The whole engine in one process: threads, adapters, services behind their
/// keepers. Starts when made; `shut_down` ends it in order.
class house {
public:
  /// Throws `std::runtime_error` with one line when a part cannot be made.
  explicit house(house_options options);
  ~house();

  house(const house&) = delete;
  house& operator=(const house&) = delete;

  /// Runs one task; `then` is called once, on an engine thread.
  void submit(submit_task what, std::function<void(task_outcome)> then);

  /// Ends every task; their outcomes still come.
  void cancel(failure why);

  /// Calls back once no event is left to deliver, with how many were given up.
  void drain(std::function<void(std::uint64_t given_up)> then);

  /// Calls back with how long GitHub's pace makes open pull requests wait, as
  /// one line; not at all while the service is away.
  void forecast(std::function<void(std::string line)> then);

  /// Tasks end where they are: what has not ended goes on when it is submitted
  /// again. The engine first, then I/O, the threads and the services. False: a
  /// blocking call did not return in time; end the process with `_exit`.
  bool shut_down();

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace pj
