#include "world.hpp"

#include "core/text.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>

using namespace pj;
using namespace pj::test;

namespace {

constexpr const char* planted = "plantedSecret31415926535";

/// One value that must be refused.
struct hostile {
  std::string variable;
  std::string value;
};

/// What goes wrong with names of branches.
std::vector<std::string> bad_branches() {
  return {"../x",     "a..b",      "-f",
          "--force",  "a b",       "x.lock",
          "/x",       "x/",        "a\nb",
          "\x1b[31m", "refs/\x7f", "HEAD",
          "x@{1}",    "a\\b",      "a:b",
          "main",     "\xff\xfe",  std::string(127 * 1024, 'b')};
}

std::vector<hostile> bad_values() {
  const std::string big(127 * 1024, 'x');
  std::vector<hostile> out = {
    {"TARGET_REPO", "--upload-pack=touch /tmp/pj-pwned"},
    {"TARGET_REPO", "ext::sh -c touch% /tmp/pj-pwned"},
    {"TARGET_REPO", "-oProxyCommand=true"},
    {"TARGET_REPO", "ssh://-oProxyCommand=true/acme/hello"},
    {"TARGET_REPO", "git@-oProxyCommand=true:acme/hello"},
    {"TARGET_REPO", "acme/hello"},
    {"TARGET_REPO", "/etc"},
    {"TARGET_REPO", "ftp://127.0.0.1/acme/hello"},
    {"TARGET_REPO", "https://"},
    {"TARGET_REPO", "https://127.0.0.1/acme/../../etc"},
    {"TARGET_REPO", "https://127.0.0.1/acme/hel\nlo"},
    {"TARGET_REPO", "https://127.0.0.1/acme/hel\x1b[2Jlo"},
    {"TARGET_REPO", "file://relative/path"},
    {"TARGET_REPO", "file:///srv/../etc"},
    {"TARGET_REPO", "http://github.example/acme/hello"},
    {"TARGET_REPO", std::string("https://me:") + planted + "@127.0.0.1/a/b"},
    {"TARGET_REPO", std::string("https://") + planted + "@127.0.0.1/a/b"},
    {"TARGET_REPO", "https://127.0.0.1/" + big},
    {"TASK_ID", "../t1"},
    {"TASK_ID", "t1/../../x"},
    {"TASK_ID", ".hidden"},
    {"TASK_ID", "-rf"},
    {"TASK_ID", "a b"},
    {"TASK_ID", "a\tb"},
    {"TASK_ID", "a..b"},
    {"TASK_ID", "a.lock"},
    {"TASK_ID", "täsk"},
    {"TASK_ID", std::string(129, 'a')},
    {"TASK_ID", big},
    {"AGENT_PROMPT", "clear the screen\x1b[2J"},
    {"AGENT_PROMPT", "not UTF-8: \xc3\x28"},
    {"MODEL_PROVIDER", "skynet"},
    {"MODEL_PROVIDER", "--help"},
    {"MODEL_PROVIDER", big},
    {"MODEL", "--model"},
    {"MODEL", "gpt\n4o"},
    {"MODEL", big},
    {"OPENAI_API_KEY", std::string(planted) + "\r\nX-Evil: 1"},
    {"OPENAI_API_KEY", std::string(planted) + " with blanks"},
    {"OPENAI_API_KEY", std::string(planted) + big},
    {"GITHUB_TOKEN", std::string(planted) + "\x01"},
    {"GITHUB_TOKEN", std::string(planted) + "\nanother line"},
    {"OPENAI_BASE_URL", "file:///etc/passwd"},
    {"OPENAI_BASE_URL", "127.0.0.1"},
    {"OPENAI_BASE_URL", std::string("http://me:") + planted + "@127.0.0.1/v1"},
    {"OPENAI_BASE_URL", "http://127.0.0.1/v1?x=1"},
    {"OPENAI_BASE_URL", "http://127.0.0.1:99999/v1"},
    {"GITHUB_API_URL", "http://github.example/api/v3"},
    {"GITHUB_API_URL", "gopher://127.0.0.1"},
    {"GITHUB_API_URL", std::string("https://") + planted + ":x@127.0.0.1"},
    {"GITHUB_REPOSITORY", "../../etc"},
    {"GITHUB_REPOSITORY", "only-owner"},
    {"GITHUB_REPOSITORY", "a/b/c"},
    {"GIT_AUTHOR_NAME", "Eve <eve@example.com>"},
    {"GIT_AUTHOR_NAME", "Eve\ncommitter Mallory"},
    {"GIT_AUTHOR_NAME", big},
    {"GIT_AUTHOR_EMAIL", "not an address"},
    {"GIT_AUTHOR_EMAIL", "eve@example.com>\nx"},
    {"PR_TITLE", "two\nlines"},
    {"PR_TITLE", std::string(300, 't')},
    {"WORKSPACE_ID", "w\x07"},
    {"WORKSPACE_ID", big},
    {"KEEP_ALIVE", "maybe"},
    {"SKIP_PUSH_TO_REMOTE", "--yes"},
    {"SKIP_PR_CREATION", "2"},
    {"ADD_CODERABBIT_CONFIG", "on\noff"},
    {"SYSTEM_PROMPT_PATH", "/nowhere/system.md"},
    {"SYSTEM_PROMPT_PATH", "/"},
    {"TASK_TIMEOUT_MINUTES", "0"},
    {"TASK_TIMEOUT_MINUTES", "-1"},
    {"TASK_TIMEOUT_MINUTES", "nan"},
    {"TASK_TIMEOUT_MINUTES", "1e3"},
    {"TASK_TIMEOUT_MINUTES", "25 minutes"},
    {"TASK_TIMEOUT_MINUTES", "99999999999999999999"},
    {"PJ_CACHE_MAX_GB", "much"},
    {"PJ_CACHE_MAX_DAYS", "-1"},
  };
  for (const auto* name : {"BRANCH_NAME", "BASE_BRANCH"})
    for (const auto& value : bad_branches())
      if (value != "main" || name == std::string_view("BRANCH_NAME"))
        out.push_back({name, value});
  return out;
}

bool is_clean(const std::string& text) {
  for (const char c : text)
    if ((c >= 0 && c < ' ' && c != '\n') || c == '\x7f')
      return false;
  return is_valid_utf8(text);
}

/// Exit 2, one clear line about `variable`, and nothing happened.
void check_refused(const world& w, const std::string& variable) {
  const auto x = w.run();
  CHECK(x.code == 2);
  CHECK(x.out.empty());
  const auto lines = error_lines(x.err);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].size() < 600);
  CHECK(has(lines[0], variable));
  CHECK(is_clean(x.err));
  for (const auto& secret :
       {std::string(planted), w.doubles.token(), w.doubles.model_key()})
    CHECK_FALSE(has(x.err, secret));
}

