// The page about a batch.
#include "batch_world.hpp"

#include <csignal>

using namespace pj;
using namespace pj::test;

namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t times(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != text.npos;
       at = text.find(part, at + part.size()))
    ++n;
  return n;
}

} // namespace

TEST_CASE("every run of a batch ends with a page, and says where it is") {
  batch_world w(3);
  w.doubles.add_fault("{face: github, kind: status, status: 403, method: POST, "
                      "path: r2/pulls, times: 1, body: '{\"message\":"
                      "\"<script>alert(1)</script>\"}'}");
  const auto path = w.state() / "batch/greet/report.html";
  const auto first = w.batch({"run", w.spec()})->wait();
  CHECK(has(first.err, "report: " + path.string() + '\n'));
  const auto page = text_of(path);
  for (const auto* task : {"acme/r1", "acme/r2", "acme/r3"})
    CHECK(has(page, task));
  CHECK(times(page, "<ins>+") >= 2);
  CHECK(times(page, "<circle class=\"succeeded\"") == 2);
  CHECK(times(page, "<circle class=\"failed\"") == 1);
  CHECK(times(page, "<script") == 1);
  CHECK(has(page, "/r1/pull/1\">#1<"));
  std::filesystem::remove(path);
  CHECK(w.batch({"retry", "greet", "--failed"})->wait().code == 0);
  const auto second = text_of(path);
  CHECK(times(second, "<circle class=\"succeeded\"") == 3);
  CHECK(times(second, "<line class=\"break\"") == 1);
}

TEST_CASE("a page is written while a batch runs, where one likes") {
  batch_world w(2);
  w.doubles.add_fault("{face: model, kind: stall, after: 1}");
  const auto running = w.batch({"run", w.spec()});
  await("both questions", [&] { return w.requests("model") == 2; });
  const auto shown = w.batch({"report", "greet", "--output", "-"})->wait();
  CHECK(shown.code == 0);
  CHECK(has(shown.out, "data-state=\"running\""));
  const auto path = w.folder() / "page.html";
  const auto written = w.batch({"report", "greet", "--output", path})->wait();
  CHECK(written.out == path.string() + '\n');
  CHECK(text_of(path).starts_with("<!doctype html>"));
  const auto no = w.batch({"report", "greet", "--output", "/no/where"})->wait();
  CHECK(no.code == 2);
  CHECK(error_lines(no.err).size() == 1);
  running->signal(SIGKILL);
  running->wait();
}

TEST_CASE("a batch of before there were logs has a page without a timeline") {
  batch_world w(1);
  CHECK(w.batch({"plan", w.spec()})->wait().code == 0);
  CHECK(has(text_of(w.state() / "batch/greet/report.html"), "id=\"time\""));
  std::filesystem::remove(w.state() / "batch/greet/log.jsonl");
  const auto x = w.batch({"report", "greet", "--output", "-"})->wait();
  CHECK(x.code == 0);
  CHECK(has(x.out, "data-state=\"planned\""));
  CHECK_FALSE(has(x.out, "id=\"time\""));
}

TEST_CASE("a page that cannot be written is told of and changes nothing else") {
  batch_world w(1);
  std::filesystem::create_directories(w.state() / "batch/greet/report.html/x");
  const auto x = w.batch({"run", w.spec()})->wait();
  CHECK(x.code == 0);
  CHECK(has(x.err, "no report: "));
}
