#include "apps/pj/load/load.hpp"

#include "adapters/log.hpp"
#include "adapters/process/scratch.hpp"
#include "adapters/standard_streams.hpp"
#include "apps/pj/batch/begun.hpp"
#include "apps/pj/batch/live_view.hpp"
#include "apps/pj/batch/runner.hpp"
#include "apps/pj/load/profile.hpp"
#include "apps/pj/load/report.hpp"
#include "apps/pj/signals.hpp"

#include <CLI/CLI.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <memory>

namespace pj::load {

namespace {

using namespace std::chrono_literals;

struct load_flags {
  std::string profile = "smoke";
  unsigned tasks = 0;   ///< 0: as the profile says
  unsigned at_once = 0; ///< 0: as the profile says
  unsigned repositories = 10;
  std::uint64_t seed = 1;
  bool json = false;
  std::string store; ///< a file that gets the JSON line, too
};

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
}

rusage used() {
  rusage out{};
  ::getrusage(RUSAGE_SELF, &out);
  return out;
}

/// A home of its own: no task of a person, no cache of theirs is touched.
user_folders folders_in(const std::filesystem::path& scratch) {
  return {scratch / "config", scratch / "state", scratch / "cache"};
}

result<std::deque<submit_task>> tasks_for(const imposter& doubles,
                                          const run_options& options,
                                          unsigned n, task_input& any) {
  std::deque<submit_task> out;
  for (unsigned i = 0; i < n; ++i) {
    settings known;
    for (const auto& [name, value] : doubles.environment())
      known[name] = {value, "pj load"};
    const auto& all = doubles.repositories();
    known["TARGET_REPO"] = {all[i % all.size()], "pj load"};
    known["TASK_ID"] = {"load-" + std::to_string(i + 1), "pj load"};
    known["AGENT_PROMPT"] = {"Say in README.md what number " +
                               std::to_string(i + 1) + " is for",
                             "pj load"};
    auto input = read_task(known, options.models);
    if (!input)
      return input.error();
    out.push_back(work_of(input->spec));
    any = std::move(*input);
  }
  return out;
}

class drive {
public:
  drive(const load_flags& flags, const profile& how, run_options options)
    : flags_(flags), how_(how), options_(std::move(options)) {
    out_.profile = how.name;
    out_.seed = flags.seed;
    out_.tasks = flags.tasks ? flags.tasks : how.tasks;
    out_.at_once = flags.at_once ? flags.at_once : how.at_once;
    out_.repositories = flags.repositories;
  }

  result<measured> run(const std::filesystem::path& scratch) {
    const imposter doubles(scratch, how_.fixtures, flags_.repositories,
                           flags_.seed);
    options_.folders = folders_in(scratch);
    task_input any;
    auto tasks = tasks_for(doubles, options_, out_.tasks, any);
    if (!tasks)
      return tasks.error();
    auto store = open_store(scratch / "journal.db");
    if (!store)
      return store.error();
    const auto before = used();
    const auto begun = std::chrono::steady_clock::now();
    if (auto done = work(std::move(*tasks), *store, scratch, any); !done)
      return done.error();
    const auto after = used();
    out_.cpu_seconds = seconds(after.ru_utime) + seconds(after.ru_stime) -
                       seconds(before.ru_utime) - seconds(before.ru_stime);
    out_.peak_mb = static_cast<double>(after.ru_maxrss) / 1024;
    out_.peak_mb_before = static_cast<double>(before.ru_maxrss) / 1024;
    out_.wall_seconds = std::chrono::duration<double>(ended_ - begun).count();
    auto there = doubles.count();
    if (!there)
      return there.error();
    out_.there = *there;
    return out_;
  }

private:
  result<done> work(std::deque<submit_task> tasks,
                    const std::shared_ptr<open_journal>& store,
                    const std::filesystem::path& scratch,
                    const task_input& any) {
    auto parts = engine_for(any, options_, scratch);
    parts.store = store;
    parts.max_running = out_.at_once;
    const auto view = std::make_shared<batch::live_view>(
      batch::live_start{tasks.size(), 0, 0, 0, {}, {}}, STDERR_FILENO,
      look_at_terminal(STDERR_FILENO));
    const auto watch = std::make_shared<stopwatch>(view);
    parts.watch = watch;
    batch::runner flow(out_.at_once, [&](const task_outcome& x) {
      watch->ended(x.task);
      count(x);
      view->ended(x);
    });
    std::stop_source interrupted;
    house engine(std::move(parts));
    const signal_watch signals([&](const std::string& name) {
      interrupted.request_stop();
      flow.interrupt("interrupted by " + name, 0s);
    });
    flow.start(
      [&engine](submit_task what, auto then) {
        engine.submit(std::move(what), std::move(then));
      },
      std::move(tasks));
    const bool idle = flow.wait();
    ended_ = std::chrono::steady_clock::now();
    view->only("Delivering events...");
    if (idle && flow.stopped().empty())
      batch::wait_for_events(engine, interrupted.get_token());
    view->only({});
    out_.retries = watch->retries();
    out_.times = watch->times();
    const bool quiet = engine.shut_down();
    if (flow.stopped().empty() && quiet)
      return done{};
    return failure{failure_class::cancelled,
                   failure_code::interrupted,
                   quiet ? flow.stopped() : "a call did not end",
                   {},
                   {}};
  }

