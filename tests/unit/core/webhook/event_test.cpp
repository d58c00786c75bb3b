#include "core/webhook/event.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using namespace pj;
using namespace std::chrono_literals;

namespace {

nlohmann::json parsed(const webhook::event& e) {
  return nlohmann::json::parse(webhook::body_of(e));
}

} // namespace

TEST_CASE("an event's body is a flat object of exactly eight strings") {
  const auto j =
    parsed({"task.failed", "failed", "t1", "w", "pj/t1", "", "no", "details"});
  CHECK(j.size() == 8);
  for (const auto* key : {"type", "taskId", "workspaceId", "branchName",
                          "prUrl", "status", "error", "message"}) {
    REQUIRE(j.contains(key));
    CHECK(j[key].is_string());
  }
  CHECK(j["taskId"] == "t1");
  CHECK(j["prUrl"] == "");
}

TEST_CASE("an event's message is cut at 10,000 bytes between code points") {
  std::string text;
  while (text.size() < 20'000)
    text += "ä";
  const auto message =
    parsed({"t", "s", "", "", "", "", "", text})["message"].get<std::string>();
  CHECK(message.size() <= 10'000);
  CHECK(message.size() > 9'990);
  CHECK(message.ends_with("ä\n…"));
}

TEST_CASE("an event's body stays below 20 kB") {
  const std::string wild(20'000, '\x01');
  const auto body =
    webhook::body_of({"t", "s", "", "", "", "", std::string(9'000, 'e'), wild});
  CHECK(body.size() < 20'000);
  const auto j = nlohmann::json::parse(body);
  const auto error = j["error"].get<std::string>();
  CHECK(error.size() == 2'000);
  CHECK(error.ends_with("e…"));
  CHECK(j["message"].get<std::string>().size() >= 2'000);
}

TEST_CASE("bytes that are not UTF-8 do not spoil an event") {
  const auto j = parsed({"t", "s", "", "", "", "", "bad \xff byte", ""});
  CHECK(j["error"] == "bad \xef\xbf\xbd byte");
}

TEST_CASE("event ids hold no dot and differ by task, attempt and key") {
  const std::chrono::sys_time<std::chrono::milliseconds> at{1'000ms};
  const auto id = webhook::event_id("a.b", at, "clone");
  CHECK(id.find('.') == std::string::npos);
  CHECK(id == webhook::event_id("a.b", at, "clone"));
  CHECK(id != webhook::event_id("a_b", at, "clone"));
  CHECK(id != webhook::event_id("a.b", at + 1ms, "clone"));
  CHECK(id != webhook::event_id("a.b", at, "push"));
}

TEST_CASE("long details say how many lines are missing") {
  CHECK(webhook::first_lines("a\nb\nc\n", 2) == "a\nb\n… 1 more lines");
  CHECK(webhook::first_lines("a\nb\nc", 1) == "a\n… 2 more lines");
  CHECK(webhook::first_lines("a\nb\n", 2) == "a\nb\n");
  CHECK(webhook::first_lines("a", 5) == "a");
}
