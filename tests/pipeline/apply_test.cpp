#include "world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>
#include <fstream>
#include <string_view>

using namespace pj;
using namespace pj::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const std::map<std::string, std::string> bare = {{"PATH", "/usr/bin:/bin"}};

std::vector<std::string> apply_in(const fs::path& root) {
  return {PJ_BINARY_DIR "/pj", "apply",   "--root",
          root.string(),       "--input", "-"};
}

ending applied(const fs::path& root, std::string_view answer,
               const std::vector<std::string>& more = {}) {
  auto argv = apply_in(root);
  argv.insert(argv.end(), more.begin(), more.end());
  return program(argv, bare, answer).wait();
}

std::string new_file(const std::string& path, const std::string& text) {
  return path + "\n<<<<<<< SEARCH\n=======\n" + text + "\n>>>>>>> REPLACE\n\n";
}

std::vector<std::string> all_in(const fs::path& root) {
  std::vector<std::string> out;
  for (const auto& e : fs::recursive_directory_iterator(root))
    out.push_back(e.path().lexically_relative(root).string());
  return out;
}

std::string in_shell(const std::string& before) {
  return before + "; exec \"$0\" \"$@\"";
}

} // namespace

TEST_CASE("apply: a signal while files are written leaves none half-way") {
  const scratch_folder dir;
  constexpr std::size_t files = 800;
  std::string answer;
  for (std::size_t i = 0; i < files; ++i)
    answer += new_file("f" + std::to_string(i) + ".txt", "text");
  for (const int number : {SIGINT, SIGTERM}) {
    const auto root = dir.path() / std::to_string(number);
    fs::create_directories(root);
    program pj(apply_in(root), bare, answer);
    await("the first file",
          [&] { return !fs::is_empty(root) || !pj.running(); });
    pj.signal(number);
    const auto x = pj.wait();
    INFO(x.err);
    CHECK(x.code == 130);
    CHECK(has(x.err, "interrupted: the change was written whole"));
    const auto there = all_in(root);
    CHECK(there.size() == files);
    for (const auto& path : there)
      CHECK_FALSE(has(path, ".tmp"));
  }
}

TEST_CASE("apply: what cannot be written is undone and told, as JSON too") {
  const scratch_folder dir;
  const auto root = dir.path() / "root";
  fs::create_directories(root);
  fs::create_directories(root / "in-the-way.txt");
  const auto answer =
    new_file("a/new.txt", "text") + new_file("in-the-way.txt", "text");
  auto x = applied(root, answer);
  CHECK(x.code == 1);
  CHECK(error_lines(x.err).size() == 1);
  CHECK(has(x.err, "the patch was not written"));
  CHECK(all_in(root) == std::vector<std::string>{"in-the-way.txt"});
  x = applied(root, answer, {"--json"});
  CHECK(x.code == 1);
  const auto j = json::parse(x.out, nullptr, false);
  REQUIRE(j.is_object());
  CHECK(j["result"] == "failed");
  CHECK(has(j["reason"].get<std::string>(), "the patch was not written"));
  CHECK(all_in(root) == std::vector<std::string>{"in-the-way.txt"});
}

TEST_CASE("apply: a file that may not grow is an error, not the end") {
  const scratch_folder dir;
  auto argv = apply_in(dir.path());
  argv.insert(argv.begin(), {"/bin/sh", "-c", in_shell("ulimit -f 8")});
  const auto x =
    program(argv, bare, new_file("big.txt", std::string(100'000, 'x'))).wait();
  CHECK(x.code == 1);
  CHECK(all_in(dir.path()).empty());
}

TEST_CASE("apply: an unknown format is told with what is accepted") {
  const scratch_folder dir;
  const auto x = applied(dir.path(), "", {"--format", "bogus"});
  CHECK(x.code == 2);
  CHECK(has(x.err, "\"bogus\" is no format: use auto, udiff, search-replace, "
                   "whole or apply-patch"));
  CHECK(x.err.find('\0') == x.err.npos);
  CHECK(error_lines(x.err).size() == 1);
}

TEST_CASE("apply: every format that is offered is taken") {
  for (const auto* name :
       {"auto", "udiff", "search-replace", "whole", "apply-patch"}) {
    const scratch_folder dir;
    const bool reads = name == std::string_view("auto") ||
                       name == std::string_view("search-replace");
    const auto x = applied(dir.path(), new_file("a.txt", "text"),
                           {"--format", name, "--check"});
    INFO(name << ": " << x.err);
    CHECK(x.code == (reads ? 0 : 3));
  }
}

TEST_CASE("apply: the help lists the exit codes") {
  const auto x = program({PJ_BINARY_DIR "/pj", "apply", "--help"}, bare).wait();
  CHECK(x.code == 0);
  CHECK(has(x.out, "Exit codes:"));
  CHECK(has(x.out, "3    refused"));
}

TEST_CASE("apply: on a terminal an answer's sequences are not obeyed") {
  const scratch_folder dir;
  const auto answer = dir.path() / "answer";
  std::ofstream(answer) << new_file("a.txt", "x\x1b]0;owned\a");
  const auto shown = [&](std::map<std::string, std::string> environment) {
    environment["PATH"] = "/usr/bin:/bin";
    const std::string pj = PJ_BINARY_DIR "/pj apply --dry-run --root '" +
                           dir.path().string() + "' --input '" +
                           answer.string() + "'";
    return program({"script", "-qec", pj, "/dev/null"}, environment).wait().out;
  };
  const auto coloured = shown({{"TERM", "xterm"}});
  CHECK(has(coloured, "\x1b[32m+x\\x1b]0;owned\\x07"));
  CHECK_FALSE(has(coloured, "\x1b]0"));
  for (const auto& plain : {shown({{"TERM", "xterm"}, {"NO_COLOR", "1"}}),
                            shown({{"TERM", "dumb"}})}) {
    CHECK(has(plain, "+x\\x1b]0;owned\\x07"));
    CHECK_FALSE(has(plain, "\x1b"));
  }
}