  void count(const task_outcome& x) {
    ++(x.end == task_end::succeeded ? out_.succeeded : out_.failed);
    out_.answers += static_cast<std::size_t>(x.rounds) +
                    static_cast<std::size_t>(x.lost_answers);
  }

  const load_flags& flags_;
  const profile& how_;
  run_options options_;
  measured out_;
  std::chrono::steady_clock::time_point ended_;
};

void store_line(const std::string& file, const measured& x) {
  if (file.empty())
    return;
  std::ofstream out(file, std::ios::app);
  out << to_json(x);
  if (!out.flush())
    log_line(log_level::warning, file + ": cannot be written");
}

int run(const load_flags& flags, const settings& environment) {
  const auto how = profile_of(flags.profile);
  if (!how)
    return batch::complain(how.error());
  auto ready = batch::prepare({}, environment);
  if (!ready)
    return batch::complain(ready.error());
  block_signals();
  const scratch_folder scratch(std::filesystem::temp_directory_path(),
                               "pj-load-");
  if (scratch.path().empty()) {
    log_line(log_level::error,
             "no scratch folder can be made below " +
               std::filesystem::temp_directory_path().string());
    return 1;
  }
  ready->options.system_prompt = {};
  const auto x =
    drive(flags, *how, std::move(ready->options)).run(scratch.path());
  if (!x) {
    batch::complain(x.error());
    return x.error().code == failure_code::interrupted ? 130 : 1;
  }
  const auto text = flags.json ? to_json(*x) : to_text(*x);
  write_out(text);
  store_line(flags.store, *x);
  return held(promises_of(*x)) ? 0 : 1;
}

std::string footer() {
  std::string out = "Profiles:\n";
  for (const auto& p : profiles()) {
    auto name = std::string(p.name);
    name.resize(8, ' ');
    out += "  " + name + std::string(p.what) + " (" + std::to_string(p.tasks) +
           " tasks, " + std::to_string(p.at_once) + " at once)\n";
  }
  return out + "\nThe doubles are a process of their own (pj-mock), on free "
               "ports of 127.0.0.1; nothing\nleaves this machine and nothing "
               "stays. Exit codes: 0 every promise was held, 1 one was\nnot, 2 "
               "usage, 130 interrupted.";
}

} // namespace

void add_load(CLI::App& app, const settings& environment, int& exit_code) {
  auto* verb = app.add_subcommand(
    "load", "Measure the engine: many tasks against doubles of everything");
  const auto flags = std::make_shared<load_flags>();
  verb->add_option("--profile", flags->profile, "How the doubles behave")
    ->capture_default_str();
  verb->add_option("--tasks", flags->tasks, "How many")
    ->check(CLI::Range(1, 100'000));
  verb->add_option("--concurrency", flags->at_once, "How many at once")
    ->check(CLI::Range(1, 10'000));
  verb->add_option("--repositories", flags->repositories, "Of how many")
    ->check(CLI::Range(1, 1'000))
    ->capture_default_str();
  verb->add_option("--seed", flags->seed, "Of all that is random")
    ->capture_default_str();
  verb->add_flag("--json", flags->json, "One JSON line for machines");
  verb->add_option("--store", flags->store,
                   "Add the JSON line to this file, too");
  verb->footer(footer());
  verb->callback([flags, &environment, &exit_code] {
    exit_code = run(*flags, environment);
  });
}

} // namespace pj::load
