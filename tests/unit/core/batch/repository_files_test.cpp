#include "core/batch/repository_files.hpp"
#include "said.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj::batch;

namespace {

std::vector<repository> lines(std::string_view text) {
  problem_log problems;
  auto out = read_repository_lines(text, "repos.txt", problems);
  INFO(told(problems));
  REQUIRE(problems.empty());
  return out;
}

std::vector<repository> csv(std::string_view text) {
  problem_log problems;
  auto out = read_repository_csv(text, "r.csv", problems);
  INFO(told(problems));
  REQUIRE(problems.empty());
  return out;
}

std::string problems_of_lines(std::string_view text) {
  problem_log problems;
  read_repository_lines(text, "repos.txt", problems);
  return told(problems);
}

std::string problems_of_csv(std::string_view text) {
  problem_log problems;
  read_repository_csv(text, "r.csv", problems);
  return told(problems);
}

constexpr auto* commit = "0123456789abcdef0123456789abcdef01234567";

} // namespace

TEST_CASE("a list has one URL a line, comments and blank lines") {
  const auto r = lines("\xef\xbb\xbf# all of them\r\n"
                       "\r\n"
                       "https://github.com/acme/app\r\n"
                       "  git@github.com:acme/lib.git   # the library\n"
                       "\t#https://github.com/acme/gone\n"
                       "file:///srv/a%23b");
  REQUIRE(r.size() == 3);
  CHECK(r[0].url == "https://github.com/acme/app");
  CHECK(r[0].at.line == 3);
  CHECK(r[1].url == "git@github.com:acme/lib.git");
  CHECK(r[1].at.line == 4);
  CHECK(r[1].at.column == 3);
  CHECK(r[2].url == "file:///srv/a%23b");
}

TEST_CASE("a list's problems have their lines") {
  CHECK(problems_of_lines("# none\n") ==
        "repos.txt: it names no repository: put one URL on each line\n");
  CHECK(problems_of_lines("https://h/a/b\n  acme/app\n")
          .starts_with("repos.txt:2:3: url: \"acme/app\": use https://"));
  CHECK(problems_of_lines("https://h/a/b https://h/a/c\n")
          .starts_with("repos.txt:1:1: url: "));
  CHECK(problems_of_lines(std::string_view("https://h/a/b\n\0", 15)) ==
        "repos.txt:2:1: a NUL byte: save it as plain UTF-8 text\n");
  CHECK(problems_of_lines("https://h/a/b\n\xc3(") ==
        "repos.txt:2:1: not valid UTF-8: save it as plain UTF-8 text\n");
  CHECK(problems_of_lines(std::string(longest_repository_file + 1, '#'))
          .starts_with("repos.txt: it has 16777217 bytes, at most "));
}

TEST_CASE("a CSV has columns in any order and quoted fields") {
  const auto r = csv("\xef\xbb\xbf"
                     "Commit,url, base ,prompt,priority\r\n"
                     "0123456789abcdef0123456789abcdef01234567,"
                     "https://github.com/acme/app,dev,\"Say \"\"hi\"\",\n"
                     "then go.\",5\r\n"
                     "\r\n"
                     ",https://github.com/acme/lib,\"\",,\n");
  REQUIRE(r.size() == 2);
  CHECK(r[0].commit == commit);
  CHECK(r[0].url == "https://github.com/acme/app");
  CHECK(r[0].base == "dev");
  CHECK(r[0].prompt.text == "Say \"hi\",\nthen go.");
  CHECK(r[0].priority == 5);
  CHECK(r[0].at.line == 2);
  CHECK(r[1].url == "https://github.com/acme/lib");
  CHECK(r[1].commit.empty());
  CHECK(r[1].base.empty());
  CHECK_FALSE(r[1].priority);
  CHECK(r[1].at.line == 5);
}

TEST_CASE("a CSV's problems have line and column") {
  struct row {
    const char* text;
    const char* told;
  };
  const row rows[] = {
    {"", "r.csv: it is empty"},
    {"\n\r\n", "r.csv: it is empty"},
    {"https://h/a/b\n", "r.csv:1:1: \"https://h/a/b\": no such column; there "
                        "are url, base, commit, "},
    {"commit\n", "r.csv:1: url: this column is missing"},
    {"url,url\n", "r.csv:1:5: url: this column is there twice"},
    {"url,base\nhttps://h/a/b\n", "r.csv:2:1: it has 1 fields, the first line "
                                  "2: put quotes around"},
    {"url,base\nhttps://h/a/b,x,y\n", "r.csv:2:1: it has 3 fields"},
    {"url,base\n,x\n", "r.csv:2:1: url: it is empty: name the repository"},
    {"url,base\nhttps://h/a/b,a..b\n", "r.csv:2:15: base: \"a..b\": git does "
                                       "not take it"},
    {"url,commit\nhttps://h/a/b,main\n", "r.csv:2:15: commit: \"main\": a "
                                         "commit is 40 hex digits"},
    {"url,base\n\"https://h/a/b,x\n\n", "r.csv:2:1: a quote is opened and "
                                        "never closed"},
    {"url,base\n\"https://h/a/b\"x,y\n", "r.csv:2:16: text after a closing "
                                         "quote"},
    {"url,priority\nhttps://h/a/b,high\n", "r.csv:2:15: priority: \"high\": "
                                           "use a whole number"},
    {"url,prompt\nhttps://h/a/b,\"a\n {{b}}\"\n",
     "r.csv:3:2: prompt: there is no {{b}}; use "},
    {"url\n\"", "r.csv:2:1: a quote is opened and never closed"},
    {"url\nhttps://h/a/b\"\n", "r.csv:2:1: url: "},
  };
  for (const auto& r : rows) {
    INFO(r.text);
    CHECK(problems_of_csv(r.text).starts_with(r.told));
  }
}
