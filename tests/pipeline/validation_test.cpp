#include "actors/validation.hpp"
#include "adapters/process/runner.hpp"
#include "adapters/process/scratch.hpp"
#include "adapters/work_tree/scratch_work_tree.hpp"
#include "tests/support/fake_git.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
namespace fs = std::filesystem;

namespace {

constexpr const char* own_checks = R"(
validate:
  - name: adds up
    command: sh ./test.sh
  - name: style
    command: "! grep -n TODO sum.txt"
    blocking: false
  - name: fancy
    command: pj-no-such-tool --all
)";

/// Adds the numbers of sum.txt; the base has one test that fails anyway.
constexpr const char* test_script = R"sh(
code=0
[ "$(head -n 1 sum.txt)" = 4 ] || {
  echo "FAIL first: $(pwd)";
  code = 1;
}
echo "FAIL broken long ago: $$ in $(date +%N)ns"
exit 1
)sh";

file_change becomes(std::string path, std::string content) {
  file_change out;
  out.path = std::move(path);
  out.content = std::move(content);
  return out;
}

struct real_run {
  scratch_folder scratch{fs::temp_directory_path(), "pj-test-"};
  std::shared_ptr<process_runner> process = make_process_runner({});
  std::shared_ptr<checkout_git> git = std::make_shared<checkout_git>();

  validation_report run(const memory_tree& tree, const change_set& change) {
    const auto places = make_work_trees(git, process, scratch.path());
    auto out = validate(snapshot_of(tree), change, {}, *places, {});
    REQUIRE(out);
    CHECK(fs::is_empty(scratch.path()));
    return *std::move(out);
  }
};

} // namespace

TEST_CASE("own checks run for real, and the base is asked what it thinks") {
  const memory_tree tree{
    {".pj.yaml", own_checks}, {"test.sh", test_script}, {"sum.txt", "4\n"}};
  real_run real;
  change_set good;
  good.files = {becomes("sum.txt", "4\nTODO more\n")};
  const auto kept = real.run(tree, good);
  REQUIRE(kept.checks.size() == 3);
  CHECK(kept.ok());
  CHECK(kept.checks[0].outcome == check_outcome::already_failing);
  CHECK(kept.checks[1].outcome == check_outcome::warned);
  CHECK(kept.checks[1].output == "2:TODO more\n");
  CHECK(kept.checks[2].outcome == check_outcome::not_run);
  change_set bad;
  bad.files = {becomes("sum.txt", "5\n")};
  const auto refused = real.run(tree, bad);
  CHECK_FALSE(refused.ok());
  CHECK(refused.checks[0].outcome == check_outcome::failed);
  CHECK(refused.checks[0].output.find("FAIL first") != std::string::npos);
}

TEST_CASE("a node project without packages is tested for real") {
  real_run real;
  if (!real.process->available("npm"))
    return;
  const memory_tree tree{
    {"package.json", R"({"scripts": {"test": "node --test"}})"},
    {"sum.js", "exports.sum = (a, b) => a + b;\n"},
    {"sum.test.js", "const { test } = require('node:test');\n"
                    "const { sum } = require('./sum.js');\n"
                    "test('sums', () => require('node:assert')"
                    ".strictEqual(sum(1, 2), 3));\n"}};
  change_set bad;
  bad.files = {becomes("sum.js", "exports.sum = (a, b) => a - b;\n")};
  const auto refused = real.run(tree, bad);
  CHECK_FALSE(refused.ok());
  CHECK(real.git->checkouts == 2);
  change_set good;
  good.files = {becomes("sum.js", "exports.sum = (a, b) => b + a;\n")};
  CHECK(real.run(tree, good).ok());
}
