#include "adapters/log.hpp"
#include "apps/pj/doctor/judge.hpp"
#include "apps/pj/doctor/machine.hpp"
#include "apps/pj/doctor/settings.hpp"
#include "tests/unit/scratch_folder.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>

using namespace pj;
using namespace std::chrono_literals;

namespace {

const llm::endpoint openai{provider_id::openai, llm::wire::chat_completions,
                           "https://h/v1", "planted-key-1"};

http_response answered(int status, std::string body,
                       http_headers headers = {}) {
  return {status, std::move(headers), std::move(body)};
}

failure lost() {
  return {failure_class::retry,
          failure_code::network,
          "https://h: cannot find h",
          {},
          {}};
}

bool says(const finding& f, std::string_view part) {
  return f.text.find(part) != f.text.npos;
}

github::pull_request shop() {
  github::pull_request out;
  out.api = "https://api.github.com";
  out.owner = "acme";
  out.name = "shop";
  return out;
}

finding rights(const result<http_response>& answer,
               std::string_view token = "ghp_x") {
  return judge_rights(shop(), token, answer, 0);
}

bool has(const findings& all, verdict how, std::string_view part) {
  return std::any_of(all.begin(), all.end(), [&](const finding& f) {
    return f.how == how && says(f, part);
  });
}

} // namespace

TEST_CASE("a model key is judged by what the provider answers") {
  const auto list = R"({"data":[{"id":"gpt-4o-2024-08-06"}]})";
  CHECK(judge_key(openai, "gpt-4o", answered(200, list)).how == verdict::good);
  const auto other = judge_key(openai, "gpt-x", answered(200, list));
  CHECK(other.how == verdict::note);
  CHECK(says(other, "gpt-x"));
  const auto more = R"({"has_more":true,"data":[{"id":"a"}]})";
  CHECK(judge_key(openai, "b", answered(200, more)).how == verdict::good);
  const auto no =
    judge_key(openai, "gpt-4o",
              answered(401, R"({"error":{"message":"bad planted-key-1"}})"));
  CHECK(no.how == verdict::wrong);
  CHECK(says(no, "OPENAI_API_KEY"));
  CHECK_FALSE(says(no, "planted"));
  CHECK(says(judge_key(openai, "m", answered(404, "")), "OPENAI_BASE_URL"));
  CHECK(judge_key(openai, "m", answered(405, "")).how == verdict::note);
  CHECK(judge_key(openai, "m", answered(200, "<html>")).how == verdict::wrong);
  CHECK(judge_key(openai, "m", answered(200, "[1]")).how == verdict::good);
  const auto off = judge_key(openai, "m", lost());
  CHECK(off.how == verdict::wrong);
  CHECK(says(off, "cannot find h"));
}

TEST_CASE("a model without a price is told") {
  const auto& table = llm::model_table::built_in();
  CHECK(judge_model(table.find(provider_id::openai, "gpt-4o")).how ==
        verdict::good);
  CHECK(judge_model(table.find(provider_id::openai, "own")).how ==
        verdict::note);
}

TEST_CASE("a token's rights are judged by the repository it sees") {
  const auto repo = [](const char* more) {
    return answered(200, std::string(R"({"full_name":"acme/shop",)") + more);
  };
  const auto push = R"("permissions":{"push":true}})";
  CHECK(rights(repo(push)).how == verdict::good);
  CHECK(rights(repo(push), "github_pat_x").how == verdict::note);
  const auto read = rights(repo(R"("permissions":{"push":false}})"));
  CHECK(read.how == verdict::wrong);
  CHECK(says(read, "not push"));
  CHECK(rights(repo(R"("id":1})")).how == verdict::note);
  CHECK(rights(repo(R"("permissions":7})")).how == verdict::wrong);
  CHECK(says(rights(repo(R"("archived":true})")), "archived"));
  CHECK(rights(answered(200, "{}")).how == verdict::wrong);
  CHECK(rights(answered(200, "no json")).how == verdict::wrong);
  CHECK(rights(answered(301, "")).how == verdict::note);
  CHECK(says(rights(answered(404, "{}")), "acme/shop"));
  CHECK(says(rights(answered(401, "{}")), "GITHUB_TOKEN"));
  CHECK(rights(lost()).how == verdict::wrong);
}

