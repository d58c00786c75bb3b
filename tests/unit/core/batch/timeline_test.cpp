#include "core/batch/plot.hpp"
#include "core/batch/timeline.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::batch;
using namespace std::chrono_literals;

namespace {

/// A log that is written line by line.
struct written {
  timeline when;

  void line(std::chrono::milliseconds at, const std::string& task,
            log_kind kind, const std::string& tag) {
    when.add({wall_time{1'000'000s} + at, task, kind, tag, ""});
  }
  void run(std::chrono::milliseconds at, const std::string& tag) {
    line(at, "", log_kind::run, tag);
  }
};

} // namespace

TEST_CASE("a timeline has the stages of each task, one after the other") {
  written log;
  log.run(0s, "begin");
  log.line(1s, "a", log_kind::stage, "fetch");
  log.line(2s, "b", log_kind::stage, "fetch");
  log.line(3s, "a", log_kind::stage, "ask");
  log.line(3s, "a", log_kind::retry, "");
  log.line(9s, "a", log_kind::end, "failed");
  log.line(10s, "b", log_kind::stage, "of a newer program");
  log.run(12s, "end");
  log.when.finish();
  const auto& a = log.when.tasks().at("a");
  REQUIRE(a.stretches.size() == 2);
  CHECK(a.stretches[0].at == stage::fetch);
  CHECK(a.stretches[0].from == 1s);
  CHECK(a.stretches[0].to == 3s);
  CHECK(a.stretches[1].at == stage::ask);
  CHECK(a.took() == 8s);
  CHECK(a.ended == 9s);
  CHECK(a.end == "failed");
  const auto& b = log.when.tasks().at("b");
  CHECK(b.took() == 10s);
  CHECK_FALSE(b.ended);
  CHECK(log.when.length() == 12s);
  CHECK(log.when.begun() == wall_time{1'000'000s});
}

TEST_CASE("a timeline tells the waits for limits from the stage") {
  written log;
  log.run(0s, "begin");
  log.line(0s, "a", log_kind::wait, "held"); // in no stage yet
  log.line(0s, "a", log_kind::stage, "ask");
  log.line(1s, "a", log_kind::wait, "held");
  log.line(5s, "a", log_kind::wait, "over");
  log.line(7s, "a", log_kind::end, "succeeded");
  const auto& all = log.when.tasks().at("a").stretches;
  REQUIRE(all.size() == 3);
  CHECK_FALSE(all[0].held);
  CHECK(all[1].held);
  CHECK(all[1].to - all[1].from == 4s);
  CHECK(all[2].at == stage::ask);
  CHECK_FALSE(all[2].held);
}

TEST_CASE("a timeline leaves out the time when nobody worked") {
  written log;
  log.run(0s, "begin");
  log.line(1s, "a", log_kind::stage, "ask");
  log.line(4s, "b", log_kind::stage, "ask"); // and then a kill
  log.run(1h, "begin");
  log.line(1h + 1s, "a", log_kind::stage, "fetch");
  log.line(1h + 2s, "a", log_kind::end, "succeeded");
  log.run(1h + 2s, "end");
  CHECK(log.when.length() == 6s);
  CHECK(log.when.breaks() == std::vector<std::chrono::milliseconds>{4s});
  const auto& a = log.when.tasks().at("a");
  CHECK(a.took() == 4s);
  CHECK(a.ended == 6s);
}

TEST_CASE("a clock that is set back does not run backwards in a timeline") {
  written log;
  log.run(1h, "begin");
  log.line(1h + 1s, "a", log_kind::stage, "fetch");
  log.line(2s, "a", log_kind::stage, "ask");
  log.line(1h + 3s, "a", log_kind::end, "succeeded");
  CHECK(log.when.length() == 3s);
  CHECK(log.when.tasks().at("a").took() == 2s);
}

TEST_CASE("marks of a time axis are few and round") {
  for (const int ms :
       {1, 700, 12'000, 61'000, 599'000, 3'601'000, 90'000'000}) {
    const std::chrono::milliseconds length{ms};
    const auto marks = axis_marks(length);
    CHECK(marks.front() == 0s);
    CHECK(marks.size() <= 8);
    CHECK(marks.back() <= length);
  }
  CHECK(axis_marks(60s) == std::vector<std::chrono::milliseconds>{
                             0s, 10s, 20s, 30s, 40s, 50s, 60s});
  CHECK(axis_marks(24h * 3'650).size() == 8);
}

TEST_CASE("tasks over time are averages of equal parts") {
  written log;
  log.run(0s, "begin");
  log.line(0s, "a", log_kind::stage, "ask");
  log.line(0s, "b", log_kind::stage, "ask");
  log.line(5s, "b", log_kind::end, "succeeded");
  log.line(8s, "a", log_kind::end, "succeeded");
  const auto n = tasks_over_time(log.when, 4);
  const auto ask = static_cast<std::size_t>(stage::ask);
  REQUIRE(n.size() == 4);
  CHECK(n[0][ask] == Catch::Approx(2));
  CHECK(n[2][ask] == Catch::Approx(1.5));
  CHECK(n[3][ask] == Catch::Approx(1));
}

TEST_CASE("a plot is of bars for few tasks and of areas for many") {
  for (const std::size_t tasks : {1u, 20u, 21u, 80u, 81u, 3'000u}) {
    written log;
    log.run(0s, "begin");
    for (std::size_t i = 0; i < tasks; ++i) {
      const auto id = "t" + std::to_string(i);
      log.line(1s, id, log_kind::stage, "ask");
      log.line(2s, id, log_kind::end, "failed");
    }
    log.when.finish();
    std::vector<plotted_task> shown;
    for (const auto& [id, course] : log.when.tasks())
      shown.push_back({"<i>" + id, &course});
    const auto svg = timeline_svg(log.when, shown);
    CHECK(svg.find("<i>") == svg.npos);
    CHECK((svg.find("<circle") != svg.npos) == (tasks <= most_bars));
    CHECK((svg.find("<path") != svg.npos) == (tasks > most_bars));
    CHECK(svg.size() < 40'000);
  }
  CHECK(timeline_svg({}, {}).empty());
}

TEST_CASE("a log of more tasks than there are does not break the plot") {
  written log;
  log.run(0s, "begin");
  for (int i = 0; i < 300; ++i) {
    log.line(1s, "t" + std::to_string(i), log_kind::stage, "ask");
    log.line(2s, "t" + std::to_string(i), log_kind::end, "succeeded");
  }
  std::vector<plotted_task> shown;
  for (const auto& [id, course] : log.when.tasks())
    if (shown.size() <= most_bars)
      shown.push_back({id, &course});
  const auto svg = timeline_svg(log.when, shown);
  CHECK(svg.find("<path class=\"succeeded\"") != svg.npos);
  CHECK(svg.find(" -") == svg.npos);
  CHECK(svg.find("184467") == svg.npos); // of less than nothing
}
