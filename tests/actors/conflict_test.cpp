// A branch of the task's name that others have on the server.
#include "core/task/text.hpp"
#include "tests/actors/whole_engine.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace pj;

const std::string base(40, 'a');
const std::string theirs(40, 'b');
const std::string ours(40, 'c'); // what the fake's pushes give
const std::string later(40, 'd');

failure lease_lost() {
  auto out = test::permanent("branch pj/t1 on the server is elsewhere");
  out.lease_lost = true;
  return out;
}

struct fixture : test::whole_engine {
  fixture() {
    git->remote_tip = branch_tip{theirs, "By hand", base};
    for (const auto& commit : {theirs, later})
      git->others[commit] = tree_with("theirs.txt");
  }

  static std::shared_ptr<test::memory_tree> tree_with(const char* file) {
    return std::make_shared<test::memory_tree>(
      std::map<std::string, std::string, std::less<>>{{"README.md", "hello\n"},
                                                      {file, "x\n"}});
  }

  void pushed() {
    git->remote_tip = branch_tip{ours, commit_message(*spec), theirs};
  }

  /// As after a kill: the next outcome goes on with the attempt.
  void go_on() { store->rows.at("t1").state = "running"; }

  /// The tree that the last push put its commit on.
  bool built_upon(const char* file) const {
    return git->pushes.back().commit.parent.tree->find(file) != nullptr;
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "conflict: a foreign branch is left alone") {
  const auto x = outcome();
  CHECK(x.end == task_end::failed);
  CHECK(x.why.code == failure_code::git);
  CHECK(model->calls.empty());
  CHECK(git->pushes.empty());
}

TEST_CASE_METHOD(fixture, "conflict: a foreign branch is replaced by lease") {
  spec->conflict = branch_conflict::replace;
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  REQUIRE(git->pushes.size() == 1);
  CHECK(git->pushes[0].expected_tip == theirs);
  CHECK(git->pushes[0].commit.parent.commit == base);
  REQUIRE(x.warnings.size() == 1);
  CHECK(x.warnings[0].find("replacing the branch pj/t1") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "conflict: a branch that moves is looked at again") {
  spec->conflict = branch_conflict::replace;
  git->moves = {{theirs, "By hand", base}, {later, "By hand, too", theirs}};
  git->push_failures = {lease_lost()};
  SECTION("and replaced as it is then") {
    CHECK(outcome().end == task_end::succeeded);
    REQUIRE(git->pushes.size() == 2);
    CHECK(git->pushes[0].expected_tip == theirs);
    CHECK(git->pushes[1].expected_tip == later);
  }
  SECTION("but not for ever") {
    git->push_failures.assign(10, lease_lost());
    CHECK(outcome().end == task_end::failed);
    CHECK(git->pushes.size() == 3);
  }
  CHECK(model->calls.size() == 1);
}

TEST_CASE_METHOD(fixture, "conflict: without a wish a lost lease is the end") {
  git->remote_tip.reset();
  git->push_failures = {lease_lost()};
  CHECK(outcome().end == task_end::failed);
  CHECK(git->pushes.size() == 1);
}

TEST_CASE_METHOD(fixture, "conflict: the base is never replaced or updated") {
  spec->branch = "main";
  for (const auto how : {branch_conflict::replace, branch_conflict::update}) {
    spec->conflict = how;
    CHECK(outcome().end == task_end::failed);
  }
  CHECK(git->pushes.empty());
}

TEST_CASE_METHOD(fixture, "conflict: a foreign branch is built upon") {
  spec->conflict = branch_conflict::update;
  const auto x = outcome();
  CHECK(x.end == task_end::succeeded);
  REQUIRE(git->pushes.size() == 1);
  CHECK(git->pushes[0].expected_tip == theirs);
  CHECK(git->pushes[0].commit.parent.commit == theirs);
  CHECK(git->pushes[0].commit.parent.base == "main");
  CHECK(built_upon("theirs.txt"));
  CHECK(x.base_commit == base);
}

TEST_CASE_METHOD(fixture, "conflict: the model is shown what is built upon") {
  spec->conflict = branch_conflict::update;
  git->others[theirs] = std::make_shared<test::memory_tree>(
    std::map<std::string, std::string, std::less<>>{
      {"README.md", "hello\nfrom a person\n"}});
  CHECK(outcome().end == task_end::succeeded);
  std::string asked;
  for (const auto& m : model->calls.at(0).what->messages)
    asked += m.text;
  CHECK(asked.find("from a person") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "conflict: after a crash the commit is the same") {
  spec->conflict = branch_conflict::update;
  SECTION("on a foreign branch") {
    CHECK(outcome().end == task_end::succeeded);
    pushed();
    go_on();
    CHECK(outcome().end == task_end::succeeded);
    CHECK(git->pushes.back().commit.parent.commit == theirs);
  }
  SECTION("on the base") {
    git->remote_tip.reset();
    CHECK(outcome().end == task_end::succeeded);
    pushed();
    go_on();
    CHECK(outcome().end == task_end::succeeded);
    CHECK(git->pushes.back().commit.parent.commit == base);
  }
  REQUIRE(git->pushes.size() == 2);
  CHECK(git->pushes[0].commit.when == git->pushes[1].commit.when);
  CHECK(git->pushes[1].expected_tip == ours);
  CHECK(model->calls.size() == 1);
}

TEST_CASE_METHOD(fixture, "conflict: what was pushed meanwhile is built upon") {
  spec->conflict = branch_conflict::update;
  git->push_failures = {lease_lost()};
  CHECK(outcome().end == task_end::failed);
  git->remote_tip = branch_tip{later, "By hand, too", theirs};
  go_on();
  CHECK(outcome().end == task_end::succeeded);
  CHECK(git->pushes.back().commit.parent.commit == later);
  CHECK(git->pushes.back().expected_tip == later);
  CHECK(model->calls.size() == 1);
}

TEST_CASE_METHOD(fixture, "conflict: a branch that is gone is made anew") {
  spec->conflict = branch_conflict::update;
  git->push_failures = {lease_lost()};
  CHECK(outcome().end == task_end::failed);
  git->remote_tip.reset();
  go_on();
  CHECK(outcome().end == task_end::succeeded);
  CHECK(git->pushes.back().commit.parent.commit == base);
  CHECK(git->pushes.back().expected_tip.empty());
}

TEST_CASE_METHOD(fixture, "conflict: another attempt replaces its own commit") {
  spec->conflict = branch_conflict::update;
  pushed(); // by an earlier attempt
  SECTION("and keeps what others had") {
    CHECK(outcome().end == task_end::succeeded);
    CHECK(git->pushes.back().commit.parent.commit == theirs);
    CHECK(built_upon("theirs.txt"));
  }
  SECTION("or begins at the base, if that did") {
    git->remote_tip->parent = base;
    CHECK(outcome().end == task_end::succeeded);
    CHECK(git->pushes.back().commit.parent.commit == base);
  }
  CHECK(git->pushes.back().expected_tip == ours);
}

TEST_CASE_METHOD(fixture, "conflict: a plan sees what it will be built upon") {
  spec->conflict = branch_conflict::update;
  spec->dry_run = true;
  CHECK(outcome().end == task_end::succeeded);
  CHECK(git->pushes.empty());
  spec = std::make_shared<task_spec>(*spec);
  spec->dry_run = false;
  CHECK(outcome().end == task_end::succeeded);
  CHECK(git->pushes.back().commit.parent.commit == theirs);
  CHECK(model->calls.size() == 1);
}
