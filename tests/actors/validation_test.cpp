#include "actors/validation.hpp"
#include "core/changed_tree.hpp"
#include "tests/support/fake_git.hpp"

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <map>
#include <set>

using namespace pj;

namespace {

std::string joined(const std::vector<std::string>& argv) {
  std::string out;
  for (const auto& word : argv)
    out += (out.empty() ? "" : " ") + word;
  return out;
}

/// What happens in a work tree, and what is there.
struct scene {
  std::function<result<command_result>(const std::string& line)> on_run;
  std::set<std::string> missing; ///< programs
  std::map<std::string, std::string> files;
  std::vector<std::string> lines; ///< commands that ran
  command last;
  int fills = 0;
};

/// A folder that is only a list of files.
class fake_tree : public work_tree {
public:
  explicit fake_tree(scene& now) : now_(now) {}

  result<done> fill(const snapshot& from, const change_set* change,
                    const std::string& kept, std::stop_token) override {
    ++now_.fills;
    std::map<std::string, std::string> fresh;
    for (const auto& [path, text] : now_.files)
      if (!kept.empty() && path.starts_with(kept + "/"))
        fresh[path] = text;
    const change_set none;
    const changed_tree tree(*from.tree, change ? *change : none);
    for (const auto& entry : tree.entries())
      fresh[entry.path] = *tree.read(entry.path);
    now_.files = std::move(fresh);
    return done{};
  }

  bool has(const std::string& path) const override {
    const auto next = now_.files.lower_bound(path);
    return next != now_.files.end() &&
           (next->first == path || next->first.starts_with(path + "/"));
  }

  std::string read(const std::string& path) const override {
    const auto at = now_.files.find(path);
    return at == now_.files.end() ? "" : at->second;
  }

  bool available(const std::string& program) const override {
    return now_.missing.count(program) == 0;
  }

  result<command_result> run(command what, std::stop_token) override {
    now_.lines.push_back(joined(what.argv));
    now_.last = std::move(what);
    return now_.on_run ? now_.on_run(now_.lines.back())
                       : result<command_result>(command_result{});
  }

private:
  scene& now_;
};

/// Makes trees of one scene, or fails.
struct fake_places : work_tree_port {
  explicit fake_places(scene& s) : now(s) {}

  result<std::unique_ptr<work_tree>> make() override {
    if (broken)
      return *broken;
    return std::unique_ptr<work_tree>(std::make_unique<fake_tree>(now));
  }

  scene& now;
  std::optional<failure> broken;
};

command_result ends(int code, std::string output = {}) {
  command_result out;
  out.exit_code = code;
  out.output = std::move(output);
  return out;
}

struct bench {
  scene tree;
  fake_places places{tree};
  change_set change;

  explicit bench(std::vector<file_change> files = {}) {
    change.files = std::move(files);
  }

  result<validation_report> run(memory_tree base,
                                const std::vector<check_spec>& extra = {}) {
    return validate(snapshot_of(std::move(base)), change, extra, places, {});
  }

  check_report only(memory_tree base,
                    const std::vector<check_spec>& extra = {}) {
    auto out = run(std::move(base), extra);
    REQUIRE(out);
    REQUIRE(out->checks.size() == 1);
    return out->checks[0];
  }
};

file_change modified(std::string path, std::string content) {
  file_change out;
  out.path = std::move(path);
  out.content = std::move(content);
  return out;
}

check_spec own(std::string command, bool blocking = true) {
  return {"own", std::move(command), blocking, std::chrono::minutes{1}};
}

memory_tree node_project(const std::string& lock = "package-lock.json") {
  memory_tree out{{"package.json", R"({"scripts": {"test": "x"},
                                       "devDependencies": {"y": "1"}})"}};
  if (!lock.empty())
    out.add(lock, "{}");
  return out;
}

} // namespace

TEST_CASE("without checks nothing is checked out") {
  bench b;
  const auto out = b.run({{"a.py", ""}});
  REQUIRE(out);
  CHECK(out->checks.empty());
  CHECK(b.tree.fills == 0);
}

