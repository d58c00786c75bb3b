// `pj doctor` against the doubles: what is wrong is found before a task is.
#include "world.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;
using namespace pj::test;
using nlohmann::json;

namespace {

struct findings {
  int code;
  std::map<std::string, json> checks; ///< the last of each name
};

findings doctor(const world& w, std::vector<std::string> flags = {}) {
  flags.insert(flags.begin(), {PJ_BINARY_DIR "/pj", "doctor", "--json"});
  const auto x = program(flags, w.environment).wait();
  UNSCOPED_INFO("pj doctor ended with " << x.code << ":\n" << x.out << x.err);
  findings out{x.code, {}};
  const auto all = json::parse(x.out);
  for (const auto& check : all.at("checks"))
    out.checks[check.at("check")] = check;
  for (const auto& name : {"OPENAI_API_KEY", "GITHUB_TOKEN"})
    CHECK_FALSE(has(x.out + x.err, w.environment.at(name)));
  return out;
}

} // namespace

TEST_CASE("doctor: all is well, and nothing was sent or changed") {
  const world w;
  const auto seen = doctor(w);
  CHECK(seen.code == 0);
  for (const auto* name : {"repository", "model key", "model", "token rights",
                           "webhook", "clock"}) {
    INFO(name);
    CHECK(seen.checks.at(name)["result"] == "good");
  }
  CHECK_FALSE(seen.checks.contains("fallback key"));
  CHECK(w.events().empty());
  CHECK(w.branches().empty());
}

TEST_CASE("doctor: the fallback's key is tried as well") {
  world w;
  const std::vector<std::string> flags = {"--fallback-model",
                                          "anthropic/claude-sonnet-4-5"};
  w.environment["ANTHROPIC_API_KEY"] = w.doubles.model_key();
  const auto good = doctor(w, flags);
  CHECK(good.code == 0);
  CHECK(good.checks.at("fallback key")["result"] == "good");
  CHECK(good.checks.at("fallback model")["result"] == "good");
  w.environment["ANTHROPIC_API_KEY"] = "planted-and-wrong";
  const auto bad = doctor(w, flags);
  CHECK(bad.code == 1);
  CHECK(bad.checks.at("model key")["result"] == "good");
  CHECK(bad.checks.at("fallback key")["result"] == "wrong");
}

TEST_CASE("doctor: each thing that is wrong is named") {
  world w;
  w.environment["OPENAI_API_KEY"] = "planted-and-wrong";
  w.environment["GITHUB_TOKEN"] = "planted-and-wrong-too";
  w.environment["WEBHOOK_URL"] =
    "http://127.0.0.1:" + std::to_string(closed_port()) + "/hook";
  const auto seen = doctor(w);
  CHECK(seen.code == 1);
  for (const auto* name :
       {"repository", "model key", "token rights", "webhook"}) {
    INFO(name);
    CHECK(seen.checks.at(name)["result"] == "wrong");
  }
}
