#include "actors/keeper.hpp"
#include "actors/supervised.hpp"
#include "messages/protocol.hpp"
#include "tests/actors/fixture.hpp"

#include <catch2/catch_test_macros.hpp>

#include <stdexcept>

namespace {

struct ping {};
struct pong {
  int generation = 0;
};
struct boom {};

using pinger = caf::typed_actor<pj::on<pong, ping>, pj::on<void, boom>>;

} // namespace

PJ_LOCAL_MESSAGE(ping)
PJ_LOCAL_MESSAGE(pong)
PJ_LOCAL_MESSAGE(boom)

namespace {

using namespace pj;
using namespace std::chrono_literals;

pinger::behavior_type service(pinger::pointer self, int generation) {
  supervised(self);
  return {
    [generation](ping) { return pong{generation}; },
    [](boom) { throw std::runtime_error("out of luck"); },
  };
}

struct fixture : test::actors {
  int generation = 0;
  std::vector<std::string> log;
  pinger handle = caf::actor_cast<pinger>(sys.spawn(
    keeper, "ping", service_factory([this](caf::actor_system& s) {
      return caf::actor_cast<caf::actor>(s.spawn(service, ++generation));
    }),
    restart_policy{},
    std::function<void(const std::string&)>(
      [this](const std::string& line) { log.push_back(line); })));

  ~fixture() { stop(handle); }

  test::answer<pong> ask() {
    auto r = self->request(handle, 1s, ping{});
    run();
    return test::take<pong>(r);
  }

  void crash() {
    self->send(handle, boom{});
    run();
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "a keeper passes messages on") {
  CHECK(ask().value->generation == 1);
}

TEST_CASE_METHOD(fixture, "a crashed service comes back behind its handle") {
  crash();
  const auto down = ask();
  REQUIRE(down.error);
  CHECK(down.error->kind == failure_class::retry);
  pass(200ms);
  CHECK(ask().value->generation == 2);
  REQUIRE(log.size() == 1);
  CHECK(log[0].find("out of luck") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "six crashes in a minute and the keeper gives up") {
  bool given_up = false;
  self->monitor(handle);
  for (int i = 0; i < 6; ++i) {
    crash();
    pass(6s);
  }
  self->receive([&](const caf::down_msg&) { given_up = true; },
                caf::after(0s) >> [] {});
  CHECK(given_up);
  CHECK(generation == 6);
  CHECK(log.back().find("giving up") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "crashes far apart are forgotten") {
  for (int i = 0; i < 12; ++i) {
    crash();
    pass(61s, 1s);
  }
  CHECK(ask().value->generation == 13);
}
