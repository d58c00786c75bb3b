#include "core/spec/environment.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <functional>

using namespace std::chrono_literals;
using pj::settings;
using pj::task_input;

namespace {

constexpr auto key = "sk-plantedkey0123456789";
constexpr auto token = "ghp_plantedtoken0123456789";

settings from_environment(std::map<std::string, std::string> values) {
  settings out;
  for (auto& [name, value] : values)
    out[name] = {value, name};
  return out;
}

settings good_settings() {
  return from_environment({{"TARGET_REPO", "https://github.com/octo/hello"},
                           {"TASK_ID", "t-1"},
                           {"AGENT_PROMPT", "Add a README"},
                           {"OPENAI_API_KEY", key},
                           {"GITHUB_TOKEN", token},
                           {"WEBHOOK_URL", "https://hooks.example/x/"}});
}

settings with(std::map<std::string, std::string> values) {
  auto out = good_settings();
  for (auto& [name, value] : values)
    out[name] = {value, name};
  return out;
}

pj::result<task_input> read(const settings& from) {
  static const auto models = [] {
    pj::llm::model_table table;
    pj::llm::model_entry entry;
    entry.name = "claude-x";
    entry.provider = pj::provider_id::anthropic;
    entry.is_default = true;
    table.entries.push_back(entry);
    entry.is_default = false;
    entry.name = "claude-sonnet-4-5";
    entry.cost = pj::llm::price{3, 15};
    table.entries.push_back(entry);
    entry.provider = pj::provider_id::openai;
    entry.name = "gpt-4o";
    table.entries.push_back(entry);
    entry.cost.reset();
    entry.is_default = true;
    entry.name = "router-x";
    entry.provider = pj::provider_id::openrouter;
    table.entries.push_back(entry);
    return table;
  }();
  return pj::read_task(from, models);
}

task_input must_read(const settings& from) {
  auto got = read(from);
  INFO((got ? "" : got.error().what));
  REQUIRE(got);
  return *std::move(got);
}

/// The one problem of settings that have exactly one.
std::string only_problem(const settings& from) {
  auto got = read(from);
  REQUIRE_FALSE(got);
  const auto& why = got.error();
  CAPTURE(why.what);
  CHECK(why.kind == pj::failure_class::fail);
  CHECK(why.code == pj::failure_code::configuration);
  CHECK(std::none_of(why.what.begin(), why.what.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20;
  }));
  CHECK(why.what.size() < 600);
  return why.what;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

const std::string huge(127u << 10, 'x');

} // namespace

TEST_CASE("the contract's defaults") {
  const auto got = must_read(good_settings());
  const auto& spec = got.spec;
  CHECK(spec.id == "t-1");
  CHECK(spec.prompt == "Add a README");
  CHECK(spec.repo.text == "https://github.com/octo/hello");
  CHECK(spec.branch == "pj/t-1");
  CHECK(spec.base == "main");
  CHECK(spec.github_owner == "octo");
  CHECK(spec.github_name == "hello");
  CHECK(spec.github_api == "https://api.github.com");
  CHECK(spec.provider == pj::provider_id::openai);
  CHECK(spec.model == "gpt-4o");
  CHECK(spec.model_base_url == "https://api.openai.com/v1");
  CHECK(spec.author_name == "Pithy Jaunt Bot");
  CHECK(spec.author_email == "bot@pithy-jaunt.dev");
  CHECK(spec.title == "Pithy Jaunt: t-1");
  CHECK(spec.webhook_url == "https://hooks.example/x/");
  CHECK(spec.workspace == "unknown");
  CHECK(spec.system_prompt_path.empty());
  CHECK(spec.timeout == 25min);
  CHECK_FALSE(spec.keep_alive);
  CHECK_FALSE(spec.skip_push);
  CHECK_FALSE(spec.skip_pr);
  CHECK_FALSE(spec.dry_run);
  CHECK_FALSE(spec.add_coderabbit);
  CHECK(got.secrets.model_key == key);
  CHECK(got.secrets.github_token == token);
  CHECK(got.warnings.empty());
}

