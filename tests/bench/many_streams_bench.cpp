// How many answers one engine streams at once: 10,000 tasks stand in the stage
// `llm`, each with its question ready; then all streams open, over real
// sockets, to pj-mock in a process of its own, and each takes 20 s. Prints from
// the first stream opened to the last closed, memory and CPU per task. Git is
// in memory here, as it would set the pace; `tasks_bench.sh` has it all.
//   many_streams_bench [TASKS [plain|tls]]
#include "adapters/http/llm_client.hpp"
#include "adapters/process/scratch.hpp"
#include "adapters/store/sqlite_store.hpp"
#include "apps/pj/load/imposter.hpp"
#include "apps/pj/run_task.hpp"
#include "tests/support/memory_tree.hpp"

#include <nlohmann/json.hpp>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <thread>

namespace {

using namespace pj;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// An answer of 40 events, two a second.
constexpr double seconds_each = 20;
constexpr unsigned answer_events = 40;

/// Of this process now, in bytes.
double resident() {
  std::ifstream statm("/proc/self/statm");
  double all = 0;
  double pages = 0;
  statm >> all >> pages;
  return pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  return static_cast<double>(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
         static_cast<double>(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
}

/// Nobody watches.
struct blind final : observer {
  void stage(const std::string&, pj::stage, std::string_view) override {}
  void text(const std::string&, std::string_view) override {}
  void note(const std::string&, log_kind, std::string_view) override {}
  void held(const std::string&, bool) override {}
};

/// One small repository, always at the same commit.
class memory_git : public git_port {
public:
  memory_git()
    : tree_(std::make_shared<memory_tree>(
        memory_tree{{"README.md", "# Load\n\nA repository to try tasks on.\n"},
                    {"src/greeting.py",
                     "def greet(name):\n    return f\"Hello, {name}!\"\n"}})) {}

  result<snapshot> fetch(const fetch_request& what, std::stop_token) override {
    return at(what.base);
  }
  result<snapshot> reopen(const git_remote_spec&, const std::string& base,
                          const std::string&, std::stop_token) override {
    return at(base);
  }
  result<std::optional<branch_tip>>
  tip(const git_remote_spec&, const std::string&, std::stop_token) override {
    return std::optional<branch_tip>{};
  }
  result<std::string> commit_id(const commit_request&,
                                std::stop_token) override {
    return std::string(40, 'c');
  }
  result<std::string> push(const push_request&, std::stop_token) override {
    return std::string(40, 'c');
  }
  result<kept_commit> keep(const commit_request&, const std::string&,
                           const std::filesystem::path& folder) override {
    return kept_commit{std::string(40, 'c'), folder, folder / "patch"};
  }
  result<done> check_out(const snapshot&, const change_set*,
                         const std::filesystem::path&,
                         std::stop_token) override {
    return done{};
  }

private:
  snapshot at(const std::string& base) const {
    return {tree_, base, std::string(40, 'b'), {}, {}};
  }

  std::shared_ptr<const source_tree> tree_;
};

/// Holds questions back until all are there, then opens all streams.
class gate : public llm_port {
public:
  gate(std::shared_ptr<llm_port> behind, std::size_t expected)
    : behind_(std::move(behind)), expected_(expected) {}

  llm_operation start(llm_call call, llm_handler handler) override {
    const std::lock_guard lock(mutex_);
    handler.end = [this, then = std::move(handler.end)](llm_outcome x) {
      over(x);
      then(std::move(x));
    };
    if (open_)
      return behind_->start(std::move(call), std::move(handler));
    held_.emplace_back(std::move(call), std::move(handler));
    changed_.notify_all();
    return held_.size();
  }

  void cancel(llm_operation) override {}

  bool wait_until_full(std::chrono::seconds longest) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, longest,
                             [this] { return held_.size() == expected_; });
  }

  void open() {
    std::vector<std::pair<llm_call, llm_handler>> all;
    {
      const std::lock_guard lock(mutex_);
      open_ = true;
      opened_ = clock::now();
      all.swap(held_);
    }
    for (auto& [call, handler] : all)
      behind_->start(std::move(call), std::move(handler));
  }

  std::size_t ended() const {
    const std::lock_guard lock(mutex_);
    return ended_;
  }

  std::size_t failed() const {
    const std::lock_guard lock(mutex_);
    return failed_;
  }

  double seconds() const {
    const std::lock_guard lock(mutex_);
    return std::chrono::duration<double>(last_ - opened_).count();
  }

private:
  void over(const llm_outcome& x) {
    const std::lock_guard lock(mutex_);
    ++ended_;
    failed_ += !x.answer;
    if (!x.answer && failed_ == 1)
      std::fprintf(stderr, "%s\n", x.answer.error().what.c_str());
    last_ = clock::now();
  }

  const std::shared_ptr<llm_port> behind_;
  const std::size_t expected_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<llm_call, llm_handler>> held_;
  bool open_ = false;
  clock::time_point opened_;
  clock::time_point last_;
  std::size_t ended_ = 0;
  std::size_t failed_ = 0;
};

/// A change that fits, in as many words as events: pj-mock sends one each.
std::string answers() {
  std::string said = "README.md\n<<<<<<< SEARCH\n# Load\n=======\n# Load";
  for (unsigned words = 10; words < answer_events; ++words)
    said += " word";
  said += "\n>>>>>>> REPLACE";
  const nlohmann::json fixtures = {
    {"latency", 0},
    {"tokens_per_second", (answer_events - 1) / seconds_each},
    {"answers", {{{"match", {"number"}}, {"text", said}}}}};
  return fixtures.dump(); // JSON is YAML
}

result<task_input> task(const std::map<std::string, std::string>& environment,
                        std::size_t number, const llm::model_table& models) {
  settings known;
  for (const auto& [name, value] : environment)
    known[name] = {value, "bench"};
  known.erase("WEBHOOK_URL");
  known["TARGET_REPO"] = {"https://localhost/load/r1.git", "bench"};
  known["TASK_ID"] = {"stream-" + std::to_string(number), "bench"};
  known["AGENT_PROMPT"] = {"Say what number " + std::to_string(number) + " is",
                           "bench"};
  known["SKIP_PUSH_TO_REMOTE"] = {"true", "bench"};
  return read_task(known, models);
}

class crowd {
public:
  explicit crowd(std::size_t count) : left_(count) {}

