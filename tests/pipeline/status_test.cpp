// `pj status --webhooks` and redelivery by hand.
#include "batch_world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>

using namespace pj;
using namespace pj::test;
using nlohmann::json;

namespace {

ending status(const world& w, std::vector<std::string> flags = {}) {
  flags.insert(flags.begin(), {PJ_BINARY_DIR "/pj", "status", "--webhooks"});
  auto x = program(flags, w.environment).wait();
  UNSCOPED_INFO("pj status ended with " << x.code << ":\n" << x.out << x.err);
  return x;
}

json events_of(const world& w) {
  const auto x = status(w, {"--json"});
  REQUIRE(x.code == 0);
  return json::parse(x.out).at("events");
}

/// A task whose receiver refuses with 410 from its third event on.
world& lost_receiver(world& w) {
  w.doubles.add_fault(
    "{face: webhook, kind: status, status: 410, skip: 2, times: 1}");
  REQUIRE(w.run().code == 0);
  return w;
}

} // namespace

TEST_CASE("status: nothing is recorded yet") {
  world w;
  const auto x = status(w);
  CHECK(x.code == 0);
  CHECK(has(x.out, "No events are recorded in "));
  CHECK(has(x.out, "WEBHOOK_URL"));
  CHECK(events_of(w).empty());
}

TEST_CASE("status: delivered events are listed in order") {
  world w;
  REQUIRE(w.run().code == 0);
  const auto all = events_of(w);
  REQUIRE(all.size() == usual_messages().size());
  CHECK(all.front()["type"] == "task.progress");
  CHECK(all.back()["type"] == "task.completed");
  for (const auto& e : all) {
    CHECK(e["task"] == "t1");
    CHECK(e["state"] == "delivered");
    CHECK(e["tries"] == 1);
  }
  CHECK(has(status(w).out, "9 delivered, 0 waiting, 0 given up"));
}

TEST_CASE("status: what was given up is sent again under its id, in order") {
  world w;
  lost_receiver(w);
  const auto before = events_of(w);
  std::vector<std::string> lost;
  for (const auto& e : before)
    if (e["state"] == "given up")
      lost.push_back(e["id"]);
  REQUIRE(lost.size() == before.size() - 2);
  CHECK(has(status(w).out, "410"));
  const auto sent_before = w.doubles.events().size();
  const auto x = status(w, {"--redeliver", "--all"});
  CHECK(x.code == 0);
  CHECK(has(x.err, std::to_string(lost.size()) + " delivered"));
  std::vector<std::string> arrived;
  const auto deliveries = w.doubles.events();
  for (auto i = sent_before; i < deliveries.size(); ++i) {
    CHECK(deliveries[i].verified == true);
    arrived.push_back(deliveries[i].id);
  }
  CHECK(arrived == lost);
  CHECK(has(status(w).out, "9 delivered, 0 waiting, 0 given up"));
  CHECK(has(status(w, {"--redeliver", "--all"}).err, "nothing to send"));
}

TEST_CASE("status: events that fail and grow too old are given up") {
  world w;
  w.doubles.add_fault("{face: webhook, kind: status, status: 500}");
  const auto x = w.run({"--webhook-max-age-hours", "0.001"});
  INFO(x.err);
  CHECK(x.code == 0);
  CHECK(has(x.err, "is given up: the receiver answered 500"));
  CHECK(has(status(w).out, "0 delivered, 0 waiting, 9 given up"));
}

TEST_CASE("status: one delivered event can be sent once more") {
  world w;
  REQUIRE(w.run().code == 0);
  const std::string id = events_of(w).back()["id"];
  const auto n = w.doubles.events().size();
  CHECK(status(w, {"--redeliver", id}).code == 0);
  const auto deliveries = w.doubles.events();
  REQUIRE(deliveries.size() == n + 1);
  CHECK(deliveries.back().id == id);
  CHECK(deliveries.back().seen == 2);
  CHECK(deliveries.back().body == deliveries[n - 1].body);
}

TEST_CASE("status: mistakes are one clear line") {
  world w;
  REQUIRE(w.run().code == 0);
  CHECK(has(status(w, {"--redeliver", "evt_nope"}).err,
            "there is no event evt_nope"));
  CHECK(status(w, {"--redeliver"}).code == 2);
  CHECK(status(w, {"--all"}).code == 2);
  w.environment.erase("WEBHOOK_URL");
  const std::string id = events_of(w).back()["id"];
  const auto x = status(w, {"--redeliver", id});
  CHECK(x.code == 2);
  CHECK(has(x.err, "WEBHOOK_URL is not set"));
}

TEST_CASE("status: a running task's journal is read, but left to it") {
  world w;
  w.doubles.add_fault("{face: model, kind: stall, after: 1}");
  const auto running = w.start();
  w.await_fault("model", "stall");
  CHECK(events_of(w).size() > 1);
  const std::string id = events_of(w).front()["id"];
  const auto x = status(w, {"--redeliver", id});
  CHECK(x.code == 1);
  CHECK(has(x.err, "still running, pid " + std::to_string(running->pid())));
  running->signal(SIGINT);
  CHECK(running->wait().code == 130);
}

TEST_CASE("status: events of batches are listed and sent again") {
  batch_world w(2);
  w.doubles.add_fault("{face: webhook, kind: status, status: 410, times: 1}");
  CHECK(w.summary({"run", w.spec()}, 0)["succeeded"] == 2);
  const auto all = events_of(w);
  CHECK(all.size() == 18);
  const auto task = all[0]["task"].get<std::string>();
  const auto one = status(w, {"--task", task, "--json"});
  CHECK(json::parse(one.out).at("events").size() == 9);
  const auto x = status(w, {"--redeliver", "--all", "--json"});
  CHECK(x.code == 0);
  const auto after = json::parse(x.out);
  for (const auto& e : after.at("events"))
    CHECK(e["state"] == "delivered");
  w.check_effects(2);
}
