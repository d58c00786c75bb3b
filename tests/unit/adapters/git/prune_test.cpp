#include "adapters/git/prune.hpp"
#include "tests/unit/adapters/git/world.hpp"

#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

using namespace pj;
using namespace pj::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr cache_limits no_limit{1u << 30, 1h};
constexpr cache_limits nothing_kept{0, 1h};

/// A folder that looks like a mirror, last used so long ago.
fs::path fake_mirror(const fs::path& cache, const std::string& name,
                     std::chrono::seconds ago, std::size_t bytes) {
  const auto folder = cache / (name + ".git");
  fs::create_directories(folder);
  std::ofstream(folder / "pack") << std::string(bytes, 'x');
  std::ofstream(folder / "HEAD");
  fs::last_write_time(folder / "HEAD", fs::file_time_type::clock::now() - ago);
  return folder;
}

} // namespace

TEST_CASE("git: mirrors that nobody used lately are removed") {
  const scratch_folder cache;
  const auto old = fake_mirror(cache.path(), "old", 2h, 1000);
  const auto fresh = fake_mirror(cache.path(), "fresh", 1min, 1000);
  const auto gone = prune_mirrors(cache.path(), no_limit);
  CHECK(gone.mirrors == 1);
  CHECK(gone.bytes == 1000);
  CHECK_FALSE(fs::exists(old));
  CHECK(fs::exists(fresh));
  CHECK(prune_mirrors(cache.path(), no_limit).mirrors == 0);
}

TEST_CASE("git: the least recently used mirrors make room") {
  const scratch_folder cache;
  const auto first = fake_mirror(cache.path(), "a", 3min, 1000);
  const auto third = fake_mirror(cache.path(), "b", 1min, 1000);
  const auto second = fake_mirror(cache.path(), "c", 2min, 1000);
  CHECK(prune_mirrors(cache.path(), {2500, 1h}).mirrors == 1);
  CHECK_FALSE(fs::exists(first));
  CHECK(prune_mirrors(cache.path(), {1000, 1h}).mirrors == 1);
  CHECK_FALSE(fs::exists(second));
  CHECK(fs::exists(third));
}

TEST_CASE("git: only mirrors are removed, and what an earlier removal left") {
  const scratch_folder cache;
  std::ofstream(cache.path() / "notes.git") << "a file";
  fs::create_directories(cache.path() / "mine");
  fs::create_directories(cache.path() / "x.git.gone/objects");
  CHECK(prune_mirrors(cache.path(), nothing_kept).mirrors == 0);
  CHECK(fs::exists(cache.path() / "notes.git"));
  CHECK(fs::exists(cache.path() / "mine"));
  CHECK_FALSE(fs::exists(cache.path() / "x.git.gone"));
  CHECK(prune_mirrors(cache.path() / "nowhere", nothing_kept).mirrors == 0);
}

TEST_CASE("git: a mirror in use stays, whoever uses it") {
  world w;
  w.seed();
  const auto at = need(w.fetch());
  CHECK(prune_mirrors(w.options.cache, nothing_kept).mirrors == 0);
  CHECK(need(at.tree->read("README.md")) == "hello\n");

  // Another process.
  const auto other = ::fork();
  if (other == 0)
    ::_exit(
      static_cast<int>(prune_mirrors(w.options.cache, nothing_kept).mirrors));
  int status = -1;
  REQUIRE(::waitpid(other, &status, 0) == other);
  CHECK(status == 0);
  CHECK(fs::exists(at.mirror));

  // Nobody any more.
  w.end_engine();
  CHECK(prune_mirrors(w.options.cache, nothing_kept).mirrors == 1);
  CHECK_FALSE(fs::exists(at.mirror));
  CHECK(need(w.fetch()).commit == at.commit);
}

TEST_CASE("git: a fetch makes its mirror the last used") {
  world w;
  w.seed();
  const auto at = need(w.fetch());
  const auto long_ago = fs::file_time_type::clock::now() - 2h;
  fs::last_write_time(at.mirror / "HEAD", long_ago);
  w.end_engine();
  need(w.fetch());
  w.end_engine();
  CHECK(prune_mirrors(w.options.cache, no_limit).mirrors == 0);
}
