#include "actors/webhook.hpp"

#include "actors/journal.hpp"
#include "tests/actors/fakes.hpp"
#include "tests/actors/fixture.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace pj;
using namespace std::chrono_literals;

struct fixture : test::actors {
  std::shared_ptr<test::memory_store> store =
    std::make_shared<test::memory_store>();
  std::shared_ptr<test::scripted_http> http =
    std::make_shared<test::scripted_http>();
  std::vector<int> statuses; ///< in order, then 200
  http_headers extra;        ///< of every answer
  journal_actor record = sys.spawn(journal, store);
  webhook_actor hook;

  fixture() {
    http->answer = [this](const http_request&) -> result<http_response> {
      int status = 200;
      if (!statuses.empty()) {
        status = statuses.front();
        statuses.erase(statuses.begin());
      }
      if (status == 0)
        return test::transient("connection refused");
      return http_response{status, extra, {}};
    };
  }

  ~fixture() {
    stop(hook);
    stop(record);
  }

  void start() {
    webhook_config c;
    c.headers = [](const std::string& id, std::int64_t, const std::string&) {
      return http_headers{{"webhook-id", id}};
    };
    c.schedule = delivery_schedule::short_lived();
    c.random = [] { return 0.5; };
    c.now = [this] {
      return wall_clock::time_point{
        std::chrono::duration_cast<wall_clock::duration>(
          sched.clock().now().time_since_epoch())};
    };
    hook = sys.spawn(webhook_service, http, record, c);
    run();
  }

  outbox_row event(std::string task, std::int64_t sequence) const {
    outbox_row row;
    row.id = task + "-" + std::to_string(sequence);
    row.task = std::move(task);
    row.sequence = sequence;
    row.url = "http://127.0.0.1/hook";
    row.body = "{}";
    return row;
  }

  void deliver(const outbox_row& row) {
    store->events.push_back(row);
    self->send(hook, deliver_event{row});
    run();
  }

  std::vector<std::string> sent() const {
    std::vector<std::string> ids;
    for (const auto& r : http->requests)
      ids.emplace_back(find_header(r.headers, "webhook-id"));
    return ids;
  }

  delivery_state state_of_event(const std::string& id) const {
    for (const auto& e : store->events)
      if (e.id == id)
        return e.state;
    throw std::logic_error("no such event");
  }
};

using ids = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(fixture, "an event is delivered and marked so") {
  start();
  deliver(event("t", 1));
  CHECK(sent() == ids{"t-1"});
  CHECK(state_of_event("t-1") == delivery_state::delivered);
}

TEST_CASE_METHOD(fixture, "a lost receiver is tried again with the same id") {
  statuses = {0, 503};
  start();
  deliver(event("t", 1));
  CHECK(sent() == ids{"t-1"});
  pass(10s);
  CHECK(sent() == ids{"t-1", "t-1", "t-1"});
  CHECK(state_of_event("t-1") == delivery_state::delivered);
}

TEST_CASE_METHOD(fixture, "a redirect is a failure, not an address") {
  statuses = {302};
  extra = {{"Location", "http://127.0.0.1/elsewhere"}};
  start();
  deliver(event("t", 1));
  CHECK(state_of_event("t-1") == delivery_state::pending);
  pass(5s);
  CHECK(http->requests.back().url == "http://127.0.0.1/hook");
}

TEST_CASE_METHOD(fixture, "events of one task stay in order") {
  statuses = {500};
  start();
  deliver(event("t", 1));
  deliver(event("t", 2));
  deliver(event("u", 1));
  CHECK(sent() == ids{"t-1", "u-1"});
  pass(10s);
  CHECK(sent() == ids{"t-1", "u-1", "t-1", "t-2"});
}

TEST_CASE_METHOD(fixture, "Retry-After is honoured when it is longer") {
  statuses = {429};
  extra = {{"Retry-After", "30"}};
  start();
  deliver(event("t", 1));
  pass(29s);
  CHECK(sent().size() == 1);
  pass(2s);
  CHECK(sent().size() == 2);
}

TEST_CASE_METHOD(fixture, "410 stops everything for that receiver") {
  statuses = {410};
  start();
  deliver(event("t", 1));
  deliver(event("t", 2));
  pass(60s, 1s);
  CHECK(sent() == ids{"t-1"});
  CHECK(state_of_event("t-1") == delivery_state::given_up);
  CHECK(state_of_event("t-2") == delivery_state::given_up);
}

TEST_CASE_METHOD(fixture, "the outbox of an earlier run goes out first") {
  store->events = {event("t", 1), event("t", 2)};
  start();
  CHECK(sent() == ids{"t-1", "t-2"});
  deliver(event("t", 3));
  CHECK(sent() == ids{"t-1", "t-2", "t-3"});
}

TEST_CASE_METHOD(fixture, "draining waits for the last event") {
  statuses = {500};
  start();
  deliver(event("t", 1));
  auto r = self->request(hook, 3600s, drain_events{});
  run();
  pass(5s);
  const auto got = test::take<drained_events>(r);
  REQUIRE(got);
  CHECK(got.value->given_up == 0);
  CHECK(state_of_event("t-1") == delivery_state::delivered);
}

TEST_CASE_METHOD(fixture, "a restarted service delivers what was pending") {
  http->held = true;
  start();
  deliver(event("t", 1));
  stop(hook);
  http->held = false;
  http->release(); // the late answer goes nowhere
  run();
  start();
  CHECK(sent() == ids{"t-1", "t-1"});
  CHECK(state_of_event("t-1") == delivery_state::delivered);
}
