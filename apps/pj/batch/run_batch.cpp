#include "apps/pj/batch/run_batch.hpp"

#include "actors/webhook.hpp"
#include "adapters/files.hpp"
#include "adapters/log.hpp"
#include "adapters/process/scratch.hpp"
#include "adapters/standard_streams.hpp"
#include "apps/pj/batch/chronicle.hpp"
#include "apps/pj/batch/live_view.hpp"
#include "apps/pj/batch/open_pulls.hpp"
#include "apps/pj/batch/pressure.hpp"
#include "apps/pj/batch/report.hpp"
#include "apps/pj/batch/runner.hpp"
#include "apps/pj/batch/spending.hpp"
#include "apps/pj/signals.hpp"
#include "core/text.hpp"

#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <set>
#include <tuple>

namespace pj::batch {

namespace {

using namespace std::chrono_literals;

/// How many tasks are carried at once when the spec does not say.
constexpr unsigned usual_at_once = 64;

/// How long tasks that would lose a paid answer may go on after Ctrl-C.
constexpr auto patience = 30s;

/// How long events are waited for at the end; the rest goes out with the next
/// `pj batch resume`.
constexpr auto delivery_grace = 60s;

constexpr int interrupted_code = 75; // EX_TEMPFAIL of sysexits.h: try again
constexpr int budget_code = 5;

/// The environment as a task of the batch sees it: secrets and the receiver.
result<task_input> surroundings(const task_spec& first, const run_how& how) {
  auto known = how.known;
  auto set = [&known](const char* name, const std::string& value) {
    known[name] = {value, "the batch"};
  };
  set("TARGET_REPO", first.repo.text);
  set("TASK_ID", first.id);
  set("AGENT_PROMPT", first.prompt);
  set("MODEL_PROVIDER", std::string(to_string(first.provider)));
  set("MODEL", first.model);
  set("FALLBACK_MODEL", first.fallback_model.empty()
                          ? ""
                          : std::string(to_string(first.fallback_provider)) +
                              '/' + first.fallback_model);
  auto input = read_task(known, how.options.models);
  if (!input)
    return input.error();
  if (input->spec.webhook_url.empty() && !first.webhook_url.empty())
    return configuration_failure(
      "WEBHOOK_URL is not set, but the batch was begun with a "
      "receiver: journals do not hold its address, so set it");
  auto spec = first;
  spec.webhook_url = input->spec.webhook_url;
  input->spec = std::move(spec);
  return input;
}

/// Whom the tasks ask, with the keys of the environment.
result<std::vector<llm::endpoint>>
providers_of(const std::vector<accepted_task>& tasks, const run_how& how) {
  std::vector<llm::endpoint> out;
  std::set<std::tuple<provider_id, std::string, std::string, provider_id>> seen;
  for (const auto& task : tasks) {
    const auto& spec = task.spec;
    const auto fallback =
      spec.fallback_model.empty() ? "" : spec.fallback_base_url;
    if (!seen
           .emplace(spec.provider, spec.model_base_url, fallback,
                    spec.fallback_provider)
           .second)
      continue;
    auto input = surroundings(spec, how);
    if (!input)
      return input.error();
    add_providers(*input, out);
  }
  return out;
}

void limit(house_options& engine, const stage_limits& n) {
  engine.max_running = fit_to_machine(n.tasks.value_or(usual_at_once));
  if (n.fetch || n.push)
    engine.git_threads = n.fetch.value_or(*n.push);
  if (n.validate)
    engine.check_threads = *n.validate;
  if (n.llm)
    engine.limits.width = *n.llm;
}

std::deque<submit_task> work(const std::vector<accepted_task>& tasks,
                             const terms& how) {
  std::deque<submit_task> out;
  for (const auto& task : tasks) {
    auto spec = task.spec;
    spec.dry_run = how.planning;
    auto one = work_of(std::move(spec));
    one.group = how.name;
    one.waiting_is_free = true;
    out.push_back(std::move(one));
  }
  return out;
}

/// The page for people beside the journal; that there is none is told.
void write_page(const accepted& all, const run_how& how) {
  const auto folder = folder_of(how.options.folders.state, all.how.name);
  const auto path = page_of(folder);
  const auto page = page_about(all, folder);
  const auto written = page ? write_whole_file(path, *page) : page.error();
  if (written)
    log_line(log_level::info, "report: " + path.string());
  else
    log_line(log_level::warning, "no report: " + written.error().what);
}

/// What the journal says now, and why it is not done; failures to read it are
/// told.
int report(const journal_ptr& journal, const runner& how_far,
           const run_how& how) {
  const auto now = load(journal);
  if (!now) {
    log_line(log_level::error, now.error().what);
    return 1;
  }
  auto all = summary_of(*now);
  all.stopped = how_far.stopped();
  const auto go_on = "`pj batch resume " + now->how.name + "` goes on";
  if (how_far.out_of_room())
    all.stopped += ": merge or close some, then " + go_on;
  if (how_far.stopped_by() == failure_code::journal)
    all.stopped += ", then " + go_on;
  const auto text = render(all, how.form);
  write_out(text);
  std::fflush(stdout);
  write_page(*now, how);
  const auto n = count(all);
  return n.failed + n.cancelled + n.waiting + n.running == 0 ? 0 : 1;
}

/// What people see of a batch that is about to go on with `todo`.
live_start start_of(const accepted& all,
                    const std::vector<accepted_task>& todo) {
  live_start out;
  out.total = all.tasks.size();
  out.ended = out.total - todo.size();
  out.max_spent = all.how.max_cost;
  out.spent = all.how.before.usd;
  std::set<std::string_view> again;
  for (const auto& task : todo)
    again.insert(task.spec.id);
  for (const auto& task : all.tasks) {
    out.names[task.spec.id] = shown_repository(task.spec.repo);
    if (!task.outcome || again.contains(task.spec.id))
      continue;
    out.failed += task.at == standing::failed ? 1 : 0;
    out.spent += task.outcome->cost_usd.value_or(0);
  }
  return out;
}

int carry(const journal_ptr& journal, const accepted& all,
          const std::vector<accepted_task>& todo, const run_how& how,
          house_options parts, pull_room room) {
  const auto folder = folder_of(how.options.folders.state, all.how.name);
  const auto log = task_log::open(log_of(folder));
  if (!log) {
    log_line(log_level::error, log.error().what);
    return 1;
  }
  scratch_folder::remove(folder / "scratch"); // what a killed run left there
  limit(parts, all.how.at_once);
  parts.store = journal;
  parts.kept = folder / "kept";
  const auto view = std::make_shared<live_view>(
    start_of(all, todo), STDERR_FILENO, look_at_terminal(STDERR_FILENO));
  const auto story = std::make_shared<chronicle>(*log, view);
  story->begins(todo.size());
  parts.watch = story;
  const auto at_once = parts.max_running;
  runner flow(
    at_once,
    [view, story](const task_outcome& x) {
      story->ended(x);
      view->ended(x);
    },
    std::move(room),
    [watch = std::make_shared<memory_watch>()] { return watch->is_short(); });
  bool idle = false;
  bool quiet = false;
  std::stop_source interrupted;
  {
    house engine(std::move(parts));
    const signal_watch signals([&](const std::string& name) {
      log_line(log_level::warning,
               name + ": no further task is begun, running ones have " +
                 std::to_string(patience.count()) +
                 " s; once more ends at once; `pj batch resume " +
                 all.how.name + "` goes on");
      interrupted.request_stop();
      flow.interrupt("interrupted by " + name, patience);
    });
    view->ask_forecast_of(
      [&engine](auto then) { engine.forecast(std::move(then)); });
    flow.start(
      [&engine](submit_task what, auto then) {
        engine.submit(std::move(what), std::move(then));
      },
      work(todo, all.how));
    idle = flow.wait();
    story->closes();
    view->only("Delivering events...");
    if (idle && !wait_for_events(engine, interrupted.get_token()))
      log_line(log_level::warning,
               "some events are not delivered; they stay in the outbox and go "
               "out with `pj batch resume " +
                 all.how.name + "`");
    quiet = engine.shut_down();
  }
  view->only({});
  story->ends(flow.stopped());
  journal->flush();
  auto code = report(journal, flow, how);
  if (flow.stopped_by() == failure_code::budget)
    code = budget_code;
  if (interrupted.stop_requested() || flow.out_of_room() ||
      flow.stopped_by() == failure_code::journal)
    code = interrupted_code;
  if (!quiet)
    ::_exit(code);
  return code;
}

} // namespace

bool wait_for_events(house& engine, const std::stop_token& stop) {
  struct waiting {
    std::mutex mutex;
    std::condition_variable_any changed;
    bool over = false;
  };
  const auto state = std::make_shared<waiting>();
  engine.drain([state](std::uint64_t) {
    const std::lock_guard lock(state->mutex);
    state->over = true;
    state->changed.notify_all();
  });
  std::unique_lock lock(state->mutex);
  return state->changed.wait_for(lock, stop, delivery_grace,
                                 [&] { return state->over; });
}

int run_batch(const journal_ptr& journal, const accepted& all,
              const std::vector<accepted_task>& todo, const run_how& how) {
  runner flow(all.how.at_once.tasks.value_or(usual_at_once), {});
  if (todo.empty() && !has_undelivered_events(journal))
    return report(journal, flow, how);
  auto spending = spending_left(journal, all, todo);
  if (!spending && spending.error().code != failure_code::budget) {
    log_line(log_level::error, spending.error().what);
    return 1;
  }
  if (!spending) {
    flow.stop_starting(spending.error().what);
    report(journal, flow, how);
    return budget_code;
  }
  const auto& any = todo.empty() ? all.tasks : todo;
  const auto input = surroundings(any.front().spec, how);
  auto providers = input ? providers_of(any, how) : input.error();
  if (!providers) {
    for (const auto line : split(providers.error().what, '\n'))
      log_line(log_level::error, line);
    return 2;
  }
  auto room = look_for_room(all, *input);
  if (!room) {
    log_line(log_level::error, room.error().what);
    return room.error().kind == failure_class::fail ? 1 : interrupted_code;
  }
  const auto folder = folder_of(how.options.folders.state, all.how.name);
  auto parts = engine_for(*input, how.options, folder);
  parts.providers = *std::move(providers);
  parts.spending = *std::move(spending);
  return carry(journal, all, todo, how, std::move(parts), *std::move(room));
}

} // namespace pj::batch
