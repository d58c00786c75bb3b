// What `pj batch logs` tells of a batch.
#include "batch_world.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <csignal>

using namespace pj;
using namespace pj::test;
using nlohmann::json;

namespace {

/// The lines of `pj batch logs greet … --json`.
std::vector<json> log_lines(const batch_world& w, const std::string& task) {
  std::vector<std::string> words = {"logs", "greet", "--json"};
  if (!task.empty())
    words.push_back(task);
  const auto x = w.batch(words)->wait();
  INFO(x.err);
  CHECK(x.code == 0);
  std::vector<json> out;
  for (const auto line : split(trimmed(x.out), '\n'))
    out.push_back(json::parse(line));
  return out;
}

/// "stage fetch", "step", … in order.
std::vector<std::string> course(const std::vector<json>& lines) {
  std::vector<std::string> out;
  for (const auto& x : lines)
    out.push_back(x["kind"].get<std::string>() +
                  (x.contains("stage")   ? ' ' + x["stage"].get<std::string>()
                   : x.contains("state") ? ' ' + x["state"].get<std::string>()
                                         : ""));
  return out;
}

bool told(const std::vector<json>& lines, std::string_view kind,
          std::string_view part) {
  for (const auto& x : lines)
    if (x["kind"] == kind && has(x["text"].get<std::string>(), part))
      return true;
  return false;
}

/// The state that the last end tells of.
std::string last_end(const std::vector<json>& lines) {
  std::string out;
  for (const auto& x : lines)
    out = x.value("state", out);
  return out;
}

std::size_t asked(const std::vector<json>& lines) {
  std::size_t n = 0;
  for (const auto& x : lines)
    n += x.value("stage", "") == "ask" ? 1 : 0;
  return n;
}

} // namespace

TEST_CASE("a batch's log says what happened to each task, in order") {
  batch_world w(3);
  w.doubles.add_fault("{face: model, kind: status, status: 503, times: 1}");
  const auto all = w.summary({"run", w.spec()}, 0);
  bool retried = false;
  for (const auto& t : all["tasks"]) {
    auto lines = log_lines(w, t["task"]);
    for (const auto& x : lines)
      CHECK(x["task"] == t["task"]);
    retried = retried || told(lines, "retry", "503");
    CHECK(told(lines, "step", "recorded answer.1"));
    CHECK(told(lines, "event", "_end is delivered"));
    std::erase_if(lines, [](const json& x) {
      return x["kind"] != "stage" && x["kind"] != "end";
    });
    // A stage that is tried again begins again.
    auto all_stages = course(lines);
    all_stages.erase(std::unique(all_stages.begin(), all_stages.end()),
                     all_stages.end());
    CHECK(all_stages == std::vector<std::string>{
                          "stage fetch", "stage branch", "stage ask",
                          "stage place", "stage check", "stage publish",
                          "stage open_pr", "end succeeded"});
  }
  CHECK(retried);
  const auto whole = log_lines(w, "");
  CHECK(whole.front()["run"] == "begin");
  CHECK(whole.back()["run"] == "end");
  for (std::size_t i = 1; i < whole.size(); ++i)
    CHECK(whole[i - 1]["at"] <= whole[i]["at"]);
}

TEST_CASE("a batch's log outlives a kill, is read meanwhile, and goes on") {
  batch_world w(2);
  w.doubles.add_fault("{face: model, kind: stall, after: 1, times: 2}");
  const auto running = w.batch({"run", w.spec()});
  await("both questions", [&] { return w.requests("model") == 2; });
  CHECK(asked(log_lines(w, "")) == 2);
  running->signal(SIGKILL);
  running->wait();
  const auto before = log_lines(w, "");
  CHECK(asked(before) == 2);
  std::ofstream(w.state() / "batch/greet/log.jsonl", std::ios::app)
    << R"({"at":"2026-)";
  CHECK(w.summary({"resume", "greet"}, 0)["succeeded"] == 2);
  const auto after = log_lines(w, "");
  CHECK(std::equal(before.begin(), before.end(), after.begin()));
  CHECK(told(after, "warning", "going on where an earlier run stopped"));
  CHECK(after.back()["run"] == "end");
}

TEST_CASE("a batch's log tells of failures, harmlessly, and of cancelling") {
  batch_world w(2);
  w.doubles.add_fault("{face: github, kind: status, status: 403, method: POST, "
                      "path: r2/pulls, times: 1, body: '{\"message\":"
                      "\"Resource \\u001b[2J not accessible\"}'}");
  const auto all = w.summary({"run", w.spec()}, 1);
  const auto failed = all["tasks"][1]["task"].get<std::string>();
  const auto lines = log_lines(w, failed);
  CHECK(last_end(lines) == "failed");
  const auto text = w.batch({"logs", "greet", failed})->wait().out;
  CHECK(has(text, "  end      failed: "));
  CHECK_FALSE(has(text, "\x1b"));
  w.doubles.add_fault("{face: model, kind: stall, after: 1}");
  const auto again = w.batch({"retry", "greet", "--failed"});
  await("the second try", [&] { return asked(log_lines(w, failed)) == 2; });
  again->signal(SIGKILL);
  again->wait();
  CHECK(w.batch({"cancel", "greet"})->wait().code == 0);
  CHECK(last_end(log_lines(w, failed)) == "cancelled");
  CHECK(log_lines(w, "").back()["run"] == "end");
}

TEST_CASE("a batch's log and page hold no secret") {
  batch_world w(1);
  const auto key = w.environment.at("OPENAI_API_KEY");
  w.doubles.add_fault("{face: model, kind: status, status: 503, times: 9, "
                      "body: '{\"error\":{\"message\":\"key " +
                      key + " is tired\"}}'}");
  w.batch({"run", w.spec()})->wait();
  for (const auto* name : {"log.jsonl", "report.html"}) {
    std::ifstream file(w.state() / "batch/greet" / name);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    CHECK(has(text, "is tired"));
    CHECK_FALSE(has(text, key));
  }
}

TEST_CASE("a log that is not there is told of, with the tasks there are") {
  batch_world w(1);
  CHECK(w.batch({"logs", "greet"})->wait().code == 2);
  w.summary({"run", w.spec()}, 0);
  const auto other = w.batch({"logs", "greet", "nobody"})->wait();
  CHECK(other.code == 2);
  CHECK(has(other.err, "has no task nobody"));
  std::filesystem::remove(w.state() / "batch/greet/log.jsonl");
  const auto gone = w.batch({"logs", "greet"})->wait();
  CHECK(gone.code == 2);
  CHECK(error_lines(gone.err).size() == 1);
}
