#include "adapters/work_tree/scratch_work_tree.hpp"

#include "adapters/process/scratch.hpp"
#include "tests/support/fake_git.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>

using namespace pj;
namespace fs = std::filesystem;

namespace {

/// Remembers where it was asked to run.
struct nearby final : process_port {
  result<command_result> run(const command& what, std::stop_token) override {
    folder = what.folder;
    return command_result{};
  }
  bool available(const std::string& program) const override {
    return program == "sh";
  }
  fs::path folder;
};

struct bench {
  scratch_folder parent{fs::temp_directory_path(), "pj-test-"};
  std::shared_ptr<nearby> process = std::make_shared<nearby>();
  std::shared_ptr<work_tree_port> places = make_work_trees(
    std::make_shared<checkout_git>(), process, parent.path() / "scratch");
};

} // namespace

TEST_CASE("a work tree holds the files, runs commands there, and goes") {
  bench b;
  {
    const auto made = b.places->make();
    REQUIRE(made);
    auto& tree = **made;
    REQUIRE(tree.fill(snapshot_of({{"a/b.txt", "text"}}), nullptr, "", {}));
    CHECK(tree.has("a/b.txt"));
    CHECK(tree.has("a"));
    CHECK_FALSE(tree.has("b"));
    CHECK(tree.read("a/b.txt") == "text");
    CHECK(tree.read("nowhere").empty());
    CHECK(tree.available("sh"));
    CHECK_FALSE(tree.available("zsh"));
    REQUIRE(tree.run({}, {}));
    CHECK(fs::exists(b.process->folder / "a/b.txt"));
  }
  CHECK(fs::is_empty(b.parent.path() / "scratch"));
}

TEST_CASE("the next files take the same place and may keep a folder") {
  bench b;
  const auto made = b.places->make();
  REQUIRE(made);
  auto& tree = **made;
  REQUIRE(tree.fill(snapshot_of({{"old.txt", ""}}), nullptr, "", {}));
  REQUIRE(tree.run({}, {}));
  const auto place = b.process->folder;
  fs::create_directory(place / "modules");
  std::ofstream(place / "modules/x") << "kept";
  REQUIRE(tree.fill(snapshot_of({{"new.txt", ""}}), nullptr, "modules", {}));
  CHECK_FALSE(tree.has("old.txt"));
  CHECK(tree.has("new.txt"));
  CHECK(tree.read("modules/x") == "kept");
  REQUIRE(tree.run({}, {}));
  CHECK(b.process->folder == place);

  // What the files bring themselves wins; what is not asked for goes.
  REQUIRE(
    tree.fill(snapshot_of({{"modules/x", "own"}}), nullptr, "modules", {}));
  CHECK(tree.read("modules/x") == "own");
  REQUIRE(tree.fill(snapshot_of({{"a", ""}}), nullptr, "", {}));
  CHECK_FALSE(tree.has("modules"));
}

TEST_CASE(
  "a folder that cannot be made is this machine's fault, not the change's") {
  const scratch_folder parent(fs::temp_directory_path(), "pj-test-");
  const auto file = parent.path() / "file";
  std::ofstream(file) << "no folder";
  const auto made =
    make_work_trees(std::make_shared<checkout_git>(),
                    std::make_shared<nearby>(), file / "scratch")
      ->make();
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == failure_class::fail);
  CHECK(made.error().code == failure_code::internal);
  CHECK(made.error().what == "the checks need a folder below " +
                               (file / "scratch").string() +
                               ", which cannot be made (Not a directory): free "
                               "some space or make it writable, or set "
                               "XDG_STATE_HOME to a folder that is");
}