TEST_CASE("a fall-back model has a provider, a key and an address") {
  const auto got = must_read(with({
    {"FALLBACK_MODEL", "Anthropic/claude-sonnet-4-5"},
    {"ANTHROPIC_API_KEY", "sk-ant"},
    {"ANTHROPIC_BASE_URL", "https://gate.example/anthropic"},
    {"MAX_COST_USD", "0.50"},
  }));
  CHECK(got.spec.fallback_provider == pj::provider_id::anthropic);
  CHECK(got.spec.fallback_model == "claude-sonnet-4-5");
  CHECK(got.spec.fallback_base_url == "https://gate.example/anthropic");
  CHECK(got.secrets.fallback_key == "sk-ant");
  CHECK(got.spec.max_cost_usd == 0.5);
  const auto same = must_read(with({{"FALLBACK_MODEL", "openai/gpt-4o-mini"}}));
  CHECK(same.secrets.fallback_key == same.secrets.model_key);
  CHECK(same.spec.fallback_base_url == same.spec.model_base_url);
  const auto router =
    must_read(with({{"FALLBACK_MODEL", "openrouter/anthropic/claude-opus-4"},
                    {"OPENROUTER_API_KEY", "k"}}));
  CHECK(router.spec.fallback_model == "anthropic/claude-opus-4");
}

TEST_CASE("Azure's dated address keeps its version") {
  const auto* const azure = "https://mine.openai.azure.com/openai/deployments/"
                            "d?api-version=2024-10-21";
  CHECK(must_read(with({{"OPENAI_BASE_URL", azure}})).spec.model_base_url ==
        azure);
}

TEST_CASE("what is given is taken, trimmed") {
  const auto got = must_read(with({
    {"TASK_ID", " a.b-C_9\n"},
    {"AGENT_PROMPT", "\n one\r\n\ttwo \n"},
    {"BRANCH_NAME", "\tfix/it "},
    {"BASE_BRANCH", "develop"},
    {"MODEL_PROVIDER", "Anthropic"},
    {"MODEL", "claude-opus"},
    {"ANTHROPIC_API_KEY", " sk-ant\n"},
    {"ANTHROPIC_BASE_URL", "https://gate.example/anthropic/"},
    {"GIT_AUTHOR_NAME", "Zoë O'Neil"},
    {"GIT_AUTHOR_EMAIL", "zoe@example.org"},
    {"PR_TITLE", "fix: the \"thing\""},
    {"GITHUB_API_URL", "https://ghe.example/api/v3/"},
    {"WEBHOOK_SECRET", "whsec_abc"},
    {"WORKSPACE_ID", "ws 7"},
    {"KEEP_ALIVE", "TRUE"},
    {"SKIP_PUSH_TO_REMOTE", "true"},
    {"SKIP_PR_CREATION", "1"},
    {"ADD_CODERABBIT_CONFIG", "yes"},
    {"DRY_RUN", "true"},
    {"SYSTEM_PROMPT_PATH", "/app/system-prompt.md"},
    {"TASK_TIMEOUT_MINUTES", "0.5"},
  }));
  const auto& spec = got.spec;
  CHECK(spec.id == "a.b-C_9");
  CHECK(spec.prompt == "one\r\n\ttwo");
  CHECK(spec.branch == "fix/it");
  CHECK(spec.base == "develop");
  CHECK(spec.provider == pj::provider_id::anthropic);
  CHECK(spec.model == "claude-opus");
  CHECK(spec.model_base_url == "https://gate.example/anthropic");
  CHECK(got.secrets.model_key == "sk-ant");
  CHECK(spec.author_name == "Zoë O'Neil");
  CHECK(spec.author_email == "zoe@example.org");
  CHECK(spec.title == "fix: the \"thing\"");
  CHECK(spec.github_api == "https://ghe.example/api/v3");
  CHECK(got.secrets.webhook_secret == "whsec_abc");
  CHECK(spec.workspace == "ws 7");
  CHECK(spec.keep_alive);
  CHECK(spec.skip_push);
  CHECK(spec.skip_pr);
  CHECK(spec.add_coderabbit);
  CHECK(spec.dry_run);
  CHECK(spec.system_prompt_path == "/app/system-prompt.md");
  CHECK(spec.timeout == 30s);
}

