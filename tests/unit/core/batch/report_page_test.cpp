#include "core/batch/report_page.hpp"

#include "core/batch/report_parts.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace pj;
using namespace pj::batch;

namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

std::size_t times(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != text.npos;
       at = text.find(part, at + part.size()))
    ++n;
  return n;
}

std::string no_digest(std::string_view) {
  return std::string(32, 'x');
}

constexpr auto hostile =
  "</pre></details><script>alert(1)</script>"
  "<img src=x onerror='y'>\" onload=\"z\x1b]\xe2\x80\xae";

task_result good(const std::string& id) {
  task_outcome x;
  x.task = id;
  x.end = task_end::succeeded;
  x.pr_url = "https://github.test/acme/" + id + "/pull/12";
  x.files = {"README.md"};
  x.diff = "diff --git a/README.md b/README.md\n--- a/README.md\n"
           "+++ b/README.md\n@@ -1 +1,2 @@\n--- old\n+new\n+++ newer\n same\n";
  x.cost_usd = 0.0123;
  x.tokens.input_tokens = 12'000;
  x.tokens.output_tokens = 345;
  return {id, "acme/" + id, standing::succeeded, x};
}

task_result bad(const std::string& id, std::string why) {
  task_outcome x;
  x.task = id;
  x.end = task_end::failed;
  x.cost_usd = 0;
  x.why = {failure_class::fail,
           failure_code::validation,
           std::move(why),
           "line 1\nline 2",
           {}};
  return {id, "acme/" + id, standing::failed, x};
}

report of(std::vector<task_result> tasks) {
  report out;
  out.what = {"typos", std::move(tasks), ""};
  out.made = "pj";
  return out;
}

} // namespace

TEST_CASE("a page has the batch, its causes and its tasks") {
  auto about = of({good("a"),
                   bad("b", "test failed"),
                   {"c", "acme/c", standing::waiting, {}}});
  about.max_cost = 5;
  about.what.stopped = "interrupted by SIGINT";
  const auto page = report_page(about, no_digest);
  CHECK(has(page, "<title>typos – batch report</title>"));
  CHECK(has(page, "Stopped early: interrupted by SIGINT"));
  CHECK(has(page, "$0.01<small>of $5.00</small>"));
  CHECK(has(page, "1 ×</b> <span>test failed</span>"));
  CHECK(has(page, "<a href=\"#t-b\">acme/b</a>"));
  CHECK(has(page, "<tr role=\"row\" id=\"t-a\" data-state=\"succeeded\">"));
  CHECK(has(page, "href=\"https://github.test/acme/a/pull/12\">#12<"));
  CHECK(has(page, ">12,345</td>"));
  CHECK(has(page, "line 1\nline 2"));
  CHECK(times(page, "<tr role=\"row\" id=") == 3);
  CHECK_FALSE(has(page, "id=\"time\"")); // nothing was logged
}

TEST_CASE("a page lets nothing in but its own style and script") {
  const auto page = report_page(of({good("a")}), no_digest);
  CHECK(has(page, "content=\"default-src 'none'; style-src 'sha256-eHh4"));
  CHECK(has(page, "script-src 'sha256-eHh4"));
  for (const auto* outside : {" src=", "@import", "url(", "<link", "<iframe",
                              "<object", " style=", "unsafe-inline", "fetch("})
    CHECK_FALSE(has(page, outside));
  CHECK(times(page, "<script>") == 1);
  CHECK(times(page, "<style>") == 1);
}

TEST_CASE("the digests of a page are those of what it holds") {
  std::vector<std::string> asked;
  const auto page = report_page(of({}), [&](std::string_view text) {
    asked.emplace_back(text);
    return std::string(32, 'x');
  });
  REQUIRE(asked.size() == 2);
  const auto styled = has(page, "<style>" + asked[0] + "</style>") ||
                      has(page, "<style>" + asked[1] + "</style>");
  const auto scripted = has(page, "<script>" + asked[0] + "</script>") ||
                        has(page, "<script>" + asked[1] + "</script>");
  CHECK(styled);
  CHECK(scripted);
}

TEST_CASE("foreign text does not break out of a page") {
  auto x = good("a");
  x.repository = hostile;
  x.outcome->pr_url = "javascript:alert(1)";
  x.outcome->diff += std::string("+") + hostile + "\n";
  x.outcome->branch = x.outcome->commit = x.outcome->model = hostile;
  x.outcome->warnings = x.outcome->risky = {hostile};
  x.outcome->checks.resize(1);
  x.outcome->checks[0].line = hostile;
  auto y = bad("b", hostile);
  y.outcome->why.details = hostile;
  y.outcome->pr_url = std::string("https://x/") + hostile;
  auto about = of({x, y});
  about.what.name = about.what.stopped = about.made = hostile;
  about.when.add({{}, "a", log_kind::stage, "ask", hostile});
  about.when.add(
    {wall_time{std::chrono::seconds{5}}, "a", log_kind::end, hostile, hostile});
  about.when.finish();
  const auto page = report_page(about, no_digest);
  CHECK(times(page, "<script") == 1);
  CHECK(times(page, "</script") == 1);
  CHECK_FALSE(has(page, "<img"));
  CHECK_FALSE(has(page, "onload=\""));
  CHECK_FALSE(has(page, "onerror='"));
  CHECK_FALSE(has(page, "href=\"javascript"));
  CHECK_FALSE(has(page, "\x1b"));
  CHECK_FALSE(has(page, "\xe2\x80\xae"));
  CHECK(has(page, "&lt;script&gt;alert(1)"));
}

TEST_CASE("lines of a diff are told apart, within hunks only by their sign") {
  const auto text = *good("a").outcome;
  CHECK(diff_html(text.diff, 10'000, "") ==
        "<b>diff --git a/README.md b/README.md\n--- a/README.md\n"
        "+++ b/README.md\n</b><i>@@ -1 +1,2 @@\n</i><del>--- old\n</del>"
        "<ins>+new\n+++ newer\n</ins> same\n");
  CHECK(size_of(text.diff).added == 2);
  CHECK(size_of(text.diff).removed == 1);
}

TEST_CASE(
  "a long diff is cut between lines, and it is said where the rest is") {
  std::string diff = "@@ -0,0 +1,1000 @@\n";
  for (int i = 0; i < 1'000; ++i)
    diff += "+line\n";
  const auto cut = diff_html(diff, 100, "`pj batch show b <t>` shows all");
  CHECK(cut.size() < 300);
  CHECK(has(cut, "+line\n</ins><em>… 987 more lines: `pj batch show b "
                 "&lt;t&gt;` shows all</em>"));
  CHECK_FALSE(has(diff_html(diff, diff.size() + 1, "x"), "<em>"));
  CHECK(has(diff_html("no line feed", 5, "x"), "<em>"));
  CHECK(diff_html("no line feed", 100, "x") == "<b>no line feed</b>");
}

TEST_CASE("the diffs of many tasks are bounded together") {
  std::vector<task_result> tasks;
  for (int i = 0; i < 600; ++i) {
    tasks.push_back(good("t" + std::to_string(i)));
    auto& diff = tasks.back().outcome->diff;
    for (int line = 0; line < 2'000; ++line)
      diff += "+ a line of forty bytes, more or less ...\n";
  }
  const auto page = report_page(of(std::move(tasks)), no_digest);
  CHECK(page.size() < 30u << 20);
  CHECK(times(page, "`pj batch show typos t7` shows all") == 1);
}

TEST_CASE("numbers are grouped for people") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1'000) == "1,000");
  CHECK(grouped(12'345'678) == "12,345,678");
}