TEST_CASE("a check runs on the changed files, and passes") {
  bench b({modified("a.txt", "new")});
  b.tree.on_run = [&](auto&) {
    return ends(b.tree.files["a.txt"] == "new" ? 0 : 1);
  };
  const auto check = b.only({{"a.txt", "old"}}, {own("x")});
  CHECK(check.outcome == check_outcome::passed);
  CHECK(check.line == "own: passed in 0.0 s");
  CHECK(b.tree.fills == 1);
  CHECK(b.tree.last.sandboxed);
  CHECK(b.tree.last.timeout == std::chrono::minutes{1});
}

TEST_CASE("the change decides which checks there are") {
  bench b({modified(".pj.yaml", "validate: [{name: n, command: c}]")});
  CHECK(b.only({{"a", ""}}).name == "n");
  b.change.files[0].content = "validate: 7";
  const auto out = b.run({{"a", ""}});
  REQUIRE_FALSE(out);
  CHECK(out.error().what.starts_with(".pj.yaml line 1"));
}

TEST_CASE("a blocking check that fails only with the change blocks") {
  bench b({modified("a.txt", "new")});
  b.tree.on_run = [&](auto&) {
    return b.tree.fills == 1 ? ends(1, "1 failed: b\n") : ends(0);
  };
  const auto check = b.only({{"a.txt", "old"}}, {own("x")});
  CHECK(check.outcome == check_outcome::failed);
  CHECK(check.line == "own: failed, exit code 1 after 0.0 s");
  CHECK(check.output == "1 failed: b\n");
  CHECK(b.tree.fills == 2);
}

TEST_CASE("a check that fails on the base in the same way does not block") {
  bench b({modified("a.txt", "new")});
  b.tree.on_run = [](auto&) { return ends(1, "1 failed: b\n"); };
  auto check = b.only({{"a.txt", "old"}}, {own("x")});
  CHECK(check.outcome == check_outcome::already_failing);
  CHECK(check.line ==
        "own: already failing without the change, exit code 1 after 0.0 s");
  // In another way it does.
  b.tree.fills = 0;
  b.tree.on_run = [&](auto&) {
    return ends(1, b.tree.fills == 1 ? "failed: c\n" : "failed: b\n");
  };
  CHECK(b.only({{"a.txt", "old"}}, {own("x")}).outcome ==
        check_outcome::failed);
}

TEST_CASE("a check that does not block warns, without a look at the base") {
  bench b;
  b.tree.on_run = [](auto&) { return ends(1, "ugly\n"); };
  const auto check = b.only({{"a", ""}}, {own("x", false)});
  CHECK(check.outcome == check_outcome::warned);
  CHECK(b.tree.fills == 1);
}

TEST_CASE("a check that takes too long fails") {
  bench b;
  b.tree.on_run = [&](auto&) {
    auto out = ends(b.tree.fills == 1 ? 143 : 0);
    out.timed_out = b.tree.fills == 1;
    out.took = std::chrono::seconds{60};
    return out;
  };
  const auto check = b.only({{"a", ""}}, {own("x")});
  CHECK(check.outcome == check_outcome::failed);
  CHECK(check.line == "own: failed, stopped after 60.0 s");
}

TEST_CASE("dependencies come first, once, from the lock file") {
  for (const auto& [lock, command] :
       {std::pair{"package-lock.json", "npm ci"},
        std::pair{"pnpm-lock.yaml", "pnpm install --frozen-lockfile"},
        std::pair{"yarn.lock", "yarn install --frozen-lockfile"}}) {
    bench b;
    const auto out = b.run(node_project(lock), {own("npx x")});
    REQUIRE(out);
    CHECK(b.tree.lines ==
          std::vector<std::string>{command, "npm test", "sh -c npx x"});
  }
}

TEST_CASE("installed packages serve the base too when it wants the same") {
  for (const bool touched : {false, true}) {
    CAPTURE(touched);
    bench b({modified(touched ? "package-lock.json" : "a.js", "{ }")});
    b.tree.on_run = [&](const std::string& line) {
      if (line == "npm ci")
        b.tree.files["node_modules/y/index.js"] = "";
      return ends(line == "npm ci" ? 0 : 1, "failed\n");
    };
    CHECK(b.only(node_project()).outcome == check_outcome::already_failing);
    CHECK(b.tree.lines.size() == (touched ? 4 : 3));
  }
}

