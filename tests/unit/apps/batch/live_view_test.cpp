#include "apps/pj/batch/live_view.hpp"

#include "core/width.hpp"

#include <catch2/catch_test_macros.hpp>

#include <unistd.h>

#include <array>
#include <memory>

using namespace pj;
using namespace pj::batch;
using namespace std::chrono_literals;

namespace {

std::string text_of(const terminal_line& line) {
  return shown_pieces(line, 1'000, false);
}

/// A live view into a pipe, its clock in the test's hand.
struct watched_view {
  std::array<int, 2> ends{};
  live_view::clock::time_point now{};
  std::unique_ptr<live_view> view;

  explicit watched_view(live_start start, bool is_terminal = false) {
    REQUIRE(::pipe(ends.data()) == 0);
    view = std::make_unique<live_view>(std::move(start), ends[1],
                                       terminal_facts{is_terminal, false},
                                       [this] { return now; });
  }
  ~watched_view() { ::close(ends[0]); }

  void end(const std::string& task, task_end how, double usd = 0.5) {
    task_outcome x;
    x.task = task;
    x.end = how;
    x.cost_usd = usd;
    x.why.what = "no way";
    view->ended(x);
  }

  std::string text() {
    view.reset();
    ::close(ends[1]);
    std::string out;
    std::array<char, 4096> piece{};
    for (ssize_t n = 1; n > 0; out.append(piece.data(), std::size_t(n)))
      n = ::read(ends[0], piece.data(), piece.size());
    return out;
  }
};

const live_state::crowd& in(const live_state& x, stage at) {
  return x.stages[static_cast<std::size_t>(at)];
}

live_state busy() {
  live_state x;
  x.total = 1'000;
  x.ended = 400;
  x.ended_here = 200;
  x.failed = 3;
  x.spent = 4.125;
  x.max_spent = 40;
  x.elapsed = 100s;
  x.stages[static_cast<std::size_t>(stage::ask)] = {50, 12};
  x.stages[static_cast<std::size_t>(stage::open_pr)] = {10, 8};
  x.github_forecast = "8 PRs left, about 9 s";
  x.oldest = {{"acme/shop", stage::ask, false, 72s},
              {"acme/\x1b[2J", stage::open_pr, true, 12s}};
  return x;
}

} // namespace

TEST_CASE("a live view counts tasks by stage, whatever they do") {
  watched_view w({10, 2, 1, 1.5, 40.0, {}});
  w.view->stage("a", stage::fetch, "Cloning...");
  w.view->stage("b", stage::fetch, "Cloning...");
  w.view->stage("a", stage::ask, "Asking...");
  w.view->held("a", true);
  auto x = w.view->state();
  CHECK(in(x, stage::fetch).tasks == 1);
  CHECK(in(x, stage::ask).tasks == 1);
  CHECK(in(x, stage::ask).held == 1);
  w.view->held("a", false);
  w.view->held("nobody", true);
  CHECK(in(w.view->state(), stage::ask).held == 0);
  w.view->held("a", true);
  w.end("a", task_end::failed);
  w.view->stage("b", stage::ask, "Asking...");
  w.view->stage("b", stage::ask, "Asking again...");
  x = w.view->state();
  CHECK(in(x, stage::ask).tasks == 1);
  CHECK(in(x, stage::ask).held == 0);
  CHECK(in(x, stage::fetch).tasks == 0);
  CHECK(x.total == 10);
  CHECK(x.ended == 3);
  CHECK(x.failed == 2);
  CHECK(x.spent == 2.0);
  w.end("c", task_end::succeeded); // never began here
  CHECK(w.view->state().ended == 4);
}

TEST_CASE("a live view names the tasks that run longest") {
  watched_view w({9, 0, 0, 0, {}, {{"a", "acme/a"}}});
  for (const auto* task : {"a", "b", "c", "d"}) {
    w.view->stage(task, stage::fetch, "Cloning...");
    w.now += 1s;
  }
  auto x = w.view->state();
  REQUIRE(x.oldest.size() == 3);
  CHECK(x.oldest[0].name == "acme/a");
  CHECK(x.oldest[0].since == 4s);
  CHECK(x.oldest[2].name == "c");
  w.end("a", task_end::succeeded);
  CHECK(w.view->state().oldest[0].name == "b");
}

TEST_CASE("a live view asks for GitHub's forecast now and then") {
  watched_view w({9, 0, 0, 0, {}, {}});
  w.now += 1h;
  int asked = 0;
  w.view->ask_forecast_of([&](auto then) {
    ++asked;
    then("1 PR left, about 5 s");
  });
  w.view->stage("a", stage::ask, "Asking...");
  w.view->held("a", true);
  CHECK(asked == 0);
  w.view->stage("a", stage::open_pr, "Opening...");
  w.view->held("a", true);
  w.view->held("a", false);
  CHECK(asked == 1);
  CHECK(w.view->state().github_forecast == "1 PR left, about 5 s");
  w.now += 2s;
  w.view->held("a", true);
  CHECK(asked == 2);
  w.view->only("Delivering events...");
  w.now += 1h;
  w.view->held("a", false);
  CHECK(asked == 2);
}

TEST_CASE("without a terminal a live view is lines about tasks") {
  watched_view w({2, 0, 0, 0, {}, {{"a", "acme/a"}}});
  w.view->stage("a", stage::fetch, "Cloning...");
  w.end("a", task_end::succeeded);
  w.view->note("b", log_kind::retry, "503; trying again in 1 s");
  w.view->note("b", log_kind::step, "recorded ask.1");
  w.end("b", task_end::failed);
  w.view->only("Delivering events...");
  w.end("c", task_end::cancelled); // by the engine's end
  CHECK(w.text() == "[pj] 1/2 acme/a: succeeded\n"
                    "[pj] warning: b: 503; trying again in 1 s\n"
                    "[pj] error: 2/2 b: failed: no way\n");
}

TEST_CASE("on a terminal a live view goes away at its end") {
  watched_view w({2, 0, 0, 0, {}, {}}, true);
  w.view->stage("a", stage::fetch, "Cloning...");
  const auto text = w.text();
  CHECK(text.find("0/2 tasks") != text.npos);
  CHECK((text.ends_with("\x1b[J") || text.ends_with("\r\x1b[K")));
}

TEST_CASE("the rest of a batch is guessed from the pace so far") {
  auto x = busy();
  CHECK(time_left(x) == 300s);
  x.ended_here = 2;
  CHECK_FALSE(time_left(x));
  x.ended_here = 200;
  x.elapsed = 2s;
  CHECK_FALSE(time_left(x));
  x = busy();
  x.ended = 1'000;
  CHECK_FALSE(time_left(x));
}

TEST_CASE("a live view says how far, for how much, and what waits for whom") {
  const auto lines = live_lines(busy(), {120, 15}, true);
  REQUIRE(lines.size() == 5);
  CHECK(text_of(lines[0]) == "████████░░░░░░░░░░░░ 400/1000 tasks, 3 failed, "
                             "$4.12 of $40.00, 1:40, about 5:00 left");
  CHECK(text_of(lines[1]).starts_with("  asking the model         █████"));
  CHECK(text_of(lines[1]).ends_with(" 50/60  12 wait for the model's limits"));
  CHECK(text_of(lines[2]).ends_with(
    "10/60  8 wait for GitHub's pace (8 PRs left, about 9 s)"));
  CHECK(text_of(lines[3]) == "    acme/shop (asking the model, 1:12)");
  CHECK(text_of(lines[4]) == "    acme/\\x1b[2J (waiting, 12 s)");
}

TEST_CASE("where there is room, a live view's lines keep their places") {
  auto x = busy();
  const auto all = live_lines(x, {120, 16}, true);
  CHECK(all.size() == 10);
  x.stages = {};
  const auto none = live_lines(x, {120, 16}, true);
  REQUIRE(none.size() == all.size());
  CHECK(text_of(none[1]).starts_with("  fetching "));
  CHECK(text_of(none[1]).ends_with(" 0/0"));
}

TEST_CASE("bars of a live view are as long as their part, also in ASCII") {
  auto x = busy();
  x.stages = {};
  x.stages[static_cast<std::size_t>(stage::fetch)] = {1, 0};
  x.stages[static_cast<std::size_t>(stage::ask)] = {9'999, 0};
  x.oldest.clear();
  const auto fine = live_lines(x, {80, 15}, true);
  CHECK(text_of(fine[1]).find("▏") != std::string::npos);
  CHECK(text_of(fine[1]).ends_with("     1/10000"));
  CHECK(text_of(fine[2]).find("▉  9999/10000") != std::string::npos);
  const auto plain = live_lines(x, {80, 15}, false);
  CHECK(text_of(plain[1]).find(" # ") != std::string::npos);
  for (const auto& line : plain)
    for (const char c : text_of(line))
      CHECK(static_cast<unsigned char>(c) < 0x80);
}

TEST_CASE("lines of a live view fit into any width") {
  for (const std::size_t columns : {1u, 10u, 30u, 79u, 200u})
    for (const auto& line : live_lines(busy(), {columns, 24}, true))
      CHECK(display_width(shown_pieces(line, columns, false)) <= columns);
}