/// The last delivery is the task's failure in the words of standard error.
void check_told(const world& w, const std::string& variable) {
  REQUIRE_FALSE(w.doubles.events().empty());
  const auto last = w.doubles.events().back();
  CHECK(last.verified == true);
  const auto event = nlohmann::json::parse(last.body);
  CHECK(event.size() == 8);
  CHECK(event["type"] == "task.failed");
  CHECK(event["status"] == "failed");
  CHECK(has(event["error"].get<std::string>(), variable));
  CHECK_FALSE(has(last.body, planted));
  CHECK_FALSE(has(last.body, w.doubles.token()));
}

void check_nothing_happened(const world& w) {
  CHECK(w.requests({}) == w.requests("webhook"));
  CHECK_FALSE(std::filesystem::exists(w.state()));
  CHECK_FALSE(std::filesystem::exists("/tmp/pj-pwned"));
}

} // namespace

TEST_CASE("a required variable that is missing or empty") {
  world w;
  for (const auto* name :
       {"TARGET_REPO", "TASK_ID", "AGENT_PROMPT", "OPENAI_API_KEY"}) {
    const auto was = w.environment.at(name);
    for (const auto* value : {"", " \t\n "}) {
      INFO(name << " is blank");
      w.environment[name] = value;
      check_refused(w, name);
      check_told(w, name);
    }
    INFO(name << " is not set");
    w.environment.erase(name);
    check_refused(w, name);
    check_told(w, name);
    w.environment[name] = was;
  }
  CHECK(w.doubles.events().size() == 12);
  check_nothing_happened(w);
}