TEST_CASE("scopes that do not suffice are named") {
  const auto with = [](const char* scopes, bool hidden) {
    return answered(200,
                    std::string(R"({"full_name":"acme/shop","private":)") +
                      (hidden ? "true" : "false") +
                      R"(,"permissions":{"push":true}})",
                    {{"X-OAuth-Scopes", scopes}});
  };
  CHECK(rights(with("repo, gist", true)).how == verdict::good);
  CHECK(rights(with("public_repo", false)).how == verdict::good);
  CHECK(rights(with("public_repo", true)).how == verdict::wrong);
  CHECK(says(rights(with("gist", false)), "gist"));
}

TEST_CASE("a clock is measured against an answer's date") {
  const http_response dated =
    answered(200, "", {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}});
  const auto then = *parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(judge_clock(dated, then + 59s).how == verdict::good);
  CHECK(judge_clock(dated, then - 2min).how == verdict::note);
  const auto far = judge_clock(dated, then + 1h);
  CHECK(far.how == verdict::wrong);
  CHECK(says(far, "3600 s ahead"));
  CHECK(judge_clock(answered(200, ""), then).how == verdict::skipped);
}

TEST_CASE("what is not set is no error before there is a task") {
  const auto& table = llm::model_table::built_in();
  const auto bare = look_at_settings({}, table);
  REQUIRE(bare.input);
  CHECK_FALSE(bare.has.repository);
  CHECK_FALSE(bare.has.key);
  CHECK(is_healthy(bare.about));
  CHECK(
    has(bare.about, verdict::skipped, "TARGET_REPO, TASK_ID, AGENT_PROMPT"));
  const auto some = look_at_settings(
    {{"TARGET_REPO", {"https://github.com/acme/shop", "--repo"}},
     {"MODEL_PROVIDER", {"anthropic", "MODEL_PROVIDER"}},
     {"ANTHROPIC_API_KEY", {"planted-key", "ANTHROPIC_API_KEY"}}},
    table);
  REQUIRE(some.input);
  CHECK(some.has.repository);
  CHECK(some.has.key);
  CHECK(some.input->spec.github_name == "shop");
}

TEST_CASE("every impossible setting is a finding") {
  const auto task = look_at_settings(
    {{"TASK_ID", {"../x", "TASK_ID"}}, {"KEEP_ALIVE", {"maybe", "--k"}}},
    llm::model_table::built_in());
  CHECK_FALSE(task.input);
  CHECK_FALSE(is_healthy(task.about));
  CHECK(has(task.about, verdict::wrong, "TASK_ID"));
  CHECK(has(task.about, verdict::wrong, "--k"));
}

TEST_CASE("a folder that cannot be written is wrong") {
  const test::scratch_folder at;
  const auto state = at / "a/b";
  const auto fine = check_folders({at / "c", state, at / "d"});
  CHECK(has(fine, verdict::good, state.string()));
  CHECK(std::filesystem::is_empty(state));
  const auto none = check_folders({{}, "/proc/no/folder", at / "d"});
  CHECK_FALSE(is_healthy(none));
  CHECK(has(none, verdict::wrong, "XDG_STATE_HOME"));
}

TEST_CASE("findings are shown without secrets and control characters") {
  add_log_secret("planted-secret-7");
  const finding f{"x", verdict::wrong, "a planted-secret-7\x1b[2J"};
  CHECK(shown(f, {false, true}) == "✗ x              a ***\\x1b[2J");
  CHECK(shown(f, {false, false}).starts_with("NO x "));
  CHECK(shown(f, {true, true}).starts_with("\x1b[31m✗\x1b[0m x"));
  const auto json = nlohmann::json::parse(to_json({f}));
  CHECK(json["ok"] == false);
  CHECK(json["checks"][0]["result"] == "wrong");
  CHECK(json["checks"][0]["text"] == "a ***\\x1b[2J");
}