TEST_CASE("the model and key follow the provider") {
  const auto anthropic = must_read(
    with({{"MODEL_PROVIDER", "anthropic"}, {"ANTHROPIC_API_KEY", "ka"}}));
  CHECK(anthropic.spec.model == "claude-x");
  CHECK(anthropic.spec.model_base_url == "https://api.anthropic.com");
  CHECK(anthropic.secrets.model_key == "ka");
  const auto router = must_read(
    with({{"MODEL_PROVIDER", "openrouter"}, {"OPENROUTER_API_KEY", "kr"}}));
  CHECK(router.spec.model == "router-x");
  CHECK(router.spec.model_base_url == "https://openrouter.ai/api/v1");
  CHECK(router.secrets.model_key == "kr");
}

TEST_CASE("a required value that is missing or empty is one clear line") {
  const auto name =
    GENERATE("TARGET_REPO", "TASK_ID", "AGENT_PROMPT", "OPENAI_API_KEY");
  const auto value = GENERATE("", " \t\n ");
  auto from = with({{name, value}});
  CHECK(has(only_problem(from), std::string(name) + " is not set: "));
  from.erase(name);
  CHECK(has(only_problem(from), std::string(name) + " is not set: "));
}

TEST_CASE("an optional value that is empty counts as unset") {
  auto from = good_settings();
  for (auto name : pj::contract_variables())
    if (from.find(name) == from.end())
      from[std::string(name)] = {" ", std::string(name)};
  const auto got = must_read(from);
  CHECK(got.spec.branch == "pj/t-1");
  CHECK(got.spec.timeout == 25min);
}

