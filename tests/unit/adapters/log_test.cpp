#include "adapters/log.hpp"
#include "tests/unit/scratch_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <vector>

namespace {

using pj::log_level;
using pj::log_line;

/// Collects lines while it lives.
struct captured_log {
  captured_log() {
    pj::set_log_output([this](auto line) { lines.emplace_back(line); });
  }
  ~captured_log() {
    pj::set_log_output({});
    pj::set_log_level(log_level::info);
  }
  std::vector<std::string> lines;
};

} // namespace

TEST_CASE("lines for people have a sign, a level and nothing else") {
  captured_log log;
  log_line(log_level::info, "Cloning repository...");
  log_line(log_level::warning, "no token");
  log_line(log_level::error, "no way");
  log_line(log_level::debug, "hidden");
  log_line(log_level::off, "hidden");
  CHECK(log.lines == std::vector<std::string>{"[pj] Cloning repository...",
                                              "[pj] warning: no token",
                                              "[pj] error: no way"});
}

TEST_CASE("levels keep lines out") {
  captured_log log;
  CHECK(pj::log_shows(log_level::info));
  pj::set_log_level(log_level::error);
  CHECK_FALSE(pj::log_shows(log_level::warning));
  log_line(log_level::warning, "a");
  log_line(log_level::error, "b");
  pj::set_log_level(log_level::debug);
  log_line(log_level::debug, "c");
  pj::set_log_level(log_level::off);
  log_line(log_level::error, "d");
  CHECK(log.lines == std::vector<std::string>{"[pj] error: b", "[pj] c"});
}

TEST_CASE("levels have names") {
  CHECK(pj::log_level_from("debug") == log_level::debug);
  CHECK(pj::log_level_from("warn") == log_level::warning);
  CHECK(pj::log_level_from("warning") == log_level::warning);
  CHECK(pj::log_level_from("off") == log_level::off);
  CHECK_FALSE(pj::log_level_from("DEBUG"));
  CHECK_FALSE(pj::log_level_from(""));
}

TEST_CASE("lines cannot be forged, and hold no secret") {
  captured_log log;
  pj::add_log_secret("planted-log-secret");
  log_line(log_level::info, "a\n[pj] b\x1b[2J planted-log-secret {} %s");
  REQUIRE(log.lines.size() == 1);
  CHECK(log.lines[0] == "[pj] a\\n[pj] b\\x1b[2J *** {} %s");
  CHECK(pj::redact("planted-log-secret") == "***");
}

TEST_CASE("a line of a megabyte is cut") {
  captured_log log;
  log_line(log_level::info, std::string(1u << 20, 'x'));
  REQUIRE(log.lines.size() == 1);
  CHECK(log.lines[0].size() < 17'000);
  CHECK(log.lines[0].ends_with("…"));
}

TEST_CASE("a log file has every line with its time, for this user alone") {
  captured_log log;
  const pj::test::scratch_folder folder;
  const auto path = folder / "log";
  CHECK_FALSE(pj::log_to_file(folder / "none/log"));
  REQUIRE(pj::log_to_file(path));
  log_line(log_level::debug, "quiet");
  log_line(log_level::info, "loud");
  CHECK(log.lines == std::vector<std::string>{"[pj] loud"});
  std::ifstream in(path);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  CHECK(text.find("Z quiet\n") != text.npos);
  CHECK(text.find("Z loud\n") != text.npos);
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 077) == 0);
}
