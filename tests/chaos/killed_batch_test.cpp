// A batch whose process is killed again and again, with doubles that fail in
// every way: each task still ends once, with one branch and one pull request,
// no answer is paid for unnoticed, and every event arrives in order. In small
// in every test run; the big one by hand:
//   PJ_CHAOS_TASKS=1000 PJ_CHAOS_REPOSITORIES=50 PJ_CHAOS_KILLS=30 chaos_tests
#include "tests/pipeline/world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

using namespace pj;
using namespace pj::test;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

unsigned number(const char* name, unsigned usual) {
  const char* value = std::getenv(name);
  return value ? static_cast<unsigned>(std::strtoul(value, nullptr, 10))
               : usual;
}

constexpr const char* flaky = R"(
faults:
  - {face: model, kind: status, status: 429, headers: {retry-after-ms: "100"}, probability: 0.03}
  - {face: model, kind: reset, after: 300, probability: 0.02}
  - {face: model, kind: truncate, after: 300, probability: 0.02}
  - {face: model, kind: split, bytes: 7, probability: 0.1}
  - {face: github, kind: status, status: 502, probability: 0.03}
  - {face: github, kind: lost-response, method: POST, path: /pulls, probability: 0.05}
  - {face: webhook, kind: status, status: 503, probability: 0.05}
  - {face: git, kind: status, status: 503, probability: 0.02}
)";

mock_options unreliable() {
  mock_options o;
  o.fixtures = flaky;
  o.seed = number("PJ_CHAOS_SEED", 1);
  return o;
}

struct killed_batch : world {
  const unsigned tasks = number("PJ_CHAOS_TASKS", 100);
  const unsigned repositories = number("PJ_CHAOS_REPOSITORIES", 10);

  killed_batch() : world(unreliable()) {
    for (const char* name : {"TARGET_REPO", "TASK_ID", "AGENT_PROMPT"})
      environment.erase(name);
    std::ofstream lines(folder() / "many.jsonl");
    for (unsigned i = 0; i < tasks; ++i) {
      const auto name = "acme/r" + std::to_string(i % repositories);
      if (i < repositories)
        doubles.add_repository(name, {{"README.md", "# R\n\nText.\n"}});
      lines << json{{"TARGET_REPO", doubles.repository_url(name)},
                    {"TASK_ID", "t" + std::to_string(i)},
                    {"AGENT_PROMPT",
                     "Say in README.md what " + std::to_string(i) + " is"}}
                 .dump()
            << '\n';
    }
  }

  std::unique_ptr<program> go(bool first) const {
    const auto file = (folder() / "many.jsonl").string();
    std::vector<std::string> argv = {PJ_BINARY_DIR "/pj", "-q", "batch"};
    if (first)
      argv.insert(argv.end(), {"run", file});
    else
      argv.insert(argv.end(), {"resume", "many"});
    argv.insert(argv.end(), {"--format", "json"});
    return std::make_unique<program>(argv, environment);
  }

  double counter(const std::string& name) const {
    std::istringstream lines(doubles.metrics());
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with(name + ' '))
        return std::stod(line.substr(name.size() + 1));
    return 0;
  }

  /// Everything that reached the doubles, the coarsest clock there is.
  double progress() const {
    return counter("pj_mock_answers_total") + counter("pj_mock_pulls_total") +
           static_cast<double>(doubles.events().size());
  }

  bool has_journal() const {
    return std::filesystem::exists(state() / "batch" / "many" / "journal.db");
  }
};

/// Ends are told last; ids are told once.
void check_events(const killed_batch& w) {
  std::map<std::string, std::vector<std::string>> told;
  for (const auto& e : w.events())
    told[e["taskId"]].push_back(e["type"]);
  CHECK(told.size() == w.tasks);
  for (const auto& [task, types] : told) {
    INFO(task);
    const auto& last = types.back();
    CHECK((last == "task.completed" || last == "task.failed"));
    CHECK(std::count_if(types.begin(), types.end(), [](auto& t) {
            return t == "task.completed" || t == "task.failed";
          }) == 1);
  }
}

} // namespace

TEST_CASE("a batch that is killed at random moments loses nothing") {
  const killed_batch w;
  std::mt19937 random(number("PJ_CHAOS_SEED", 1));
  auto running = w.go(true);
  await("the journal", [&] { return w.has_journal(); });
  const auto all = static_cast<double>(w.tasks) * 10;
  for (auto kills = number("PJ_CHAOS_KILLS", 5); kills > 0; --kills) {
    const auto until = w.progress() + static_cast<double>(random() % 1'000) /
                                        1'000 * all /
                                        (static_cast<double>(kills) + 1);
    await("progress",
          [&] { return !running->running() || w.progress() >= until; });
    running->signal(SIGKILL);
    running->wait();
    running = w.go(false);
  }
  const auto x = running->wait(30min);
  INFO(x.err);
  const auto end = json::parse(x.out, nullptr, false);
  REQUIRE(end.is_object());
  CHECK(end["total"] == w.tasks);
  CHECK(end["waiting"] == 0);
  CHECK(end["running"] == 0);
  const auto succeeded = end["succeeded"].get<std::size_t>();
  CHECK(succeeded + end["failed"].get<std::size_t>() == w.tasks);
  CHECK(succeeded >= w.tasks * 9 / 10);
  std::set<std::string> branches;
  for (const auto& p : w.doubles.pulls())
    CHECK(branches.insert(p.repository + " " + p.head).second);
  CHECK(branches.size() == succeeded);
  double paid = 0;
  for (const auto& t : end["tasks"])
    paid += t["result"]["rounds"].get<double>() +
            t["result"].value("lost_answers", 0.0);
  CHECK(w.counter("pj_mock_answers_total") <= paid);
  check_events(w);
}