TEST_CASE("every value that is impossible is one clear line") {
  struct row {
    std::string name;
    std::string value;
    std::string says;
  };
  const auto row = GENERATE(Catch::Generators::values<struct row>({
    {"TARGET_REPO", "ext::sh -c id", "\"ext::sh -c id\""},
    {"TARGET_REPO", "--upload-pack=id", "--upload-pack=id"},
    {"TARGET_REPO", "https://git.example/o\x1b[2J/r", "\\x1b[2J"},
    {"TARGET_REPO", "http://git.example/o/r", "GITHUB_TOKEN unencrypted"},
    {"TARGET_REPO", "file:///srv/r", "GITHUB_REPOSITORY is not set"},
    {"TARGET_REPO", "https://h/o/%41", "GITHUB_REPOSITORY is not set"},
    {"TARGET_REPO", huge, "2048"},
    {"TASK_ID", "../../etc/passwd", "\"../../etc/passwd\": use 1 to 128"},
    {"TASK_ID", "a b", "use 1 to 128"},
    {"TASK_ID", "a..b", "set BRANCH_NAME"},
    {"TASK_ID", "a.lock", "set BRANCH_NAME"},
    {"TASK_ID", "a\x07z", "control character"},
    {"TASK_ID", "a\nb", "control character"},
    {"TASK_ID", huge, "130048 bytes"},
    {"AGENT_PROMPT", "a\n\x1b]0;x\x07", "line 2 has a control character"},
    {"AGENT_PROMPT", "caf\xe9", "UTF-8"},
    {"AGENT_PROMPT", std::string(16u << 20, 'x') + "y", "16 MiB"},
    {"AGENT_PROMPT", std::string("a\0b", 3), "control character"},
    {"BRANCH_NAME", "../x", "git does not take it"},
    {"BRANCH_NAME", "-f", "git does not take it"},
    {"BRANCH_NAME", "a b", "git does not take it"},
    {"BRANCH_NAME", "main", "cannot be BASE_BRANCH"},
    {"BRANCH_NAME", huge, "130048 bytes"},
    {"BASE_BRANCH", "a..b", "git does not take it"},
    {"BASE_BRANCH", "--all", "git does not take it"},
    {"BASE_BRANCH", "pj/t-1", "cannot be BASE_BRANCH"},
    {"MODEL_PROVIDER", "gemini", "use openai, anthropic or openrouter"},
    {"MODEL_PROVIDER", "anthropic", "ANTHROPIC_API_KEY is not set"},
    {"MODEL_PROVIDER", "openrouter", "OPENROUTER_API_KEY is not set"},
    {"MODEL", "gpt 4o", "use the model's name"},
    {"FALLBACK_MODEL", "gpt-4o", "use provider/model"},
    {"FALLBACK_MODEL", "gemini/pro", "use provider/model"},
    {"FALLBACK_MODEL", "openai/", "use provider/model"},
    {"FALLBACK_MODEL", "openai/gpt 4", "use provider/model"},
    {"FALLBACK_MODEL", "openai/gpt-4o", "it is the model itself"},
    {"FALLBACK_MODEL", "anthropic/claude-sonnet-4-5",
     "ANTHROPIC_API_KEY is not set"},
    {"MAX_COST_USD", "0", "use US dollars"},
    {"MAX_COST_USD", "-1", "use US dollars"},
    {"MAX_COST_USD", "$5", "use US dollars"},
    {"MAX_COST_USD", "1e9", "use US dollars"},
    {"MODEL", "--x", "use the model's name"},
    {"MODEL", "gpt\r\nX: y", "control character"},
    {"MODEL", huge, "256"},
    {"OPENAI_BASE_URL", "api.example/v1", "use a URL like"},
    {"OPENAI_BASE_URL", "ftp://api.example/v1", "use a URL like"},
    {"OPENAI_BASE_URL", "https://api.example/v1?x=1", "no '?'"},
    {"OPENAI_BASE_URL", "https://api.example/v1?api-version=", "no '?'"},
    {"OPENAI_BASE_URL", "https://api.example/v1?api-version=1&x=2", "no '?'"},
    {"OPENAI_BASE_URL", "https://api.example/v1?api-version=1#x", "no '?'"},
    {"OPENAI_BASE_URL", "https://a b/v1", "use a URL like"},
    {"GITHUB_API_URL", "https://ghe.example/api?api-version=1", "no '?'"},
    {"GITHUB_REPOSITORY", "octo", "use owner/repo"},
    {"GITHUB_REPOSITORY", "octo/../x", "use owner/repo"},
    {"GITHUB_REPOSITORY", "-o/r", "use owner/repo"},
    {"GITHUB_REPOSITORY", "o/..", "use owner/repo"},
    {"GIT_AUTHOR_NAME", "a\r\nSubject: x", "control character"},
    {"GIT_AUTHOR_NAME", "a <b>", "no '<' and '>'"},
    {"GIT_AUTHOR_NAME", ".,:", "more than punctuation"},
    {"GIT_AUTHOR_NAME", "a\xff", "UTF-8"},
    {"GIT_AUTHOR_NAME", huge, "256"},
    {"GIT_AUTHOR_EMAIL", "bot", "name@host"},
    {"GIT_AUTHOR_EMAIL", "a@b>\n", "name@host"},
    {"GIT_AUTHOR_EMAIL", "a@b\nc", "control character"},
    {"GIT_AUTHOR_EMAIL", "@b", "name@host"},
    {"PR_TITLE", "a\nb", "control character"},
    {"PR_TITLE",
     "a\xe2\x80\xae"
     "b",
     "control character"},
    {"PR_TITLE", std::string(257, 'x'), "256"},
    {"GITHUB_API_URL", "http://ghe.example/api/v3", "GITHUB_TOKEN unencrypted"},
    {"GITHUB_API_URL", "ghe.example", "use a URL like"},
    {"WEBHOOK_URL", "hooks.example", "use a URL like"},
    {"WEBHOOK_URL", "file:///etc/passwd", "use a URL like"},
    {"WEBHOOK_URL", "hooks.example/planted", "\"***\": use a URL like"},
    {"WEBHOOK_URL", "https://x/\r\nX-Y: z", "control character"},
    {"WORKSPACE_ID", "a\nb", "control character"},
    {"WORKSPACE_ID", huge, "256"},
    {"KEEP_ALIVE", "maybe", "use true or false"},
    {"SKIP_PUSH_TO_REMOTE", "2", "use true or false"},
    {"SKIP_PR_CREATION", "--yes", "use true or false"},
    {"ADD_CODERABBIT_CONFIG", "on\n!", "use true or false"},
    {"SYSTEM_PROMPT_PATH", "a\x01", "control character"},
    {"SYSTEM_PROMPT_PATH", huge, "4096"},
    {"TASK_TIMEOUT_MINUTES", "0", "use minutes"},
    {"TASK_TIMEOUT_MINUTES", "-1", "use minutes"},
    {"TASK_TIMEOUT_MINUTES", "25m", "use minutes"},
    {"TASK_TIMEOUT_MINUTES", "nan", "use minutes"},
    {"TASK_TIMEOUT_MINUTES", "inf", "use minutes"},
    {"TASK_TIMEOUT_MINUTES", "1e9", "use minutes"},
    {"TASK_TIMEOUT_MINUTES", "10081", "use minutes"},
    {"TASK_TIMEOUT_MINUTES", "0.0000001", "use minutes"},
    {"TASK_TIMEOUT_MINUTES", "1,5", "use minutes"},
    {"TASK_TIMEOUT_MINUTES", huge, "use minutes"},
  }));
  CAPTURE(row.name);
  const auto problem = only_problem(with({{row.name, row.value}}));
  CAPTURE(problem);
  CHECK(has(problem, row.says));
  CHECK((has(problem, row.name) || has(problem, "GITHUB_REPOSITORY") ||
         has(problem, "_API_KEY") || has(problem, "BRANCH_NAME")));
}

