#include "adapters/environment.hpp"
#include "adapters/files.hpp"
#include "adapters/log.hpp"
#include "tests/unit/hidden_case.hpp"
#include "tests/unit/scratch_folder.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace {

namespace fs = std::filesystem;

using scratch = pj::test::scratch_folder;

void write_file(const fs::path& path, std::string_view text, mode_t mode) {
  std::ofstream(path) << text;
  ::chmod(path.c_str(), mode);
}

} // namespace

TEST_CASE("child: secrets leave the environment", "[.child]") {
  const auto taken = pj::take_environment();
  CHECK(taken.at("GITHUB_TOKEN").value == "planted-token");
  CHECK(taken.at("GITHUB_TOKEN").source == "GITHUB_TOKEN");
  CHECK(taken.at("TASK_ID").value == "t");
  CHECK(taken.at("HOME").value == "/h");
  CHECK(taken.count("UNKNOWN") == 0);
  CHECK(::getenv("GITHUB_TOKEN") == nullptr);
  CHECK(::getenv("OPENAI_API_KEY") == nullptr);
  CHECK(std::string(::getenv("TASK_ID")) == "t");
  std::ifstream block("/proc/self/environ");
  const std::string seen{std::istreambuf_iterator<char>(block), {}};
  CHECK(seen.find("TASK_ID=t") != seen.npos);
  CHECK(seen.find("planted") == seen.npos);
  CHECK(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
  CHECK(pj::redact("x planted-token y") == "x *** y");
}

TEST_CASE("secrets are wiped from the environment block") {
  const auto child = pj::test::start_hidden_case(
    "child: secrets leave the environment",
    {"GITHUB_TOKEN=planted-token", "TASK_ID=t", "HOME=/h",
     "OPENAI_API_KEY=planted-key", "UNKNOWN=x", "GITHUB_TOKEN=planted-again",
     "WEBHOOK_SECRET=planted-secret"},
    STDERR_FILENO);
  CHECK(pj::test::exit_code_of(child) == 0);
}

TEST_CASE("the user's folders follow XDG, then HOME") {
  const pj::settings both = {{"HOME", {"/home/me", ""}},
                             {"XDG_STATE_HOME", {"/state", ""}},
                             {"XDG_CACHE_HOME", {"relative", ""}}};
  const auto got = pj::find_user_folders(both);
  REQUIRE(got);
  CHECK(got->config == "/home/me/.config/pj");
  CHECK(got->state == "/state/pithy-jaunt");
  CHECK(got->cache == "/home/me/.cache/pithy-jaunt");
}

TEST_CASE("configuration files are found, missing or refused") {
  const scratch folder;
  CHECK(pj::load_settings_file(folder / "none", true)->empty());
  CHECK_FALSE(pj::load_settings_file(folder / "none", false));
  const auto file = folder / "config.yaml";
  write_file(file, "model: m\ngithub_token: t0k3n-x\n", 0644);
  const auto open = pj::load_settings_file(file, true);
  REQUIRE_FALSE(open);
  CHECK(open.error().what.find("config.yaml:2") != std::string::npos);
  ::chmod(file.c_str(), 0600);
  const auto closed = pj::load_settings_file(file, true);
  REQUIRE(closed);
  CHECK(closed->at("GITHUB_TOKEN").value == "t0k3n-x");
}

TEST_CASE("whole files are read, within bounds") {
  const scratch folder;
  const auto file = folder / "f";
  write_file(file, std::string("a\0b", 3), 0600);
  CHECK(*pj::read_whole_file(file, 3) == std::string("a\0b", 3));
  CHECK_FALSE(pj::read_whole_file(file, 2));
  CHECK_FALSE(pj::read_whole_file("/dev/zero", 1u << 20));
  CHECK_FALSE(pj::read_whole_file(folder / "", 10));
  const auto missing = pj::read_whole_file(folder / "a\nb", 10);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().what.find("a\\nb: No such file") != std::string::npos);
}

TEST_CASE("folders are made for this user alone") {
  const scratch folder;
  REQUIRE(pj::make_private_folder(folder / "a/b/c"));
  CHECK(pj::make_private_folder(folder / "a/b/c/"));
  struct stat info {};
  REQUIRE(::stat((folder / "a/b").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0700);
  write_file(folder / "f", "", 0600);
  CHECK_FALSE(pj::make_private_folder(folder / "f"));
  CHECK_FALSE(pj::make_private_folder(folder / "f/x"));
}
