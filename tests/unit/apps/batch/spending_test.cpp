#include "apps/pj/batch/spending.hpp"

#include "adapters/process/scratch.hpp"
#include "core/task/record.hpp"

#include <catch2/catch_test_macros.hpp>

#include <future>

using namespace pj;
using namespace pj::batch;

namespace {

accepted_task task_at(standing at, std::optional<double> cost = {}) {
  accepted_task out;
  out.spec.id = "t1";
  out.at = at;
  if (cost) {
    out.outcome.emplace();
    out.outcome->cost_usd = cost;
    out.outcome->tokens.input_tokens = 1'000;
  }
  return out;
}

accepted limited(std::vector<accepted_task> tasks) {
  accepted out;
  out.how.max_cost = 10;
  out.tasks = std::move(tasks);
  return out;
}

} // namespace

TEST_CASE("what ended tasks and earlier attempts spent is not left") {
  auto all = limited({task_at(standing::succeeded, 6), //
                      task_at(standing::waiting)});
  all.how.before.usd = 1;
  all.how.max_tokens = 5'000;
  const auto left = spending_left({}, all, {all.tasks[1]});
  REQUIRE(left);
  REQUIRE(left->size() == 2);
  CHECK(left->at(0).of_batch);
  CHECK_FALSE(left->at(0).from->reserve(3.1));
  CHECK(left->at(0).from->reserve(2.9));
  CHECK_FALSE(left->at(1).from->reserve(4'001));
  CHECK(left->at(1).from->reserve(4'000));
}

TEST_CASE("a budget that is used up stops only what would ask") {
  const auto all = limited({task_at(standing::planned, 11), //
                            task_at(standing::waiting)});
  const auto refused = spending_left({}, all, {all.tasks[1]});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == failure_code::budget);
  const auto publishing = spending_left({}, all, {all.tasks[0]});
  REQUIRE(publishing);
  CHECK_FALSE(publishing->at(0).from->reserve(0.01));
  CHECK(spending_left({}, all, {})); // events may be left to deliver
}

TEST_CASE("answers of a task that was killed are spent") {
  const scratch_folder folder(std::filesystem::temp_directory_path(),
                              "pj-test-");
  const auto journal = open_store(folder.path() / "journal.db");
  REQUIRE(journal);
  recorded_answer paid;
  paid.cost_usd = 4;
  recorded_loss lost;
  lost.cost_usd = 3;
  std::promise<bool> written;
  (*journal)->write({task_row{"t1", "x", "{}", "running", 2, {}, {}},
                     step_row{"t1", 1, "answer.1", to_json(paid)},
                     step_row{"t1", 2, "ask.1", {}},
                     step_row{"t1", 2, "over.1", to_json(lost)},
                     step_row{"t1", 2, "ask.2", {}},
                     step_row{"t1", 2, "answer.1", to_json(paid)}},
                    [&](const result<done>& x) { written.set_value(bool(x)); });
  REQUIRE(written.get_future().get());
  const auto all = limited({task_at(standing::running)});
  const auto so_far = spent_by(*journal, all.tasks);
  REQUIRE(so_far);
  CHECK(so_far->usd == 7); // attempt 1 was counted when attempt 2 was begun
  const auto left = spending_left(*journal, all, all.tasks);
  REQUIRE(left);
  CHECK_FALSE(left->at(0).from->reserve(3.1));
  CHECK(left->at(0).from->reserve(3.0));
}
