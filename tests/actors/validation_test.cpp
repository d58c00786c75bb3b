#include "actors/validation.hpp"
#include "adapters/process/scratch.hpp"
#include "tests/support/fake_git.hpp"

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <set>

using namespace pj;
namespace fs = std::filesystem;

namespace {

std::string joined(const std::vector<std::string>& argv) {
  std::string out;
  for (const auto& word : argv)
    out += (out.empty() ? "" : " ") + word;
  return out;
}

/// Answers commands by a function of the command line and the folder.
class fake_process : public process_port {
public:
  using answer = std::function<result<command_result>(const std::string& line,
                                                      const fs::path& folder)>;

  result<command_result> run(const command& what, std::stop_token) override {
    lines.push_back(joined(what.argv));
    last = what;
    return on_run ? on_run(lines.back(), what.folder)
                  : result<command_result>(command_result{});
  }

  bool available(const std::string& program) const override {
    return missing.count(program) == 0;
  }

  answer on_run;
  std::set<std::string> missing;
  std::vector<std::string> lines;
  command last;
};

command_result ends(int code, std::string output = {}) {
  command_result out;
  out.exit_code = code;
  out.output = std::move(output);
  return out;
}

struct bench {
  checkout_git git;
  fake_process process;
  scratch_folder scratch{fs::temp_directory_path(), "pj-test-"};
  change_set change;

  explicit bench(std::vector<file_change> files = {}) {
    change.files = std::move(files);
  }

  result<validation_report> run(memory_tree tree,
                                const std::vector<check_spec>& extra = {}) {
    auto out = validate(snapshot_of(std::move(tree)), change, extra, git,
                        process, scratch.path(), {});
    CHECK(fs::is_empty(scratch.path()));
    return out;
  }

  check_report only(memory_tree tree,
                    const std::vector<check_spec>& extra = {}) {
    auto out = run(std::move(tree), extra);
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
  CHECK(b.git.checkouts == 0);
}

TEST_CASE("a check runs on the changed files, and passes") {
  bench b({modified("a.txt", "new")});
  b.process.on_run = [](auto&, const fs::path& folder) {
    std::ifstream in(folder / "a.txt");
    std::string text;
    in >> text;
    return ends(text == "new" ? 0 : 1);
  };
  const auto check = b.only({{"a.txt", "old"}}, {own("x")});
  CHECK(check.outcome == check_outcome::passed);
  CHECK(check.line == "own: passed in 0.0 s");
  CHECK(b.git.checkouts == 1);
  CHECK(b.process.last.sandboxed);
  CHECK(b.process.last.timeout == std::chrono::minutes{1});
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
  b.process.on_run = [&](auto&, auto&) {
    return b.git.checkouts == 1 ? ends(1, "1 failed: b\n") : ends(0);
  };
  const auto check = b.only({{"a.txt", "old"}}, {own("x")});
  CHECK(check.outcome == check_outcome::failed);
  CHECK(check.line == "own: failed, exit code 1 after 0.0 s");
  CHECK(check.output == "1 failed: b\n");
  CHECK(b.git.checkouts == 2);
}

TEST_CASE("a check that fails on the base in the same way does not block") {
  bench b({modified("a.txt", "new")});
  b.process.on_run = [](auto&, auto&) { return ends(1, "1 failed: b\n"); };
  auto check = b.only({{"a.txt", "old"}}, {own("x")});
  CHECK(check.outcome == check_outcome::already_failing);
  CHECK(check.line ==
        "own: already failing without the change, exit code 1 after 0.0 s");
  // In another way it does.
  b.git.checkouts = 0;
  b.process.on_run = [&](auto&, auto&) {
    return ends(1, b.git.checkouts == 1 ? "failed: c\n" : "failed: b\n");
  };
  CHECK(b.only({{"a.txt", "old"}}, {own("x")}).outcome ==
        check_outcome::failed);
}

TEST_CASE("a check that does not block warns, without a look at the base") {
  bench b;
  b.process.on_run = [](auto&, auto&) { return ends(1, "ugly\n"); };
  const auto check = b.only({{"a", ""}}, {own("x", false)});
  CHECK(check.outcome == check_outcome::warned);
  CHECK(b.git.checkouts == 1);
}

TEST_CASE("a check that takes too long fails") {
  bench b;
  b.process.on_run = [&](auto&, auto&) {
    auto out = ends(b.git.checkouts == 1 ? 143 : 0);
    out.timed_out = b.git.checkouts == 1;
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
    CHECK(b.process.lines ==
          std::vector<std::string>{command, "npm test", "sh -c npx x"});
  }
}

TEST_CASE("installed packages serve the base too when it wants the same") {
  for (const bool touched : {false, true}) {
    CAPTURE(touched);
    bench b({modified(touched ? "package-lock.json" : "a.js", "{ }")});
    b.process.on_run = [](const std::string& line, const fs::path& folder) {
      if (line == "npm ci")
        fs::create_directory(folder / "node_modules");
      return ends(line == "npm ci" ? 0 : 1, "failed\n");
    };
    CHECK(b.only(node_project()).outcome == check_outcome::already_failing);
    CHECK(b.process.lines.size() == (touched ? 4 : 3));
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
  b.process.missing = {"npm"};
  CHECK(why(b, node_project()) == "tests: not run: npm is not installed");
  b.process.missing = {};
  CHECK(why(b, node_project("")) ==
        "tests: not run: no lock file to install the dependencies from");
  b.process.on_run = [](auto&, auto&) { return ends(1, "a\nnpm ERR! no\n"); };
  CHECK(why(b, node_project()) == "tests: not run: npm ci failed: npm ERR! no");
  CHECK(why(b, {{"tsconfig.json", "{}"}}) ==
        "types: not run: tsc is not among the dependencies");
  b.process.on_run = [](auto&, auto&) {
    return ends(127, "sh: 1: pytest: not found\n");
  };
  CHECK(why(b, {{"a", ""}}, {own("pytest")}) ==
        "own: not run: a command is not installed: sh: 1: pytest: not "
        "found");
  b.process.on_run = [](auto&, auto&) -> result<command_result> {
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
  CHECK(b.process.lines == std::vector<std::string>{"npm test"});
}

TEST_CASE("a project without packages needs no install") {
  bench b;
  REQUIRE(b.run({{"package.json", R"({"scripts": {"test": "x"}})"}}));
  CHECK(b.process.lines == std::vector<std::string>{"npm test"});
}

TEST_CASE("a stop ends the validation") {
  bench b;
  b.process.on_run = [](auto&, auto&) -> result<command_result> {
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
  b.process.on_run = [&](auto&, auto&) { return ends(0, text); };
  const auto check = b.only({{"a", ""}}, {own("x")});
  CHECK(check.output.size() < 21'000);
  CHECK(check.output.starts_with("first\n"));
  CHECK(check.output.ends_with("line 49999\n"));
}
