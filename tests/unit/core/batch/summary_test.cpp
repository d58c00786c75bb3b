#include "core/batch/summary.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using namespace pj;
using namespace pj::batch;

namespace {

task_result done_task(std::string id, std::string url) {
  task_outcome x;
  x.task = id;
  x.end = task_end::succeeded;
  x.pr_url = std::move(url);
  x.cost_usd = 0.25;
  return {id, "acme/" + id, standing::succeeded, x};
}

task_result failed_task(std::string id, failure_code code, std::string what) {
  task_outcome x;
  x.task = id;
  x.end = task_end::failed;
  x.why.code = code;
  x.why.what = std::move(what);
  x.cost_usd = 0.5;
  return {id, "acme/" + id, standing::failed, x};
}

summary mixed() {
  return {
    "typos",
    {done_task("a", "https://github.test/acme/a/pull/1"),
     failed_task("b", failure_code::git, "cannot reach b.example:443: refused"),
     failed_task("c", failure_code::validation, "test failed: <b>&\"x\""),
     failed_task("d", failure_code::git,
                 "cannot reach d.example:8080: refused"),
     {"e", "acme/e", standing::waiting, {}},
     {"f", "acme/f", standing::running, {}}},
    ""};
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

} // namespace

TEST_CASE("standings are named as in the journal") {
  for (const auto x :
       {standing::waiting, standing::running, standing::planned,
        standing::succeeded, standing::failed, standing::cancelled})
    CHECK(standing_from(to_string(x)) == x);
  CHECK(standing_from("of a newer program") == standing::failed);
}

TEST_CASE("a batch is counted by standing, and what it cost") {
  auto all = mixed();
  auto n = count(all);
  CHECK(n.total == 6);
  CHECK(n.succeeded == 1);
  CHECK(n.failed == 3);
  CHECK(n.waiting == 1);
  CHECK(n.running == 1);
  CHECK(n.cost_usd == 1.75);
  CHECK_FALSE(n.cost_unknown);
  all.tasks[0].outcome->cost_usd.reset();
  CHECK(count(all).cost_unknown);
}

TEST_CASE("failures that differ in names and numbers have one cause") {
  const auto all = mixed();
  const auto causes = causes_of(all);
  REQUIRE(causes.size() == 2);
  CHECK(causes[0].what == "cannot reach b.example:443: refused");
  REQUIRE(causes[0].tasks.size() == 2);
  CHECK(causes[0].tasks[1]->task == "d");
  CHECK(causes[1].tasks.size() == 1);
}

TEST_CASE("people read links, causes and sums") {
  auto all = mixed();
  all.stopped = "billing: no credit";
  const auto text = render(all, summary_form::text);
  CHECK(has(text, "succeeded  acme/a  https://github.test/acme/a/pull/1\n"));
  CHECK(has(text, "2 × cannot reach b.example:443: refused\n  acme/b  (b)\n"));
  CHECK(has(text, "typos: 6 tasks: 1 succeeded, 3 failed, 1 begun, 1 waiting; "
                  "$1.75\n"));
  CHECK(has(text, "stopped: billing: no credit\n"));
}

TEST_CASE("many tasks of one cause are not all named") {
  summary all{"b", {}, ""};
  for (int i = 0; i < 12; ++i)
    all.tasks.push_back(
      failed_task("t" + std::to_string(i), failure_code::model, "overloaded"));
  const auto text = render(all, summary_form::text);
  CHECK(has(text, "12 × overloaded"));
  CHECK(has(text, "  and 2 more\n"));
  CHECK_FALSE(has(text, "(t11)"));
}

TEST_CASE("machines read JSON, whole or by lines") {
  const auto all = mixed();
  const auto whole = nlohmann::json::parse(render(all, summary_form::json));
  CHECK(whole["batch"] == "typos");
  CHECK(whole["failed"] == 3);
  CHECK(whole["stopped"].is_null());
  CHECK(whole["tasks"][0]["result"]["pr_url"] ==
        "https://github.test/acme/a/pull/1");
  CHECK(whole["tasks"][4]["result"].is_null());
  const auto lines = render(all, summary_form::jsonl);
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 6);
  CHECK(nlohmann::json::parse(lines.substr(0, lines.find('\n')))["task"] ==
        "a");
}

TEST_CASE("foreign text does not break out of XML and Markdown") {
  const auto all = mixed();
  const auto xml = render(all, summary_form::junit);
  CHECK(has(xml, "tests=\"6\" failures=\"3\" skipped=\"2\""));
  CHECK(has(xml, "message=\"test failed: &lt;b&gt;&amp;&quot;x&quot;\""));
  const auto table = render(all, summary_form::markdown);
  CHECK(has(table, "test failed: \\<b\\>&\"x\""));
  CHECK(has(table, "<https://github.test/acme/a/pull/1>"));
}

TEST_CASE("the forms are known by name") {
  for (const auto* name : {"text", "json", "jsonl", "junit", "markdown"})
    CHECK(summary_form_from(name));
  const auto wrong = summary_form_from("xml");
  REQUIRE_FALSE(wrong);
  CHECK(has(wrong.error().what, "text, json, jsonl, junit, markdown"));
}
