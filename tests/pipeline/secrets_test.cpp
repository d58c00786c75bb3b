#include "world.hpp"

#include "core/base64.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>
#include <fstream>

using namespace pj;
using namespace pj::test;
namespace fs = std::filesystem;

namespace {

// All hold "planted", so that a spy can look for them without knowing them.
const std::string token = "ghp_plantedTokenOfGitHub0123456789";
const std::string model_key = "sk-plantedKeyOfTheModel0123456789";
const std::string webhook_text = "plantedSecretOfTheWebhook0123456789";
const std::string url_token = "plantedTokenInTheWebhookUrl0123456789";

mock_options planted() {
  mock_options o;
  o.token = token;
  o.model_key = model_key;
  o.webhook_secret = webhook_text;
  return o;
}

/// Every form in which a secret might lie somewhere.
std::vector<std::string> forms() {
  std::vector<std::string> out = {token, model_key, webhook_text, url_token};
  for (std::size_t i = 0; i < 4; ++i)
    out.emplace_back(out[i].rbegin(), out[i].rend());
  out.push_back(to_base64("x-access-token:" + token));
  out.push_back(to_base64(token));
  return out;
}

void check_free(const std::string& text, const std::string& where) {
  INFO(where);
  for (const auto& secret : forms())
    if (has(text, secret)) {
      INFO("found " << secret);
      FAIL_CHECK();
    }
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Journal, mirrors, kept patches, scratch folders, the server's repositories.
void check_files(const fs::path& folder) {
  std::size_t seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) {
      check_free(content_of(entry.path()), entry.path().string());
      ++seen;
    }
  CHECK(seen > 5);
}

/// What reached the doubles, but for the headers that carry the secrets.
void check_requests(const world& w) {
  for (const auto& r : w.doubles.requests()) {
    const auto where = r.face + ' ' + r.method + ' ' + r.target;
    if (r.face != "webhook")
      check_free(r.target, where);
    check_free(r.body, where);
    for (const auto& h : r.headers)
      check_free(h.value, where + ' ' + h.name);
    if (r.face == "webhook")
      CHECK(find_header(r.headers, "authorization").empty());
  }
  for (const auto& d : w.doubles.events())
    check_free(d.body, "event");
  for (const auto& p : w.doubles.pulls())
    check_free(p.title + p.body, "pull request");
}

/// Looks for the secrets wherever a command of the repository can, and shows
/// them backwards: what is redacted was still found.
std::string spy(const fs::path& home) {
  return "{ env\n"
         "  cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline\n"
         "  cat $(find " +
         home.string() + " $HOME . /tmp/pj-* -type f)\n" +
         "} 2>/dev/null | grep -ao 'plante[d][A-Za-z0-9]*' | rev\n"
         "echo spied\n"
         "exit 1\n";
}

struct secret_world : world {
  secret_world() : world(planted()) {
    doubles.add_repository("acme/spied",
                           {{"README.md", "# Spied\n"},
                            {"spy.sh", spy(home())},
                            {".pj.yaml", "validate:\n"
                                         "  - name: spy\n"
                                         "    command: sh ./spy.sh\n"
                                         "    blocking: false\n"}});
    environment["TARGET_REPO"] = doubles.repository_url("acme/spied");
    environment["WEBHOOK_URL"] += "?token=" + url_token;
    environment["WEBHOOK_SECRET"] = webhook_text;
  }

  void check_everywhere(const ending& x) {
    check_free(x.out, "standard output");
    check_free(x.err, "standard error");
    check_files(folder());
    check_requests(*this);
  }
};

} // namespace

TEST_CASE("secrets are found nowhere after a good task") {
  secret_world w;
  const auto x = w.run({"--json"});
  REQUIRE(x.code == 0);
  const auto j = nlohmann::json::parse(x.out);
  REQUIRE(j["checks"].size() == 1);
  CHECK(has(j["checks"][0]["output"].get<std::string>(), "spied"));
  CHECK(w.events().size() == 9);
  w.check_everywhere(x);
}

TEST_CASE("secrets are found nowhere when the change is kept") {
  secret_world w;
  const auto x = w.run({"--skip-push"});
  REQUIRE(x.code == 0);
  CHECK(fs::exists(w.state() / "run/t1"));
  w.check_everywhere(x);
}

TEST_CASE("secrets are not in the engine's environment or arguments") {
  secret_world w;
  w.doubles.add_fault("{face: model, kind: stall, after: 300, times: 1}");
  const auto pj = w.start();
  w.await_fault("model", "stall");
  const auto proc = "/proc/" + std::to_string(pj->pid());
  const auto environment = content_of(proc + "/environ");
  CHECK(has(environment, "OPENAI_BASE_URL="));
  check_free(environment, "environ");
  check_free(content_of(proc + "/cmdline"), "cmdline");
  pj->signal(SIGKILL);
  w.check_everywhere(pj->wait());
}

TEST_CASE("servers that repeat secrets in their errors are not quoted") {
  const auto answer = [](const char* face, const std::string& secret,
                         int status, const std::string& more = {}) {
    const nlohmann::json body = {
      {"message", "Bad: " + secret},
      {"error",
       {{"message", "Incorrect API key provided: " + secret},
        {"type", "invalid_request_error"}}}};
    const nlohmann::json fault = {{"face", face},
                                  {"kind", "status"},
                                  {"status", status},
                                  {"body", body.dump()}};
    auto text = fault.dump();
    text.insert(text.size() - 1, more);
    return text;
  };
  for (const auto& fault :
       {answer("model", model_key, 401), answer("github", token, 403),
        answer("git", token, 403),
        answer("webhook", webhook_text + url_token, 500, ", \"times\": 1")}) {
    INFO(fault);
    secret_world w;
    w.doubles.add_fault(fault);
    w.check_everywhere(w.run());
  }
}
