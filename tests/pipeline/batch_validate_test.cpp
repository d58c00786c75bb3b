// `pj batch validate`.
#include "world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>

using namespace pj;
using namespace pj::test;
using nlohmann::json;

namespace {

struct batch_world : world {
  std::string write(const std::string& name, const std::string& text) const {
    const auto path = folder() / name;
    std::ofstream(path) << text;
    return path.string();
  }

  ending validate(std::vector<std::string> flags,
                  std::string_view input = {}) const {
    flags.insert(flags.begin(), {PJ_BINARY_DIR "/pj", "batch", "validate"});
    auto x = program(flags, environment, input).wait();
    UNSCOPED_INFO("pj ended with " << x.code << ":\n" << x.out << x.err);
    return x;
  }

  std::string hello() const { return doubles.repository_url("acme/hello"); }
};

} // namespace

TEST_CASE("batch validate: says what a run would do, from all its files") {
  batch_world w;
  w.write("repos.txt",
          "# one\n" + w.doubles.repository_url("acme/shop") + "\n");
  w.write("pinned.csv", "url,commit\n" +
                          w.doubles.repository_url("acme/widgets") +
                          ",0123456789abcdef0123456789abcdef01234567\n");
  w.write("prompt.md", "Say hello to {{repo.name}}.\n");
  const auto spec = w.write("b.yaml", "name: greet\nprompt_file: prompt.md\n"
                                      "repositories:\n- " +
                                        w.hello() +
                                        "\n- file: repos.txt\n"
                                        "- csv: pinned.csv\n");
  const auto x = w.validate({spec});
  CHECK(x.code == 0);
  CHECK(has(x.out, "greet: 3 tasks over 3 repositories, publish: yes\n"));
  CHECK(has(x.out, "acme/widgets.git  main at 0123456789ab -> pj/greet-acme-"));
  CHECK(error_lines(x.err).empty());
  CHECK(w.validate({spec}).out == x.out);

  const auto j = json::parse(w.validate({spec, "--json", "--show", "1"}).out);
  CHECK(j["valid"] == true);
  CHECK(j["tasks"] == 3);
  CHECK(j["first"].size() == 1);
  CHECK(j["problems"].empty());
}

TEST_CASE("batch validate: all problems at once, with their places") {
  batch_world w;
  const auto spec = w.write("b.yaml", "name: greet\npromt: x\n"
                                      "repositories: [https://h/a/b]\n"
                                      "limits: {timeout: 5}\n");
  const auto x = w.validate({spec});
  CHECK(x.code == 2);
  CHECK(x.out.empty());
  const auto lines = error_lines(x.err);
  REQUIRE(lines.size() == 3);
  CHECK(has(lines[0], spec + ":2:1: promt: there is no such key; did you mean "
                             "prompt?"));
  CHECK(has(lines[1], spec + ":4:19: limits.timeout: \"5\""));
  const auto j = json::parse(w.validate({spec, "--json"}).out);
  CHECK(j["valid"] == false);
  CHECK(j["problem_count"] == 3);
  CHECK(j["problems"][1]["line"] == 4);
  CHECK(j["problems"][1]["column"] == 19);
  CHECK(j["problems"][1]["key"] == "limits.timeout");
}

TEST_CASE("batch validate: files that are not there are told") {
  batch_world w;
  const auto x = w.validate({(w.folder() / "none.yaml").string()});
  CHECK(x.code == 2);
  CHECK(error_lines(x.err).size() == 1);
  CHECK(has(x.err, "none.yaml: No such file or directory"));
  const auto spec = w.write("b.yaml", "name: a\nprompt: x\nrepositories:\n"
                                      "- file: gone.txt\n- csv: \"-\"\n"
                                      "- file: \"-\"\n");
  const auto y = w.validate({spec}, "url\n" + w.hello() + "\n");
  CHECK(y.code == 2);
  CHECK(has(y.err, spec + ":4:9: repositories.file: "));
  CHECK(has(y.err, "standard input can be read once only"));
}

TEST_CASE("batch validate: standard input gives the repositories") {
  batch_world w;
  const auto spec = w.write("b.yaml", "name: a\nprompt: x\nrepositories:\n"
                                      "- file: \"-\"\n");
  const auto x = w.validate({spec}, w.hello() + "\n");
  CHECK(x.code == 0);
  CHECK(has(x.out, "a: 1 task over 1 repository"));
}

TEST_CASE("batch validate: a file of tasks needs no spec") {
  batch_world w;
  const auto file = w.write(
    "many.jsonl",
    json{{"TARGET_REPO", w.hello()}, {"TASK_ID", "one"}, {"AGENT_PROMPT", "x"}}
        .dump() +
      "\n" + json{{"TARGET_REPO", w.hello()}, {"AGENT_PROMPT", "y"}}.dump() +
      "\n");
  const auto x = w.validate({file});
  CHECK(x.code == 0);
  CHECK(has(x.out, "many: 2 tasks over 1 repository"));
  CHECK(has(x.out, "  one  "));
}

TEST_CASE("batch validate: keys are not needed and never shown") {
  batch_world w;
  const auto spec = w.write("b.yaml", "name: a\nprompt: x\nrepositories: [" +
                                        w.hello() + "]\n");
  const auto with = w.validate({spec, "--json"});
  CHECK_FALSE(has(with.out + with.err, w.doubles.token()));
  CHECK_FALSE(has(with.out + with.err, w.doubles.model_key()));
  w.environment.erase("OPENAI_API_KEY");
  const auto x = w.validate({spec});
  CHECK(x.code == 0);
  CHECK(has(x.err, "OPENAI_API_KEY is not set"));
}

TEST_CASE("batch validate: GitHub lists repositories, the filter leaves some") {
  batch_world w;
  w.doubles.add_repository("acme/shop", {{"a.txt", "a"}});
  w.doubles.add_repository("acme/tools", {{"a.txt", "a"}});
  const auto spec = w.write("b.yaml", "name: a\nprompt: x\nrepositories:\n"
                                      "- organization: acme\n"
                                      "exclude: acme/shop\n");
  const auto x = w.validate({spec});
  CHECK(x.code == 0);
  CHECK(has(x.out, "a: 2 tasks over 2 repositories"));
  CHECK(has(x.out, "left out: acme/shop: a pattern of exclude is its name"));
  const auto nobody = w.write("c.yaml", "name: a\nprompt: x\nrepositories:\n"
                                        "- organization: nobody\n");
  const auto y = w.validate({nobody});
  CHECK(y.code == 2);
  CHECK(has(y.err, "c.yaml:4:17: repositories.organization: "));
}

TEST_CASE("batch validate: the command line is helped along") {
  batch_world w;
  CHECK(w.validate({"--help"}).code == 0);
  const auto none = w.validate({});
  CHECK(none.code == 2);
  CHECK(has(none.err, "(see pj batch validate --help)"));
  auto x =
    program({PJ_BINARY_DIR "/pj", "batch", "valdate"}, w.environment).wait();
  CHECK(x.code == 2);
  CHECK(has(x.err, "did you mean validate?"));
}
