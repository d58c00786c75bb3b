// The git server's edge: every row of docs/FAULTS.md below "Git server".
#include "fault_table.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::test;

namespace {

void with_fault(const std::string& rule) {
  world w;
  w.doubles.add_fault("{face: git, " + rule + "}");
  check_fault(w);
}

const std::string pack = "method: POST, path: upload-pack, ";
const std::string push = "method: POST, path: receive-pack, ";

} // namespace

TEST_CASE("git: 401") {
  world w;
  w.environment["GITHUB_TOKEN"] = "ghp_wrong";
  check_fault(w);
}

TEST_CASE("git: 403") {
  with_fault("kind: status, status: 403");
}

TEST_CASE("git: 404") {
  with_fault("kind: status, status: 404");
}

TEST_CASE("git: 429 and 503 pass") {
  with_fault("kind: status, status: 503, times: 1");
}

TEST_CASE("git: 500 for ever") {
  with_fault("kind: status, status: 500");
}

TEST_CASE("git: nobody listens") {
  world w;
  w.environment["TARGET_REPO"] =
    "http://127.0.0.1:" + std::to_string(closed_port()) + "/acme/hello";
  check_fault(w);
}

TEST_CASE("git: an untrusted certificate") {
  world w;
  const world other(over_tls());
  w.environment["TARGET_REPO"] = other.doubles.repository_url("acme/hello");
  check_fault(w);
}

TEST_CASE("git: a slow answer") {
  with_fault("kind: slow, delay: 300");
}

TEST_CASE("git: reset before the answer") {
  with_fault("kind: refuse, times: 1");
}

TEST_CASE("git: reset inside the pack") {
  with_fault(pack + "kind: reset, after: 200, times: 1");
}

TEST_CASE("git: half a pack") {
  with_fault(pack + "kind: truncate, after: 200, times: 1");
}

TEST_CASE("git: silence") {
  world w;
  w.environment["TASK_TIMEOUT_MINUTES"] = "0.05";
  w.doubles.add_fault("{face: git, kind: stall}");
  check_fault(w);
}

TEST_CASE("git: a slow accept") {
  with_fault("kind: slow-accept, delay: 300");
}

TEST_CASE("git: a trickle") {
  with_fault("kind: trickle, bytes: 100, delay: 1");
}

TEST_CASE("git: a pack in pieces") {
  with_fault(pack + "kind: split, bytes: 5");
}

TEST_CASE("git: a wrong content type") {
  with_fault("kind: content-type, body: text/html");
}

TEST_CASE("git: a push that a hook refuses") {
  with_fault(push + "kind: reject-push");
}

TEST_CASE("git: a push to a protected branch") {
  mock_options o;
  o.protected_branches = {"pj/t1"};
  check_fault(world(o));
}

TEST_CASE("git: a push that is answered with 500") {
  with_fault(push + "kind: status, status: 500, times: 1");
}

TEST_CASE("git: a push whose answer is lost") {
  with_fault(push + "kind: lost-response, times: 1");
}

TEST_CASE("git: a push whose answer is cut") {
  with_fault(push + "kind: reset, after: 5, times: 1");
}

TEST_CASE("git: a push without the right") {
  with_fault("path: receive-pack, kind: status, status: 403");
}
