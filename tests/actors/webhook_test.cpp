#include "actors/webhook.hpp"

#include "actors/journal.hpp"
#include "tests/actors/fakes.hpp"
#include "tests/actors/fixture.hpp"

#include <caf/event_based_actor.hpp>
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
  std::string url;
  std::chrono::milliseconds max_age{0};
  std::chrono::hours jumped{0}; ///< of the wall clock
  bool internal_receivers = false;
  std::function<void(const std::string&)> log;

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

  wall_clock::time_point wall() const {
    return wall_clock::time_point{
      std::chrono::duration_cast<wall_clock::duration>(
        sched.clock().now().time_since_epoch()) +
      jumped};
  }

  void start() {
    if (hook)
      stop(hook);
    webhook_config c;
    c.url = url;
    c.internal_receivers = internal_receivers;
    c.log = log;
    c.max_age = max_age;
    c.headers = [](const std::string& id, std::int64_t, const std::string&) {
      return http_headers{{"webhook-id", id}};
    };
    c.schedule = delivery_schedule::short_lived();
    c.random = [] { return 0.5; };
    c.now = [this] { return wall(); };
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

TEST_CASE_METHOD(fixture, "a receiver that asks for a pause has it from all "
                          "tasks") {
  statuses = {429};
  extra = {{"Retry-After", "30"}};
  start();
  deliver(event("t", 1));
  deliver(event("u", 1));
  auto elsewhere = event("v", 1);
  elsewhere.url = "http://127.0.0.1/other";
  deliver(elsewhere);
  CHECK(sent() == ids{"t-1", "v-1"});
  pass(29s);
  CHECK(sent() == ids{"t-1", "v-1"});
  pass(2s);
  CHECK(sent().size() == 4);
  CHECK(state_of_event("t-1") == delivery_state::delivered);
  CHECK(state_of_event("u-1") == delivery_state::delivered);
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

TEST_CASE_METHOD(fixture, "a receiver may decline one event") {
  statuses = {500};
  extra = {{"webhook-delivery", "abort-message"}};
  start();
  deliver(event("t", 1));
  deliver(event("t", 2));
  CHECK(sent() == ids{"t-1", "t-2"});
  CHECK(state_of_event("t-1") == delivery_state::given_up);
  CHECK(state_of_event("t-2") == delivery_state::delivered);
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

TEST_CASE_METHOD(fixture, "what 410 stopped stays stopped after a restart") {
  statuses = {410};
  start();
  deliver(event("t", 1));
  stop(hook);
  start();
  CHECK(sent() == ids{"t-1"});
}

TEST_CASE_METHOD(fixture, "Retry-After holds for 503 and as a date, too") {
  statuses = {503};
  extra = {{"Date", "Sun, 22 Nov 2026 10:00:00 GMT"},
           {"Retry-After", "Sun, 22 Nov 2026 10:00:40 GMT"}};
  start();
  deliver(event("t", 1));
  pass(39s);
  CHECK(sent().size() == 1);
  pass(2s);
  CHECK(sent().size() == 2);
}

TEST_CASE_METHOD(fixture, "a Retry-After that is shorter changes nothing") {
  statuses = {503};
  extra = {{"Retry-After", "0"}};
  start();
  deliver(event("t", 1));
  CHECK(sent().size() == 1);
  pass(5s);
  CHECK(sent().size() == 2);
}

TEST_CASE_METHOD(fixture, "an answer counts by its status, whatever follows") {
  const std::string secret = "planted body";
  for (const int status : {200, 500}) {
    CAPTURE(status);
    std::string shown;
    http->requests.clear();
    http->cut = true;
    http->answer = [&](const http_request&) -> result<http_response> {
      return http_response{status, {}, secret + std::string(1u << 20, 'x')};
    };
    log = [&](const std::string& line) { shown += line; };
    start();
    const auto task = "t" + std::to_string(status);
    deliver(event(task, 1));
    CHECK(
      state_of_event(task + "-1") ==
      (status == 200 ? delivery_state::delivered : delivery_state::pending));
    CHECK(shown.find("planted") == std::string::npos);
    CHECK(store->events.back().last_error.find("planted") == std::string::npos);
    CHECK((status == 200) == shown.empty());
  }
}

TEST_CASE_METHOD(fixture, "only the operator's receiver may be internal") {
  url = "http://127.0.0.1/operator";
  start();
  auto own = event("t", 1);
  own.url = named_receiver;
  deliver(own);
  deliver(event("u", 1));
  REQUIRE(http->bounds.size() == 2);
  CHECK(http->requests[0].url == url);
  CHECK_FALSE(http->bounds[0].public_only);
  CHECK(http->bounds[1].public_only);
  internal_receivers = true;
  start();
  deliver(event("v", 1));
  CHECK_FALSE(http->bounds.back().public_only);
}

TEST_CASE_METHOD(fixture, "an event is tried until it is too old") {
  http->answer = [](const http_request&) -> result<http_response> {
    return http_response{500, {}, {}};
  };
  max_age = 10min;
  start();
  auto row = event("t", 1);
  row.created = wall();
  deliver(row);
  pass(9min, 1s);
  CHECK(state_of_event("t-1") == delivery_state::pending);
  const auto before = sent().size();
  pass(2min, 1s);
  CHECK(state_of_event("t-1") == delivery_state::given_up);
  CHECK(sent().size() > before);
}

TEST_CASE_METHOD(fixture,
                 "a wall clock that jumps changes no pause and no age") {
  for (const auto by : {-24h, 24h}) {
    CAPTURE(by.count());
    jumped = 0h;
    http->requests.clear();
    statuses = {500, 500};
    max_age = 10min;
    start();
    const auto task = by < 0h ? "back" : "forth";
    auto row = event(task, 1);
    row.created = row.next = wall();
    deliver(row);
    jumped = by;
    auto later = event(task, 2);
    later.created = later.next = wall() - by; // made just before the jump
    deliver(later);
    pass(10s);
    const auto first = row.id;
    CHECK(sent() == ids{first, first, first, later.id});
  }
}

TEST_CASE_METHOD(fixture, "what a clock of the future put off waits a day") {
  store->events = {event("t", 1)};
  store->events.front().attempts = 1;
  store->events.front().next = wall() + 24h * 365;
  start();
  CHECK(sent().empty());
  pass(31h, 1h);
  CHECK(sent() == ids{"t-1"});
}

TEST_CASE_METHOD(fixture, "the outbox of an earlier run goes out first") {
  store->events = {event("t", 1), event("t", 2)};
  start();
  CHECK(sent() == ids{"t-1", "t-2"});
  deliver(event("t", 3));
  CHECK(sent() == ids{"t-1", "t-2", "t-3"});
}

TEST_CASE_METHOD(fixture, "what became of events is written down together, and "
                          "one that cannot be spoils no other") {
  start();
  store->held = true;
  for (const auto* task : {"a", "b", "c", "d"})
    deliver(event(task, 1));
  CHECK(store->waiting.size() == 1); // the first; the others wait for it
  std::erase_if(store->events,
                [](const outbox_row& e) { return e.id == "c-1"; });
  store->held = false;
  store->release();
  run();
  for (const auto* id : {"a-1", "b-1", "d-1"})
    CHECK(state_of_event(id) == delivery_state::delivered);
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

TEST_CASE_METHOD(fixture, "draining waits until the last end is recorded") {
  start();
  http->held = true;
  deliver(event("t", 1));
  store->held = true;
  http->held = false;
  http->release();
  run();
  bool answered = false;
  auto asker = sys.spawn([&](caf::event_based_actor* a) {
    a->request(hook, caf::infinite, drain_events{})
      .then([&](const drained_events&) { answered = true; });
  });
  run();
  CHECK_FALSE(answered);
  store->held = false;
  store->release();
  run();
  CHECK(answered);
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
