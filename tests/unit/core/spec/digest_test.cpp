#include "core/spec/digest.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace std::chrono_literals;

namespace {

pj::task_spec full() {
  pj::task_spec s;
  s.id = "t-1";
  s.prompt = "line\n\"two\"\tä";
  s.repo = {"git@h:o/r.git", pj::repo_scheme::ssh, "h", "o", "r"};
  s.branch = "pj/t-1";
  s.base = "dev";
  s.github_owner = "o";
  s.github_name = "r";
  s.github_api = "https://h/api/v3";
  s.provider = pj::provider_id::openrouter;
  s.model = "m";
  s.model_base_url = "https://m/v1";
  s.author_name = "A";
  s.author_email = "a@b";
  s.title = "T";
  s.webhook_url = "https://w/";
  s.workspace = "ws";
  s.system_prompt_path = "/p";
  s.checks = {{"c", "make check", false, 3s}, {"d", "true", true, 10min}};
  s.keep_alive = s.skip_push = s.skip_pr = s.dry_run = s.add_coderabbit = true;
  s.pr_extras = {{"l"}, {"a"}, {"r"}, {"t", "u"}};
  s.pr_template_path = "/t";
  s.pr_template = "{{prompt}}";
  s.pr_draft = s.fork = true;
  s.fork_owner = "f";
  s.timeout = 90s;
  return s;
}

} // namespace

TEST_CASE("a task's spec survives the journal") {
  const auto json = pj::to_json(full());
  CHECK(json.find('\n') == json.npos);
  const auto back = pj::task_spec_from_json(json);
  REQUIRE(back);
  CHECK(pj::to_json(*back) == json);
  CHECK(back->prompt == full().prompt);
  CHECK(back->repo.scheme == pj::repo_scheme::ssh);
  CHECK(back->provider == pj::provider_id::openrouter);
  CHECK(back->timeout == 90s);
  CHECK(back->checks.size() == 2);
  CHECK_FALSE(back->checks[0].blocking);
  CHECK(back->checks[0].timeout == 3s);
  CHECK(back->add_coderabbit);
  CHECK(back->pr_extras.team_reviewers.size() == 2);
  CHECK(back->fork_owner == "f");
}

TEST_CASE("an older spec keeps today's defaults, foreign text fails") {
  const auto old = pj::task_spec_from_json(R"({"id":"x","repo":{},"new":[1]})");
  REQUIRE(old);
  CHECK(old->id == "x");
  CHECK(old->base == "main");
  const auto bad = GENERATE("", "{}", "[]", "null", "{\"id\":1,\"repo\":{}}",
                            "{\"repo\":1}", "{\"repo\":{},\"checks\":{}",
                            "{\"repo\":{},\"timeout_ms\":\"x\"}");
  CAPTURE(bad);
  const auto got = pj::task_spec_from_json(bad);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == pj::failure_code::journal);
}

TEST_CASE("the inputs are what decides the outcome") {
  const auto inputs = pj::outcome_inputs(full());
  auto same = full();
  same.webhook_url = "https://other/";
  same.workspace = "other";
  same.keep_alive = false;
  same.timeout = 1s;
  CHECK(pj::outcome_inputs(same) == inputs);
  auto other = full();
  SECTION("prompt") {
    other.prompt += "!";
  }
  SECTION("base") {
    other.base = "x";
  }
  SECTION("repository") {
    other.repo.text += "x";
  }
  SECTION("model") {
    other.model = "x";
  }
  SECTION("checks") {
    other.checks.pop_back();
  }
  SECTION("a step to skip") {
    other.skip_pr = false;
  }
  CHECK(pj::outcome_inputs(other) != inputs);
}

TEST_CASE("text that is not UTF-8 does not stop the journal") {
  auto spec = full();
  spec.title = "a\xff";
  CHECK(pj::task_spec_from_json(pj::to_json(spec)));
}
