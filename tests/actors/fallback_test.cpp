// The fall-back model and the budget.
#include "core/llm/wire.hpp"
#include "core/task/text.hpp"
#include "tests/actors/whole_engine.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

namespace {

using namespace pj;
using namespace std::chrono_literals;
using test::answered_with;
using test::bad_answer;
using test::good_answer;

struct fixture : test::whole_engine {
  fixture() {
    spec->fallback_provider = provider_id::anthropic;
    spec->fallback_model = "claude-sonnet-4-5";
    model->outcomes.clear();
    other_model->outcomes.push_back(answered_with(good_answer));
  }

  /// The provider answers with this status, `times` times.
  void refuse(int status, const std::string& body = {}, int times = 1) {
    const auto why = llm::classify_error({}, status, {}, body);
    for (int i = 0; i < times; ++i)
      model->outcomes.push_back(test::failed_with(why, status));
  }

  task_outcome outcome_in_time() {
    return outcome_after([this] { pass(3min, 1s); });
  }

  /// Of one more task, with no time lost behind its end.
  task_outcome next_outcome(const std::string& id) {
    spec = std::make_shared<task_spec>(*spec);
    spec->id = id;
    const auto runs = [&] {
      const auto row = store->rows.find(id);
      return row == store->rows.end() || row->second.state == "running";
    };
    return outcome_after([&, this] {
      for (int i = 0; i < 3'000 && runs(); ++i)
        pass(100ms);
    });
  }

  bool warned_of(std::string_view part) const {
    return std::any_of(
      watch->warnings.begin(), watch->warnings.end(),
      [part](const std::string& w) { return w.find(part) != w.npos; });
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "fall-back: an overload outlasts its retries") {
  refuse(529, {}, 4);
  const auto x = outcome_in_time();
  CHECK(x.end == task_end::succeeded);
  CHECK(model->calls.size() == 4);
  REQUIRE(other_model->calls.size() == 1);
  CHECK(other_model->calls[0].what->model == "claude-sonnet-4-5");
  CHECK(other_model->calls[0].where.provider == provider_id::anthropic);
  CHECK(x.model == "anthropic/claude-sonnet-4-5");
  CHECK(x.cost_usd > 0);
  CHECK(pull_request_body(*spec, x).find("`anthropic/claude-sonnet-4-5`") !=
        std::string::npos);
  CHECK(warned_of("asking the fall-back model anthropic/claude-sonnet-4-5"));
}

TEST_CASE_METHOD(fixture, "fall-back: the model does not exist") {
  refuse(404);
  const auto x = outcome_in_time();
  CHECK(x.end == task_end::succeeded);
  CHECK(model->calls.size() == 1);
  CHECK(other_model->calls.size() == 1);
}

TEST_CASE_METHOD(fixture,
                 "fall-back: a provider that rests is not waited for") {
  refuse(503, {}, 8); // two tasks of four tries: the breaker opens
  other_model->outcomes = {answered_with(good_answer),
                           answered_with(good_answer),
                           answered_with(good_answer)};
  for (const auto* id : {"t1", "t2", "t3"})
    CHECK(next_outcome(id).end == task_end::succeeded);
  CHECK(model->calls.size() == 8);
  CHECK(other_model->calls.size() == 3);
}

TEST_CASE_METHOD(fixture, "fall-back: without one a resting provider is "
                          "waited for") {
  spec->fallback_model.clear();
  refuse(503, {}, 8);
  for (const auto* id : {"t1", "t2"})
    CHECK(next_outcome(id).end == task_end::failed);
  model->outcomes.push_back(answered_with(good_answer));
  const auto before = sched.clock().now();
  CHECK(next_outcome("t3").end == task_end::succeeded);
  CHECK(sched.clock().now() - before > 1s);
}

TEST_CASE_METHOD(fixture, "fall-back: never after a billing error") {
  refuse(429, R"({"error":{"code":"insufficient_quota","message":"no"}})");
  refuse(402);
  for (const auto* id : {"t1", "t2"}) {
    spec = std::make_shared<task_spec>(*spec);
    spec->id = id;
    CHECK(outcome_in_time().end == task_end::failed);
  }
  CHECK(model->calls.size() == 2);
  CHECK(other_model->calls.empty());
}

TEST_CASE_METHOD(fixture, "fall-back: never for a wrong key or request") {
  for (const int status : {400, 401, 403}) {
    refuse(status);
    spec = std::make_shared<task_spec>(*spec);
    spec->id = "t" + std::to_string(status);
    CHECK(outcome_in_time().end == task_end::failed);
  }
  CHECK(other_model->calls.empty());
}

TEST_CASE_METHOD(fixture, "fall-back: never when an answer was paid") {
  SECTION("one that was cut") {
    for (int i = 0; i < 4; ++i) {
      auto cut = test::failed_with(test::transient("reset"), 200);
      cut.may_be_paid = true;
      model->outcomes.push_back(std::move(cut));
    }
  }
  SECTION("one that did not apply") {
    model->outcomes.push_back(answered_with(bad_answer));
    refuse(503, {}, 4);
  }
  CHECK(outcome_in_time().end == task_end::failed);
  CHECK(other_model->calls.empty());
}

TEST_CASE_METHOD(fixture, "fall-back: asked once") {
  refuse(404);
  other_model->outcomes.clear();
  for (int i = 0; i < 8; ++i)
    other_model->outcomes.push_back(
      test::failed_with(llm::classify_error({}, 404, {}, {}), 404));
  const auto x = outcome_in_time();
  CHECK(x.end == task_end::failed);
  CHECK(x.model == "anthropic/claude-sonnet-4-5");
  CHECK(model->calls.size() == 1);
  CHECK(other_model->calls.size() == 1);
}

TEST_CASE_METHOD(fixture, "fall-back: its answer is its own after a crash") {
  refuse(404);
  git->push_failures = {test::permanent()};
  CHECK(outcome_in_time().end == task_end::failed);
  store->rows.at("t1").state = "running";
  const auto x = outcome_in_time();
  CHECK(x.end == task_end::succeeded);
  CHECK(x.model == "anthropic/claude-sonnet-4-5");
  CHECK(other_model->calls.size() == 1);
}

TEST_CASE_METHOD(fixture, "budget: an answer that may cost too much is not "
                          "asked for") {
  money = std::make_shared<purse>(0.01);
  model->outcomes.push_back(answered_with(good_answer));
  const auto x = outcome_in_time();
  CHECK(x.end == task_end::failed);
  CHECK(x.why.code == failure_code::budget);
  CHECK(exit_code(x) == 5);
  CHECK(x.why.what.find("--max-cost") != std::string::npos);
  CHECK(model->calls.empty());
}

TEST_CASE_METHOD(fixture, "budget: what an answer came to is settled") {
  money = std::make_shared<purse>(0.5);
  model->outcomes.push_back(answered_with(good_answer));
  const auto x = outcome_in_time();
  CHECK(x.end == task_end::succeeded);
  CHECK(money->spent() > 0);
  CHECK(money->spent() == *x.cost_usd);
  CHECK(money->reserve(0.49)); // nothing is held back any more
}

TEST_CASE_METHOD(fixture, "budget: what failed without an answer is free") {
  money = std::make_shared<purse>(0.5);
  refuse(400);
  CHECK(outcome_in_time().end == task_end::failed);
  CHECK(money->spent() == 0);
  CHECK(money->reserve(0.5));
}

TEST_CASE_METHOD(fixture, "budget: an unknown price cannot be kept") {
  money = std::make_shared<purse>(100);
  spec->model = "a-model-nobody-knows";
  const auto x = outcome_in_time();
  CHECK(exit_code(x) == 5);
  CHECK(x.why.what.find("price") != std::string::npos);
  CHECK(model->calls.empty());
}

TEST_CASE_METHOD(fixture, "budget: answers of an earlier run count") {
  money = std::make_shared<purse>(0.5);
  model->outcomes.push_back(answered_with(good_answer));
  git->push_failures = {test::permanent()};
  const auto first = outcome_in_time();
  CHECK(first.end == task_end::failed);
  store->rows.at("t1").state = "running";
  money = std::make_shared<purse>(0.5);
  CHECK(outcome_in_time().end == task_end::succeeded);
  CHECK(money->spent() == *first.cost_usd);
}

TEST_CASE_METHOD(fixture, "budget: an answer whose tokens nobody counted costs "
                          "what it may have cost") {
  money = std::make_shared<purse>(0.5);
  auto silent = answered_with(good_answer);
  silent.answer->tokens = {};
  model->outcomes.push_back(std::move(silent));
  const auto x = outcome_in_time();
  CHECK(x.end == task_end::succeeded);
  CHECK(x.tokens.input_tokens > 100);
  CHECK(x.tokens.output_tokens == llm::estimate_tokens(good_answer));
  CHECK(money->spent() > 0);
  CHECK(money->spent() == *x.cost_usd);
}

TEST_CASE_METHOD(fixture, "budget: a batch has counted an earlier run's "
                          "answers already") {
  const auto batch = std::make_shared<purse>(0.5);
  spending = {
    {batch, spending_limit::unit::dollars, "max_cost of the batch", true}};
  model->outcomes.push_back(answered_with(good_answer));
  git->push_failures = {test::permanent()};
  const auto first = outcome_in_time();
  CHECK(first.end == task_end::failed);
  CHECK(batch->spent() == *first.cost_usd);
  store->rows.at("t1").state = "running";
  CHECK(outcome_in_time().end == task_end::succeeded);
  CHECK(batch->spent() == *first.cost_usd);
}

TEST_CASE_METHOD(fixture, "budget: what others hold back is waited for") {
  const auto batch = std::make_shared<purse>(0.5, 0.01);
  spending = {
    {batch, spending_limit::unit::dollars, "max_cost of the batch", true}};
  model->outcomes.push_back(answered_with(good_answer));
  const auto other = batch->reserve(0.4);
  auto r = submit();
  pass(10s, 1s);
  CHECK(model->calls.empty());
  batch->settle(*other, 0.02);
  pass(3s, 1s);
  const auto x = *test::take<task_outcome>(r).value;
  CHECK(x.end == task_end::succeeded);
  CHECK(model->calls.size() == 1);
  CHECK(batch->spent() == 0.01 + 0.02 + *x.cost_usd);

  batch->reserve(0.1);
  batch->settle(0, 0.4); // now it is spent
  spec = std::make_shared<task_spec>(*spec);
  spec->id = "t2";
  const auto late = outcome();
  CHECK(late.why.code == failure_code::budget);
  CHECK(late.why.what.find("max_cost of the batch, $0.5") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "budget: tokens count, whatever they cost") {
  const auto tokens = std::make_shared<purse>(100'000);
  spending = {{tokens, spending_limit::unit::tokens, "limits.max_tokens.task"}};
  spec->model = "a-model-nobody-knows";
  model->outcomes = {answered_with(test::bad_answer),
                     answered_with(good_answer)};
  const auto x = outcome_in_time();
  CHECK(x.end == task_end::succeeded);
  CHECK(tokens->spent() == 220);  // two answers of 100 and 10
  CHECK(tokens->reserve(99'780)); // nothing is held back any more
}

TEST_CASE_METHOD(fixture, "budget: an answer of too many tokens is not asked "
                          "for") {
  const auto dollars = std::make_shared<purse>(10);
  const auto tokens = std::make_shared<purse>(1'000);
  spending = {
    {dollars, spending_limit::unit::dollars, "--max-cost"},
    {tokens, spending_limit::unit::tokens, "max_tokens of the batch", true}};
  const auto x = outcome_in_time();
  CHECK(x.why.code == failure_code::budget);
  CHECK(x.why.hits_all);
  CHECK(x.why.what.find("max_tokens of the batch") != std::string::npos);
  CHECK(model->calls.empty());
  CHECK(dollars->reserve(10)); // given back
}
