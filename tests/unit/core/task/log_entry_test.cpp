#include "core/task/log_entry.hpp"

#include "core/task/stage.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace std::chrono_literals;

namespace {

/// 2026-11-22T10:00:00.125Z
constexpr wall_time morning{std::chrono::milliseconds{1'795'341'600'125}};

log_entry stage_line() {
  return {morning, "t1", log_kind::stage, "fetch", "Cloning repository..."};
}

} // namespace

TEST_CASE("a line of a task's log is one object, and comes back the same") {
  const auto line = to_json(stage_line());
  CHECK(line == R"({"at":"2026-11-22T10:00:00.125Z","task":"t1",)"
                R"("kind":"stage","stage":"fetch",)"
                R"("text":"Cloning repository..."})");
  const auto back = log_entry_from_json(line);
  REQUIRE(back);
  CHECK(back->at == morning);
  CHECK(back->task == "t1");
  CHECK(back->kind == log_kind::stage);
  CHECK(back->tag == "fetch");
  CHECK(back->text == "Cloning repository...");
}

TEST_CASE("every kind of line comes back as what it was") {
  for (const auto kind : {log_kind::run, log_kind::stage, log_kind::step,
                          log_kind::wait, log_kind::retry, log_kind::refused,
                          log_kind::warning, log_kind::event, log_kind::end}) {
    const auto back =
      log_entry_from_json(to_json({morning, "", kind, "", "x"}));
    REQUIRE(back);
    CHECK(back->kind == kind);
    CHECK(back->task.empty());
    CHECK(back->tag.empty());
  }
}

TEST_CASE("what is no line of a log is none") {
  for (const auto* line :
       {"", "{", "7", "[]", R"({"at":"2026-11-22T10:00:00Z","kind":"stage")",
        R"({"at":"yesterday","kind":"stage","text":"x"})",
        R"({"at":"2026-11-22T10:00:00Z","kind":"of tomorrow","text":"x"})",
        R"({"at":"2026-11-22T10:00:00Z","kind":"stage","text":7})",
        R"({"at":"2026-11-22T10:00:00Z","kind":"stage","stage":7,"text":""})"})
    CHECK_FALSE(log_entry_from_json(line));
}

TEST_CASE("people read a line of a log without harm to their terminal") {
  auto x = stage_line();
  CHECK(shown(x, false) ==
        "2026-11-22T10:00:00.125Z  stage    Cloning repository...");
  CHECK(shown(x, true) ==
        "2026-11-22T10:00:00.125Z  t1  stage    Cloning repository...");
  x.text = "\x1b[2Jgone\nnew line";
  x.task = "\r\x9b";
  CHECK(shown(x, true) == "2026-11-22T10:00:00.125Z  \\r\\x9b  stage    "
                          "\\x1b[2Jgone\\nnew line");
}

TEST_CASE("bytes that are not UTF-8 do not break a log's line") {
  const auto line = to_json({morning, "t", log_kind::retry, "", "\xff\xfe"});
  REQUIRE(log_entry_from_json(line));
  CHECK(log_entry_from_json(line)->text == "\xef\xbf\xbd\xef\xbf\xbd");
}

TEST_CASE("stages are known by name") {
  for (const auto x : all_stages)
    CHECK(stage_from(to_string(x)) == x);
  CHECK_FALSE(stage_from("of a newer program"));
}