TEST_CASE("a secret's value is never shown") {
  const auto name = GENERATE("OPENAI_API_KEY", "GITHUB_TOKEN");
  const auto value = GENERATE("planted secret", "planted\nsecret",
                              "planted\x1bsecret", "pl\xc3\xa4nted");
  const auto problem = only_problem(with({{name, value}}));
  CAPTURE(problem);
  CHECK(has(problem, std::string(name) + " is unusable"));
  CHECK_FALSE(has(problem, "planted"));
  CHECK_FALSE(has(problem, "nted"));
  CHECK(has(only_problem(with({{name, huge}})), "8192"));
}

TEST_CASE("credentials inside any URL are refused and not shown") {
  const auto name =
    GENERATE("TARGET_REPO", "OPENAI_BASE_URL", "GITHUB_API_URL", "WEBHOOK_URL");
  const auto problem =
    only_problem(with({{name, "https://u:planted@h.example/o/r"}}));
  CAPTURE(problem);
  CHECK(has(problem, name));
  CHECK(has(problem, "credentials"));
  CHECK_FALSE(has(problem, "planted"));
}

TEST_CASE("all problems are told at once, one line each") {
  const auto got = read({});
  REQUIRE_FALSE(got);
  const auto& what = got.error().what;
  CHECK(std::count(what.begin(), what.end(), '\n') == 3);
}

TEST_CASE("a problem names where the value came from") {
  auto from = good_settings();
  from["TASK_ID"] = {"a b", "--task-id"};
  CHECK(only_problem(from).starts_with("--task-id is \"a b\": "));
  from["TASK_ID"] = {"a b", "config.yaml:3"};
  CHECK(only_problem(from).starts_with("config.yaml:3: TASK_ID is "));
}

TEST_CASE("the API follows the repository's host") {
  struct row {
    std::string repo;
    std::string api;
  };
  const auto row = GENERATE(Catch::Generators::values<struct row>({
    {"git@github.com:o/r.git", "https://api.github.com"},
    {"https://www.github.com/o/r", "https://api.github.com"},
    {"https://git.corp.example/o/r", "https://git.corp.example/api/v3"},
    {"https://git.corp.example:8443/o/r",
     "https://git.corp.example:8443/api/v3"},
    {"ssh://git@git.corp.example:22/o/r", "https://git.corp.example/api/v3"},
    {"git@git.corp.example:o/r", "https://git.corp.example/api/v3"},
    {"https://corp.ghe.com/o/r", "https://api.corp.ghe.com"},
    {"https://notgithub.com/o/r", "https://notgithub.com/api/v3"},
    {"http://127.0.0.1:81/o/r", "http://127.0.0.1:81/api/v3"},
  }));
  CHECK(must_read(with({{"TARGET_REPO", row.repo}})).spec.github_api ==
        row.api);
}

