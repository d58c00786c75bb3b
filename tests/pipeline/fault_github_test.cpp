// GitHub's edge: every row of docs/FAULTS.md below "GitHub".
#include "fault_table.hpp"

#include <catch2/catch_test_macros.hpp>

#include <ctime>

using namespace pj;
using namespace pj::test;

namespace {

void with_fault(const std::string& rule) {
  world w;
  w.doubles.add_fault("{face: github, " + rule + "}");
  check_fault(w);
}

const std::string lookup = "method: GET, path: /pulls, ";
const std::string creation = "method: POST, path: /pulls, ";

} // namespace

TEST_CASE("github: 401") {
  with_fault("kind: status, status: 401");
}

TEST_CASE("github: 403 without the right") {
  with_fault(creation +
             "kind: status, status: 403, headers: "
             "{x-accepted-github-permissions: pull_requests=write}, body: "
             "'{\"message\":\"Resource not accessible by integration\"}'");
}

TEST_CASE("github: 404") {
  with_fault(lookup + "kind: status, status: 404");
}

TEST_CASE("github: 410") {
  with_fault(creation + "kind: status, status: 410");
}

TEST_CASE("github: 422") {
  with_fault(creation + "kind: status, status: 422, body: '{\"message\":"
                        "\"Validation Failed\",\"errors\":[{\"resource\":"
                        "\"PullRequest\",\"field\":\"base\",\"code\":"
                        "\"invalid\"}]}'");
}

TEST_CASE("github: somebody opened the same pull request") {
  with_fault(creation + "kind: duplicate-pull, times: 1");
}

TEST_CASE("github: 429 with Retry-After") {
  with_fault(creation + "kind: status, status: 429, times: 1, headers: "
                        "{retry-after: '1'}");
}

TEST_CASE("github: the primary limit") {
  with_fault(lookup +
             "kind: status, status: 403, times: 1, headers: "
             "{x-ratelimit-remaining: '0', x-ratelimit-reset: '" +
             std::to_string(std::time(nullptr) + 1) +
             "'}, body: '{\"message\":\"API rate limit exceeded\"}'");
}

TEST_CASE("github: 500 before the creation") {
  with_fault(creation + "kind: status, status: 500, times: 1");
}

TEST_CASE("github: 502 for ever") {
  with_fault("kind: status, status: 502");
}

TEST_CASE("github: the answer to the creation is lost") {
  with_fault(creation + "kind: lost-response, times: 1");
}

TEST_CASE("github: reset inside the answer to the creation") {
  with_fault(creation + "kind: reset, after: 40, times: 1");
}

TEST_CASE("github: nobody listens") {
  world w;
  w.environment["GITHUB_API_URL"] =
    "http://127.0.0.1:" + std::to_string(closed_port());
  check_fault(w);
}

TEST_CASE("github: an untrusted certificate") {
  world w;
  const world other(over_tls());
  w.environment["GITHUB_API_URL"] = other.doubles.urls().github;
  check_fault(w);
}

TEST_CASE("github: reset before the answer") {
  with_fault("kind: refuse, times: 1");
}

TEST_CASE("github: silence") {
  world w;
  w.environment["TASK_TIMEOUT_MINUTES"] = "0.1";
  w.doubles.add_fault("{face: github, " + lookup + "kind: stall}");
  check_fault(w);
}

TEST_CASE("github: an answer in pieces") {
  with_fault("kind: split, bytes: 3");
}

TEST_CASE("github: a slow answer") {
  with_fault("kind: slow, delay: 300");
}

TEST_CASE("github: a slow accept") {
  with_fault("kind: slow-accept, delay: 300");
}

TEST_CASE("github: a trickle") {
  with_fault("kind: trickle, bytes: 100, delay: 2");
}

TEST_CASE("github: a web page instead of an answer") {
  with_fault(lookup + "kind: status, status: 200, headers: {content-type: "
                      "text/html}, body: <html>Hello</html>");
}

TEST_CASE("github: half an answer") {
  with_fault(creation + "kind: truncate, after: 40, times: 1");
}

TEST_CASE("github: the repository was renamed") {
  mock_options o;
  o.fixtures = "renamed: {acme/old: acme/hello}";
  world w(o);
  w.environment["TARGET_REPO"] =
    "file://" + w.doubles.repository_path("acme/hello").string();
  w.environment["GITHUB_REPOSITORY"] = "acme/old";
  check_fault(w);
}

TEST_CASE("github: a redirect to another host") {
  with_fault("kind: status, status: 301, headers: {location: "
             "'https://elsewhere.example/pulls'}");
}
