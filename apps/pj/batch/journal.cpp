#include "apps/pj/batch/journal.hpp"

#include "adapters/crypto/digest.hpp"
#include "core/escape.hpp"
#include "core/json_text.hpp"
#include "core/spec/digest.hpp"

#include <nlohmann/json.hpp>

#include <future>
#include <map>
#include <set>

namespace pj::batch {

using nlohmann::json;

namespace {

/// Waits for the one answer of a call of the journal.
template <class T, class Call>
result<T> answer_of(Call call) {
  auto promise = std::make_shared<std::promise<result<T>>>();
  auto future = promise->get_future();
  call([promise](result<T> x) { promise->set_value(std::move(x)); });
  return future.get();
}

result<std::vector<task_row>> rows_of(const journal_ptr& journal) {
  return answer_of<std::vector<task_row>>(
    [&](auto then) { journal->tasks(then); });
}

result<done> write(const journal_ptr& journal, std::vector<store_write> rows) {
  return answer_of<done>(
    [&](auto then) { journal->write(std::move(rows), then); });
}

failure another_batch(const std::string& name, const std::string& repository) {
  return configuration_failure(
    "batch " + name + " was begun with another task for " + repository +
    ": give this one another name, or go on with `pj batch resume " + name +
    "`");
}

template <class Number>
json stored(const std::optional<Number>& x) {
  return x ? json(*x) : json(nullptr);
}

/// Journals of older programs have fewer limits.
template <class Number>
void restore(const json& from, const char* name, std::optional<Number>& to) {
  const auto at = from.find(name);
  if (at != from.end() && at->is_number())
    to = at->get<Number>();
}

template <class Limits, class F>
void each_limit(Limits& x, F f) {
  f("tasks", x.tasks);
  f("fetch", x.fetch);
  f("llm", x.llm);
  f("validate", x.validate);
  f("push", x.push);
  f("github", x.github);
}

std::string json_of(const terms& x) {
  json out = {
    {"max_cost", stored(x.max_cost)}, {"max_tokens", stored(x.max_tokens)},
    {"planning", x.planning},         {"max_open_prs", stored(x.max_open_prs)},
    {"spent_usd", x.before.usd},      {"spent_tokens", x.before.tokens},
    {"at_once", json::object()}};
  each_limit(x.at_once, [&](const char* name, const auto& value) {
    out["at_once"][name] = stored(value);
  });
  return json_text(out);
}

failure unreadable(const std::string& why) {
  return {failure_class::fail,
          failure_code::journal,
          "the journal's record of the batch cannot be read",
          why,
          {}};
}

result<terms> terms_from(const batch_row& row) {
  try {
    const auto from = parse_json(row.data);
    terms out;
    out.name = row.name;
    out.planning = from.at("planning").get<bool>();
    restore(from, "max_cost", out.max_cost);
    restore(from, "max_tokens", out.max_tokens);
    restore(from, "max_open_prs", out.max_open_prs);
    out.before = {from.value("spent_usd", 0.0),
                  from.value("spent_tokens", 0.0)};
    each_limit(out.at_once, [&](const char* name, auto& value) {
      restore(from.at("at_once"), name, value);
    });
    return out;
  } catch (const json::exception& e) {
    return unreadable(e.what());
  }
}

result<accepted_task> task_from(const task_row& row) {
  auto spec = task_spec_from_json(row.spec);
  if (!spec)
    return spec.error();
  accepted_task out{
    std::move(*spec), standing_from(row.state), {}, row.attempt};
  if (row.outcome.empty())
    return out;
  auto outcome = outcome_from_json(row.outcome);
  if (!outcome)
    return outcome.error();
  out.outcome = std::move(*outcome);
  return out;
}

task_row waiting(const task_spec& spec, wall_clock::time_point now) {
  return {spec.id,
          sha256_hex(outcome_inputs(spec)),
          to_json(spec),
          std::string(to_string(standing::waiting)),
          1,
          now,
          {}};
}

} // namespace

std::filesystem::path folder_of(const std::filesystem::path& state,
                                const std::string& name) {
  return state / "batch" / name;
}

result<done> accept(const journal_ptr& journal, const accepted& what) {
  const auto known = rows_of(journal);
  if (!known)
    return known.error();
  std::map<std::string, std::string> inputs;
  for (const auto& row : *known)
    inputs[row.id] = row.inputs;
  auto how = what.how;
  if (const auto before = load(journal))
    how.before = before->how.before;
  const auto now = wall_clock::now();
  std::vector<store_write> rows{batch_row{how.name, json_of(how), now}};
  for (const auto& task : what.tasks) {
    auto row = waiting(task.spec, now);
    const auto before = inputs.find(row.id);
    if (before == inputs.end())
      rows.push_back(std::move(row));
    else if (before->second != row.inputs)
      return another_batch(what.how.name, shown_repository(task.spec.repo));
  }
  return write(journal, std::move(rows));
}

result<done> set_terms(const journal_ptr& journal, const terms& how) {
  return write(journal, {batch_row{how.name, json_of(how), wall_clock::now()}});
}

result<done> set_standing(const journal_ptr& journal, const terms& how,
                          const std::vector<std::string>& tasks, standing to) {
  const auto known = rows_of(journal);
  if (!known)
    return known.error();
  const std::set<std::string> chosen(tasks.begin(), tasks.end());
  std::vector<store_write> rows{
    batch_row{how.name, json_of(how), wall_clock::now()}};
  for (auto row : *known)
    if (chosen.contains(row.id)) {
      row.state = to_string(to);
      row.attempt += to == standing::waiting ? 1 : 0;
      row.outcome = {};
      rows.emplace_back(std::move(row));
    }
  return write(journal, std::move(rows));
}

result<task_history> history_of(const journal_ptr& journal,
                                const std::string& task) {
  return answer_of<task_history>([&](auto then) { journal->load(task, then); });
}

bool has_undelivered_events(const journal_ptr& journal) {
  const auto rows = answer_of<std::vector<outbox_row>>(
    [&](auto then) { journal->outbox(then); });
  return rows && !rows->empty();
}

result<accepted> load(const journal_ptr& journal) {
  const auto row = answer_of<std::optional<batch_row>>(
    [&](auto then) { journal->batch(then); });
  if (!row)
    return row.error();
  if (!*row)
    return configuration_failure("the journal holds no batch");
  auto how = terms_from(**row);
  if (!how)
    return how.error();
  const auto rows = rows_of(journal);
  if (!rows)
    return rows.error();
  accepted out{std::move(*how), {}};
  for (const auto& one : *rows) {
    auto task = task_from(one);
    if (!task)
      return task.error();
    out.tasks.push_back(std::move(*task));
  }
  return out;
}

summary summary_of(const accepted& what) {
  summary out;
  out.name = what.how.name;
  for (const auto& task : what.tasks)
    out.tasks.push_back(
      {task.spec.id, shown_repository(task.spec.repo), task.at, task.outcome});
  return out;
}

std::string shown_repository(const repo_url& repo) {
  return repo.owner.empty() || repo.name.empty() ? repo.text
                                                 : repo.owner + '/' + repo.name;
}

} // namespace pj::batch