TEST_CASE("a check whose tools are not there is not run") {
  const auto why = [](bench& b, memory_tree tree,
                      const std::vector<check_spec>& extra = {}) {
    const auto check = b.only(std::move(tree), extra);
    CHECK(check.outcome == check_outcome::not_run);
    return check.line;
  };
  bench b;
  b.tree.missing = {"npm"};
  CHECK(why(b, node_project()) == "tests: not run: npm is not installed");
  b.tree.missing = {};
  CHECK(why(b, node_project("")) ==
        "tests: not run: no lock file to install the dependencies from");
  b.tree.on_run = [](auto&) { return ends(1, "a\nnpm ERR! no\n"); };
  CHECK(why(b, node_project()) == "tests: not run: npm ci failed: npm ERR! no");
  CHECK(why(b, {{"tsconfig.json", "{}"}}) ==
        "types: not run: tsc is not among the dependencies");
  b.tree.on_run = [](auto&) { return ends(127, "sh: 1: pytest: not found\n"); };
  CHECK(why(b, {{"a", ""}}, {own("pytest")}) ==
        "own: not run: a command is not installed: sh: 1: pytest: not "
        "found");
  b.tree.on_run = [](auto&) -> result<command_result> {
    return failure{failure_class::fail,
                   failure_code::configuration,
                   "cannot run sh: no memory",
                   {},
                   {}};
  };
  CHECK(why(b, {{"a", ""}}, {own("x")}) ==
        "own: not run: cannot run sh: no memory");
}

TEST_CASE("packages that are there are not installed again") {
  bench b;
  auto tree = node_project();
  tree.add("node_modules/y/index.js", "");
  REQUIRE(b.run(std::move(tree)));
  CHECK(b.tree.lines == std::vector<std::string>{"npm test"});
}

TEST_CASE("a project without packages needs no install") {
  bench b;
  REQUIRE(b.run({{"package.json", R"({"scripts": {"test": "x"}})"}}));
  CHECK(b.tree.lines == std::vector<std::string>{"npm test"});
}

TEST_CASE("a stop ends the validation") {
  bench b;
  b.tree.on_run = [](auto&) -> result<command_result> {
    return failure{
      failure_class::cancelled, failure_code::interrupted, "stopped", {}, {}};
  };
  for (auto* tree : {"npm ci", "own"}) {
    const auto out = tree == std::string("own") ? b.run({{"a", ""}}, {own("x")})
                                                : b.run(node_project());
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == failure_class::cancelled);
  }
}

TEST_CASE("a long output is cut for the report, its end kept") {
  bench b;
  std::string text = "first\n";
  for (int i = 0; i < 50'000; ++i)
    text += "line " + std::to_string(i) + '\n';
  b.tree.on_run = [&](auto&) { return ends(0, text); };
  const auto check = b.only({{"a", ""}}, {own("x")});
  CHECK(check.output.size() < 21'000);
  CHECK(check.output.starts_with("first\n"));
  CHECK(check.output.ends_with("line 49999\n"));
}

TEST_CASE("a check that the change removes is told, and does not block") {
  const auto project = R"({"scripts": {"test": "x", "lint": "y"}})";
  bench b({modified("package.json", R"({"scripts": {"lint": "y"}})")});
  const auto out = b.run({{"package.json", project}});
  REQUIRE(out);
  CHECK(out->ok());
  REQUIRE(out->checks.size() == 2);
  CHECK(out->checks[0].name == "lint");
  CHECK(out->checks[1].outcome == check_outcome::removed);
  CHECK(out->checks[1].line == "tests: not run: the change removes it");

  // The only one too, and without a work tree.
  bench alone({modified(".pj.yaml", "validate: []")});
  const auto gone =
    alone.only({{".pj.yaml", "validate: [{name: n, command: c}]"}});
  CHECK(gone.line == "n: not run: the change removes it");
  CHECK(alone.tree.fills == 0);
}

TEST_CASE("a base whose own checks cannot be read has none to lose") {
  bench b({modified(".pj.yaml", "validate: [{name: n, command: c}]")});
  CHECK(b.only({{".pj.yaml", "validate: 7"}}).name == "n");
}

TEST_CASE("without a work tree the change is not called wrong") {
  bench b;
  b.places.broken = failure{failure_class::fail,
                            failure_code::internal,
                            "the checks need a folder",
                            {},
                            {}};
  const auto out = b.run({{"a", ""}}, {own("x")});
  REQUIRE_FALSE(out);
  CHECK(out.error().code == failure_code::internal);
  CHECK(out.error().what == "the checks need a folder");
}