  void ended() {
    const std::lock_guard lock(mutex_);
    --left_;
    changed_.notify_all();
  }

  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return left_ == 0; });
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t left_;
};

void measure(std::size_t count, bool tls) {
  const scratch_folder scratch(std::filesystem::temp_directory_path(),
                               "pj-bench-");
  const load::imposter doubles(
    scratch.path(), answers(), 1, 1, PJ_BINARY_DIR "/pj-mock",
    tls ? std::vector<std::string>{"--tls"} : std::vector<std::string>{});
  const auto models = llm::model_table::built_in();
  auto any = task(doubles.environment(), 0, models);
  if (!any)
    throw std::runtime_error(any.error().what);
  run_options options{{scratch.path(), scratch.path(), scratch.path()},
                      {},
                      models,
                      {},
                      false,
                      true};
  auto parts = engine_for(*any, options, scratch.path());
  auto store = open_store(scratch.path() / "journal.db");
  if (!store)
    throw std::runtime_error(store.error().what);
  parts.store = *store;
  parts.git = std::make_shared<memory_git>();
  parts.watch = std::make_shared<blind>();
  parts.max_running = count;
  parts.limits.width = parts.limits.first_width = count;
  http_client_options web;
  if (tls) {
    std::ifstream authority(doubles.authority());
    web.tls.extra_roots.assign(std::istreambuf_iterator<char>(authority), {});
  }
  const auto http = make_http_client(web);
  const auto streams = std::make_shared<gate>(make_llm_client(http), count);
  parts.llm = streams;
  crowd tasks(count);
  house engine(std::move(parts));
  const auto before = resident();
  for (std::size_t i = 1; i <= count; ++i) {
    auto input = task(doubles.environment(), i, models);
    engine.submit(work_of(input->spec),
                  [&tasks](const task_outcome&) { tasks.ended(); });
  }
  if (!streams->wait_until_full(300s))
    throw std::runtime_error("not every task came to ask");
  const auto waiting = resident();
  const auto cpu = cpu_seconds();
  streams->open();
  double most = waiting;
  while (streams->ended() < count) {
    most = std::max(most, resident());
    std::this_thread::sleep_for(100ms);
  }
  tasks.wait();
  const auto n = static_cast<double>(count);
  std::printf("%-5s %6zu streams of %.0f s: %zu failed, first opened to last "
              "closed %.1f s (x%.2f), %.1f KB a task in memory (%.1f before "
              "its stream), %.2f ms CPU a task\n",
              tls ? "TLS" : "plain", count, seconds_each, streams->failed(),
              streams->seconds(), streams->seconds() / seconds_each,
              (most - before) / n / 1024, (waiting - before) / n / 1024,
              (cpu_seconds() - cpu) * 1e3 / n);
  std::fflush(stdout);
  engine.shut_down();
  http->shutdown();
}

/// In a process of its own, so that memory is counted from a clean start.
bool measure_apart(std::size_t count, bool tls) {
  const auto child = fork();
  if (child == 0) {
    try {
      measure(count, tls);
      std::_Exit(EXIT_SUCCESS);
    } catch (const std::exception& e) {
      std::fprintf(stderr, "many_streams_bench: %s\n", e.what());
      std::_Exit(EXIT_FAILURE);
    }
  }
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

} // namespace

int main(int argc, char** argv) {
  const std::size_t count =
    argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000;
  if (argc > 2) { // for a profiler
    measure(count, argv[2] == std::string_view("tls"));
    return EXIT_SUCCESS;
  }
  const bool plain = measure_apart(count, false);
  const bool tls = measure_apart(count, true);
  return plain && tls ? EXIT_SUCCESS : EXIT_FAILURE;
}
