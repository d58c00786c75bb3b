#include "core/batch/pull_room.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::batch;

namespace {

task_spec task(std::string id) {
  task_spec out;
  out.id = std::move(id);
  return out;
}

task_outcome ended(std::string id, std::string url) {
  task_outcome out;
  out.task = std::move(id);
  out.end = url.empty() ? task_end::failed : task_end::succeeded;
  out.pr_url = std::move(url);
  out.why.code = failure_code::github;
  return out;
}

} // namespace

TEST_CASE("a task keeps its place as long as its pull request is open") {
  pull_room room(2, {"a"});
  CHECK(room.take(task("a")));
  CHECK(room.take(task("b")));
  CHECK_FALSE(room.take(task("c")));
  room.ended(ended("b", "https://github.test/acme/b/pull/1"));
  CHECK_FALSE(room.take(task("c")));
  room.ended(ended("a", {}));
  CHECK(room.take(task("c")));
  CHECK(room.taken() == 2);
}

TEST_CASE("who opens no pull request needs no room") {
  pull_room room(1, {"a"});
  auto quiet = task("b");
  quiet.skip_pr = true;
  CHECK(room.take(quiet));
  quiet = task("c");
  quiet.dry_run = true;
  CHECK(room.take(quiet));
  CHECK(room.taken() == 1);
}

TEST_CASE("without a limit there is always room") {
  pull_room room;
  for (const auto* id : {"a", "b", "c"})
    CHECK(room.take(task(id)));
}

TEST_CASE("only a refusal says that there is no pull request") {
  auto x = ended("a", {});
  CHECK_FALSE(may_have_pull(x));
  x.commit = "c0ffee";
  CHECK_FALSE(may_have_pull(x));
  x.why.kind = failure_class::retry;
  CHECK(may_have_pull(x));
  x.why.kind = failure_class::cancelled;
  CHECK(may_have_pull(x));
  x = ended("a", {});
  x.why.code = failure_code::internal;
  x.why.kind = failure_class::fail;
  CHECK(may_have_pull(x));
}
