#include "adapters/process/scratch.hpp"
#include "tests/unit/scratch_folder.hpp"

#include <catch2/catch_test_macros.hpp>

namespace fs = std::filesystem;

TEST_CASE("a scratch folder makes the folders above it and goes alone") {
  const pj::test::scratch_folder home;
  const auto parent = home.path() / "cache/scratch";
  fs::path made;
  {
    const pj::scratch_folder one{parent};
    made = one.path();
    CHECK(fs::is_directory(made));
    CHECK(made.parent_path() == parent);
  }
  CHECK_FALSE(fs::exists(made));
  CHECK(fs::is_directory(parent));
}