TEST_CASE("GITHUB_REPOSITORY counts only where the URL says nothing") {
  const auto local = must_read(
    with({{"TARGET_REPO", "file:///srv/r"}, {"GITHUB_REPOSITORY", "a/b"}}));
  CHECK(local.spec.github_owner == "a");
  CHECK(local.spec.github_name == "b");
  CHECK(local.spec.github_api == "https://api.github.com");
  const auto said = must_read(with({{"GITHUB_REPOSITORY", "a/b"}}));
  CHECK(said.spec.github_owner == "octo");
  const auto skip =
    GENERATE("SKIP_PR_CREATION", "SKIP_PUSH_TO_REMOTE", "DRY_RUN");
  const auto none =
    must_read(with({{"TARGET_REPO", "file:///srv/r"}, {skip, "true"}}));
  CHECK(none.spec.github_owner.empty());
}

TEST_CASE("what is merely unwise is a warning") {
  auto from = good_settings();
  from.erase("GITHUB_TOKEN");
  from.erase("WEBHOOK_URL");
  from["OPENAI_BASE_URL"] = {"http://models.example:8000/v1", ""};
  from["TARGET_REPO"] = {"http://git.example/o/r", ""};
  const auto got = must_read(from);
  REQUIRE(got.warnings.size() == 3);
  CHECK(has(got.warnings[0], "GITHUB_TOKEN is not set"));
  CHECK(has(got.warnings[1], "OPENAI_BASE_URL is http://"));
  CHECK(has(got.warnings[2], "WEBHOOK_URL is not set"));
  from["OPENAI_BASE_URL"] = {"http://127.0.0.1:8000/v1", ""};
  CHECK(must_read(from).warnings.size() == 2);
  from["WEBHOOK_SECRET"] = {"whsec_no!base64", ""};
  CHECK(has(must_read(from).warnings.at(1), "what follows is not base64"));
  from["WEBHOOK_SECRET"] = {"whsec_c2lnbmVk", ""};
  CHECK(must_read(from).warnings.size() == 2);
  from["WEBHOOK_SECRET"] = {"any text", ""};
  CHECK(must_read(from).warnings.size() == 2);
}

TEST_CASE("prompts of a megabyte are fine") {
  const std::string prompt(1u << 20, 'x');
  CHECK(must_read(with({{"AGENT_PROMPT", prompt}})).spec.prompt == prompt);
}

TEST_CASE("a failure event finds its way although the rest is wrong") {
  auto from = from_environment({{"WEBHOOK_URL", "https://hooks.example/x"},
                                {"WEBHOOK_SECRET", "whsec_abc"},
                                {"WORKSPACE_ID", "ws"},
                                {"TASK_ID", "t"},
                                {"BRANCH_NAME", "b"},
                                {"TARGET_REPO", "ext::x"}});
  auto target = pj::read_event_target(from);
  CHECK(target.url == "https://hooks.example/x");
  CHECK(target.secret == "whsec_abc");
  CHECK(target.workspace == "ws");
  CHECK(target.task == "t");
  CHECK(target.branch == "b");
  from["TASK_ID"].value = "../x";
  from["BRANCH_NAME"].value = "";
  from["WEBHOOK_URL"].value = "https://u:p@hooks.example/x";
  target = pj::read_event_target(from);
  CHECK(target.task.empty());
  CHECK(target.branch.empty());
  CHECK(target.url.empty());
  CHECK(pj::read_event_target({}).workspace == "unknown");
}

TEST_CASE("the contract's variables") {
  const auto& names = pj::contract_variables();
  CHECK(names.size() == 28);
  const auto secret =
    std::count_if(names.begin(), names.end(), pj::is_secret_variable);
  CHECK(secret == 5);
}

TEST_CASE("a bound of cost needs the prices of all models") {
  const auto refusal = [](std::map<std::string, std::string> values) {
    values["MAX_COST_USD"] = "0.50";
    const auto got = read(with(std::move(values)));
    return got ? std::string() : got.error().what;
  };
  CHECK(refusal({}).empty());
  CHECK(refusal({{"MODEL", "own"}})
          .find("the price of openai/own is not "
                "known") != std::string::npos);
  CHECK(refusal({{"FALLBACK_MODEL", "openai/own"}}).find("MAX_COST_USD") !=
        std::string::npos);
  CHECK(read(with({{"MODEL", "own"}})));
}
