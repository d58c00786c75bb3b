// The receiver's edge: every row of docs/FAULTS.md below "Webhook receiver".
#include "fault_table.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::test;

namespace {

/// Nothing the receiver does loses an event or changes their order.
void with_fault(const std::string& rule, bool all_arrive = true) {
  world w;
  w.doubles.add_fault("{face: webhook, " + rule + "}");
  check_fault(w);
  if (all_arrive)
    CHECK(w.event_messages() == usual_messages());
}

} // namespace

TEST_CASE("webhook: 500") {
  with_fault("kind: status, status: 500, times: 1");
}

TEST_CASE("webhook: 503 a few times") {
  with_fault("kind: status, status: 503, times: 3");
}

TEST_CASE("webhook: 429 with Retry-After") {
  with_fault("kind: status, status: 429, headers: {retry-after: '2'}, "
             "times: 1");
}

TEST_CASE("webhook: 404") {
  with_fault("kind: status, status: 404, times: 1");
}

TEST_CASE("webhook: 410") {
  with_fault("kind: status, status: 410", false);
}

TEST_CASE("webhook: a redirect") {
  with_fault("kind: status, status: 302, headers: {location: /elsewhere}, "
             "times: 1");
}

TEST_CASE("webhook: reset before the answer") {
  with_fault("kind: refuse, times: 1");
}

TEST_CASE("webhook: the answer is lost") {
  with_fault("kind: lost-response, times: 1");
}

TEST_CASE("webhook: reset inside the answer") {
  with_fault("kind: reset, after: 1, times: 1");
}

TEST_CASE("webhook: half an answer") {
  with_fault("kind: truncate, after: 1");
}

TEST_CASE("webhook: silence") {
  with_fault("kind: slow, delay: 12000, times: 1");
}

TEST_CASE("webhook: a slow accept") {
  with_fault("kind: slow-accept, delay: 200");
}

TEST_CASE("webhook: a trickle") {
  with_fault("kind: trickle, bytes: 1, delay: 1");
}

TEST_CASE("webhook: an answer in pieces") {
  with_fault("kind: split, bytes: 1");
}

TEST_CASE("webhook: a wrong content type") {
  with_fault("kind: content-type, body: application/x-surprise");
}