TEST_CASE("the key of the chosen provider is required") {
  world w;
  for (const auto& [provider, key] :
       {std::pair{"anthropic", "ANTHROPIC_API_KEY"},
        std::pair{"openrouter", "OPENROUTER_API_KEY"}}) {
    w.environment["MODEL_PROVIDER"] = provider;
    check_refused(w, key);
    check_told(w, key);
  }
  check_nothing_happened(w);
}

TEST_CASE("a hostile value is one clear line and nothing else") {
  world w;
  std::size_t told = 0;
  for (const auto& [variable, value] : bad_values()) {
    INFO(variable << '=' << value.substr(0, 80));
    const auto before = w.environment;
    w.environment[variable] = value;
    check_refused(w, variable);
    CHECK(w.doubles.events().size() == ++told);
    check_told(w, variable);
    w.environment = before;
  }
  check_nothing_happened(w);
}

TEST_CASE("a webhook URL that cannot be used gets nothing") {
  world w;
  for (const auto& value :
       {std::string("file:///etc/passwd"), std::string("127.0.0.1"),
        std::string("http://127.0.0.1/\nx"),
        "http://me:" + std::string(planted) + "@127.0.0.1/hook",
        "http://127.0.0.1/" + std::string(127 * 1024, 'x')}) {
    INFO(value.substr(0, 80));
    w.environment["WEBHOOK_URL"] = value;
    check_refused(w, "WEBHOOK_URL");
  }
  CHECK(w.requests({}) == 0);
  check_nothing_happened(w);
}

TEST_CASE("several mistakes are told at once") {
  world w;
  w.environment["TASK_ID"] = "../x";
  w.environment["TARGET_REPO"] = "ext::sh";
  w.environment.erase("AGENT_PROMPT");
  const auto x = w.run();
  CHECK(x.code == 2);
  CHECK(error_lines(x.err).size() == 3);
  REQUIRE(w.events().size() == 1);
  CHECK(w.events()[0]["taskId"] == "");
  for (const auto* name : {"TASK_ID", "TARGET_REPO", "AGENT_PROMPT"})
    CHECK(has(w.events()[0]["message"].get<std::string>(), name));
  check_nothing_happened(w);
}

TEST_CASE("options that make no sense") {
  world w;
  for (const auto& flags : {std::vector<std::string>{"--no-such-flag"},
                            {"--repo"},
                            {"surplus"},
                            {"--prompt-file", "/nowhere"},
                            {"--prompt", "x", "--prompt-file", "/dev/null"},
                            {"--config", "/nowhere/config.yaml"},
                            {"--timeout-minutes", "soon"}}) {
    INFO(flags.back());
    const auto x = w.run(flags);
    CHECK(x.code == 2);
    CHECK_FALSE(x.err.empty());
    CHECK(x.out.empty());
  }
  check_nothing_happened(w);
}

TEST_CASE("a long prompt in the environment is fine") {
  world w;
  w.environment["MODEL"] = "gpt-4.1";
  w.environment["AGENT_PROMPT"] =
    "Greet the reader in README.md.\n" + std::string(126 * 1024, 'x');
  CHECK(w.run({"--skip-push"}).code == 0);
}

TEST_CASE("a hopeless event does not keep people from ending it") {
  world w;
  w.environment["WEBHOOK_URL"] =
    "http://127.0.0.1:" + std::to_string(closed_port()) + "/hook";
  w.environment.erase("TASK_ID");
  const auto pj = w.start();
  await("the mistake", [&] { return has(pj->err(), "TASK_ID"); });
  pj->signal(SIGTERM);
  const auto x = pj->wait(std::chrono::seconds{5});
  CHECK((x.code == 128 + SIGTERM || x.code == 130));
}
