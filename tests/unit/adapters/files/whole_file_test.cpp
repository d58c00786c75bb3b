#include "adapters/files.hpp"
#include "tests/unit/scratch_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <fcntl.h>

#include <array>
#include <iterator>

using namespace pj;

namespace {

std::size_t files_in(const std::filesystem::path& folder) {
  const std::filesystem::directory_iterator all(folder);
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

} // namespace

TEST_CASE("a whole file is made, and replaced without a trace") {
  const test::scratch_folder folder;
  const auto path = folder / "page.html";
  REQUIRE(write_whole_file(path, "one"));
  CHECK(*read_whole_file(path, 100) == "one");
  REQUIRE(write_whole_file(path, "two"));
  CHECK(*read_whole_file(path, 100) == "two");
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a whole file that cannot be written is a failure without a trace") {
  const test::scratch_folder folder;
  const auto no = write_whole_file(folder / "missing" / "x", "one");
  REQUIRE_FALSE(no);
  CHECK(no.error().what.find("No such file") != std::string::npos);
  std::filesystem::create_directories(folder / "taken");
  CHECK_FALSE(write_whole_file(folder / "taken", "one"));
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a pipe is written into, not replaced") {
  const test::scratch_folder folder;
  const auto path = folder / "pipe";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
  REQUIRE(reader >= 0);
  REQUIRE(write_whole_file(path, "one"));
  std::array<char, 10> bytes{};
  CHECK(::read(reader, bytes.data(), bytes.size()) == 3);
  ::close(reader);
}
