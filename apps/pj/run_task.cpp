#include "apps/pj/run_task.hpp"

#include "actors/webhook.hpp"
#include "adapters/git/prune.hpp"
#include "adapters/log.hpp"
#include "adapters/process/scratch.hpp"
#include "adapters/standard_streams.hpp"
#include "adapters/store/sqlite_store.hpp"
#include "apps/pj/console.hpp"
#include "apps/pj/report.hpp"
#include "apps/pj/signals.hpp"
#include "core/url.hpp"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace pj {

namespace {

using namespace std::chrono_literals;

// CONTRACT: how long a finished `pj run` still tries to deliver its events.
constexpr auto delivery_grace = 60s;

// CONTRACT: how long KEEP_ALIVE keeps the workspace for debugging.
constexpr auto keep_alive_for = 15min;

/// What the main thread waits for.
class progress {
public:
  void ended(task_outcome outcome) {
    set([&] { outcome_ = std::move(outcome); });
  }
  void drained() {
    set([&] { drained_ = true; });
  }
  void interrupted() {
    set([&] { interrupted_ = true; });
  }

  task_outcome wait_for_end() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return outcome_.has_value(); });
    interrupted_ = false;
    return *outcome_;
  }

  /// False: time or a person's patience ran out first.
  bool wait_for_drain(std::chrono::seconds longest) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, longest, [&] { return drained_ || interrupted_; });
    return drained_;
  }

  void wait_for_signal(std::chrono::seconds longest) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, longest, [&] { return interrupted_; });
  }

private:
  template <class Change>
  void set(Change change) {
    const std::lock_guard lock(mutex_);
    change();
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<task_outcome> outcome_;
  bool drained_ = false;
  bool interrupted_ = false;
};

llm::endpoint endpoint_at(provider_id provider, const std::string& base_url,
                          const std::string& key) {
  const auto speaks = provider == provider_id::anthropic
                        ? llm::wire::messages
                        : llm::wire::chat_completions;
  return {provider, speaks, base_url, key};
}

int refuse(const task_input& input, bool json, const failure& why) {
  log_line(log_level::error, why.what);
  const auto& spec = input.spec;
  if (json)
    print_unusable(spec.id, spec.branch, why);
  if (why.code == failure_code::configuration) // runs already, and tells itself
    return 2;
  report_unusable({spec.webhook_url, input.secrets.webhook_secret, spec.id,
                   spec.branch, spec.workspace},
                  why.what);
  return 1;
}

failure interruption(const std::string& signal) {
  return {failure_class::cancelled,
          failure_code::interrupted,
          "interrupted by " + signal,
          {},
          {}};
}

void wait_for_events(house& engine, progress& state) {
  engine.drain([&state](std::uint64_t) { state.drained(); });
  if (state.wait_for_drain(delivery_grace))
    return;
  log_line(log_level::warning,
           "some events are not delivered; they stay in the outbox and go out "
           "when this TASK_ID is run again");
}

void stay_alive(const task_spec& spec, progress& state) {
  if (!spec.keep_alive)
    return;
  log_line(log_level::info, "KEEP_ALIVE: staying for 15 minutes; end with "
                            "Ctrl-C or SIGTERM");
  state.wait_for_signal(keep_alive_for);
}

void tidy_cache(const run_options& options) {
  const auto gone = prune_mirrors(mirrors_in(options.folders), options.cache);
  if (gone.mirrors > 0)
    log_line(log_level::info,
             "git cache: removed repositories not used lately (" +
               std::to_string(gone.bytes / 1'000'000) + " MB)");
}

} // namespace

std::filesystem::path mirrors_in(const user_folders& folders) {
  return folders.cache / "mirrors";
}

llm::endpoint endpoint_of(const task_input& input) {
  const auto& spec = input.spec;
  return endpoint_at(spec.provider, spec.model_base_url,
                     input.secrets.model_key);
}

std::optional<llm::endpoint> fallback_of(const task_input& input) {
  const auto& spec = input.spec;
  if (spec.fallback_model.empty())
    return std::nullopt;
  return endpoint_at(spec.fallback_provider, spec.fallback_base_url,
                     input.secrets.fallback_key);
}

void add_providers(const task_input& input, std::vector<llm::endpoint>& to) {
  const auto add = [&to](llm::endpoint one) {
    const auto same = [&one](const llm::endpoint& other) {
      return other.provider == one.provider && other.base_url == one.base_url;
    };
    if (std::none_of(to.begin(), to.end(), same))
      to.push_back(std::move(one));
  };
  add(endpoint_of(input));
  if (auto other = fallback_of(input))
    add(*std::move(other));
}

house_options engine_for(const task_input& input, const run_options& options,
                         const std::filesystem::path& folder) {
  house_options o;
  o.secrets = input.secrets;
  o.webhook_url = input.spec.webhook_url;
  o.webhook_max_age = input.spec.webhook_max_age;
  add_providers(input, o.providers);
  o.models = options.models;
  o.system_prompt = options.system_prompt;
  o.github_api = input.spec.github_api;
  if (const auto api = split_url(input.spec.github_api))
    o.github = github_pace::for_host(api->host);
  o.cache = mirrors_in(options.folders);
  o.scratch = folder / "scratch";
  o.hidden = {o.cache, options.folders.state, options.folders.config};
  if (const auto& app = input.secrets.github_app; !app.empty())
    o.hidden.emplace_back(app.key_path);
  o.kept = folder.parent_path();
  return o;
}

submit_task work_of(task_spec spec) {
  if (!spec.webhook_url.empty())
    spec.webhook_url = named_receiver;
  return {std::make_shared<const task_spec>(std::move(spec)), {}};
}

int run_task(const task_input& input, const run_options& options) {
  block_signals();
  const auto& spec = input.spec;
  const auto folder = options.folders.state / "run" / spec.id;
  auto store = open_store(folder / "journal.db");
  if (!store)
    return refuse(input, options.json, store.error());
  scratch_folder::remove(folder / "scratch"); // what a killed run left there
  auto parts = engine_for(input, options, folder);
  parts.store = *store;
  const auto screen =
    std::make_shared<console>(!options.json && !options.quiet);
  parts.watch = screen;
  // Outlives the engine: its callbacks may come as late as shut-down.
  progress state;
  house engine(std::move(parts));
  signal_watch signals([&](const std::string& name) {
    log_line(log_level::warning, name + ": stopping; once more ends at once");
    state.interrupted();
    engine.cancel(interruption(name));
  });
  log_line(log_level::debug, "journal: " + (folder / "journal.db").string());
  log_line(log_level::debug,
           "git cache: " + mirrors_in(options.folders).string());
  log_line(log_level::debug, "model: " + shown_url(spec.model_base_url));
  log_line(log_level::debug, "GitHub: " + shown_url(spec.github_api));
  engine.submit(work_of(spec),
                [&state](task_outcome x) { state.ended(std::move(x)); });
  auto outcome = state.wait_for_end();
  outcome.warnings.insert(outcome.warnings.begin(), input.warnings.begin(),
                          input.warnings.end());
  screen->wait_for({});
  print_outcome(outcome, spec, {options.json, options.quiet});
  screen->wait_for("Delivering events...");
  wait_for_events(engine, state);
  screen->wait_for({});
  if (outcome.why.code != failure_code::interrupted) {
    tidy_cache(options);
    stay_alive(spec, state);
  }
  const auto code = exit_code(outcome);
  if (!engine.shut_down()) {
    (*store)->flush();
    ::_exit(with_output_written(code));
  }
  return code;
}

} // namespace pj
