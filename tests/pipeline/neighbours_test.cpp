#include "world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>
#include <fstream>
#include <optional>

using namespace pj;
using namespace pj::test;

TEST_CASE("tasks that run at the same time do not disturb each other") {
  world w;
  w.doubles.add_fault("{face: model, kind: stall, after: 400, times: 3, "
                      "delay: 300}");
  std::vector<std::unique_ptr<program>> all;
  for (const auto* id : {"a", "b", "c"}) {
    w.environment["TASK_ID"] = id;
    all.push_back(w.start());
  }
  for (const auto& pj : all) {
    const auto x = pj->wait();
    INFO(x.err);
    CHECK(x.code == 0);
  }
  CHECK(w.branches() == std::vector<std::string>{"pj/a", "pj/b", "pj/c"});
  CHECK(w.doubles.pulls().size() == 3);
  std::map<std::string, std::vector<std::string>> told;
  for (const auto& e : w.events())
    told[e["taskId"]].push_back(e["type"]);
  CHECK(told.size() == 3);
  for (const auto& [id, types] : told) {
    CHECK(types.size() == 9);
    CHECK(types.back() == "task.completed");
  }
}

TEST_CASE("a receiver that is down costs no task and no event") {
  world w;
  mock_options o;
  o.repositories = w.folder() / "none";
  o.webhook_secret = usual_webhook_secret;
  std::optional<mock> receiver(std::in_place, o);
  const auto url = receiver->urls().webhook;
  o.webhook_port =
    static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  receiver.reset();
  w.environment["WEBHOOK_URL"] = url;
  const auto first = w.start();
  await("the pull request", [&] { return w.doubles.pulls().size() == 1; });
  await("the result", [&] { return has(first->err(), "tokens in"); });
  CHECK(first->running());
  first->signal(SIGTERM);
  const auto x = first->wait();
  CHECK(x.code == 0);
  CHECK(has(x.err, "[pj] warning: some events are not delivered"));
  receiver.emplace(o);
  const auto requests = w.requests({});
  CHECK(w.result()["replayed"] == true);
  CHECK(w.requests({}) == requests);
  std::vector<std::string> messages;
  for (const auto& d : receiver->events()) {
    CHECK(d.verified == true);
    messages.push_back(nlohmann::json::parse(d.body)["message"]);
  }
  CHECK(messages == usual_messages());
}

TEST_CASE("a journal that cannot be written ends the task, and that is told") {
  world w;
  const auto file = w.folder() / "a-file";
  std::ofstream(file) << "not a folder";
  w.environment["XDG_STATE_HOME"] = file.string();
  const auto x = w.run();
  CHECK(x.code == 1);
  CHECK(error_lines(x.err).size() == 1);
  REQUIRE(w.events().size() == 1);
  CHECK(w.events()[0]["type"] == "task.failed");
  CHECK(w.requests({}) == w.requests("webhook"));
}

TEST_CASE("repositories that nobody uses any more leave the cache") {
  world w;
  w.doubles.add_repository("acme/other", {{"README.md", "# Other\n"}});
  const auto mirrors = [&] {
    std::string out;
    const auto cache = w.home() / ".cache/pithy-jaunt/mirrors";
    for (const auto& one : std::filesystem::directory_iterator(cache))
      if (one.path().extension() == ".git")
        out += one.path().filename().string() + ' ';
    return out;
  };
  REQUIRE(w.run().code == 0);
  CHECK(has(mirrors(), "acme-hello"));
  w.environment["TASK_ID"] = "t2";
  w.environment["TARGET_REPO"] = w.doubles.repository_url("acme/other");
  REQUIRE(w.run().code == 0);
  CHECK(has(mirrors(), "acme-hello"));
  w.environment["TASK_ID"] = "t3";
  w.environment["PJ_CACHE_MAX_GB"] = "0";
  const auto x = w.run();
  CHECK(x.code == 0);
  CHECK(has(x.err, "git cache: removed repositories not used lately"));
  CHECK_FALSE(has(mirrors(), "acme-hello"));
  CHECK(has(mirrors(), "acme-other"));
}
