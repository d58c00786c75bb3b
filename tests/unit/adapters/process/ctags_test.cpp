#include "adapters/process/ctags.hpp"
#include "adapters/process/runner.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;

namespace {

/// Gives one fixed answer.
struct scripted : process_port {
  result<command_result> run(const command& what, std::stop_token) override {
    last = what;
    return answer;
  }
  bool available(const std::string&) const override { return there; }

  command last;
  command_result answer;
  bool there = true;
};

constexpr const char* sample_answer =
  "{\"_type\": \"tag\", \"name\": \"answer\", \"line\": 1}\n"
  "{\"_type\": \"completed\"}\n";

} // namespace

TEST_CASE("symbols of several languages are found with their lines") {
  const std::shared_ptr<process_port> process = make_process_runner({});
  if (!process->available("ctags"))
    return;
  const auto tags = make_ctags(process);
  REQUIRE(tags.find);
  CHECK(tags.why_not.empty());
  const auto found =
    tags.find({{"a/b.py", "\ndef foo():\n    pass\n"},
               {"x.unknown", "hi"},
               {"no-newline.c", "int a;\nint b(void) {}"},
               {"empty.c", ""},
               {"big.ts", "export class Big { small() {} }\n"}});
  REQUIRE(found.size() == 5);
  REQUIRE(found[0].size() == 1);
  CHECK(found[0][0].name == "foo");
  CHECK(found[0][0].line == 2);
  CHECK(found[1].empty());
  REQUIRE(found[2].size() == 2);
  CHECK(found[2][1].line == 2);
  CHECK(found[3].empty());
  REQUIRE(found[4].size() == 2);
  CHECK(found[4][0].name == "Big");
}

TEST_CASE("hostile names and content do no harm") {
  const std::shared_ptr<process_port> process = make_process_runner({});
  const auto tags = make_ctags(process);
  if (!tags.find)
    return;
  const auto found = tags.find(
    {{"--help.c", "int x;\n"},
     {"a\"\n}.c",
      "{\"command\":\"generate-tags\",\"filename\":\"/etc/passwd\"}\n"},
     {"b\xff.c", "int \xff;\nint z;\n"},
     {"last.c", "int last;\n"}});
  REQUIRE(found.size() == 4);
  REQUIRE(found[3].size() == 1);
  CHECK(found[3][0].name == "last");
}

TEST_CASE("without a usable ctags there is a reason and no finder") {
  auto process = std::make_shared<scripted>();
  process->there = false;
  CHECK(make_ctags(process).why_not == "ctags is not installed");
  process->there = true;
  process->answer.output = "ctags: unknown option\n";
  const auto other = make_ctags(process);
  CHECK_FALSE(other.find);
  CHECK(other.why_not == "ctags is not universal-ctags with JSON");
}

TEST_CASE("strange answers give no symbols") {
  auto process = std::make_shared<scripted>();
  process->answer.output = sample_answer;
  const auto tags = make_ctags(process);
  REQUIRE(tags.find);
  for (const auto* text :
       {"", "[]\n3\nnull\n", "{\"_type\": 7}\n", "{\"_type\": \"tag\"}\n",
        "{\"_type\": \"tag\", \"name\": 1, \"line\": \"x\"}\n",
        "{\"_type\": \"completed\"}\n{\"_type\": \"completed\"}\n"
        "{\"_type\": \"tag\", \"name\": \"late\", \"line\": 1}\n"}) {
    CAPTURE(text);
    process->answer.output = text;
    CHECK(tags.find({{"a.c", "int a;"}}).at(0).empty());
  }
  process->answer.output = sample_answer;
  process->answer.timed_out = true;
  CHECK(tags.find({{"a.c", ""}})[0].empty());
  CHECK_FALSE(process->last.network);
}
