#include "apps/pj/batch/preview.hpp"

#include "core/escape.hpp"
#include "core/json_text.hpp"
#include "core/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace pj::batch {

namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t most_left_out = 5;

std::string counted(std::size_t n, const char* one, const char* many) {
  return std::to_string(n) + ' ' + (n == 1 ? one : many);
}

std::string task_line(const task& t) {
  auto out = t.spec.id + "  " + t.spec.repo.text + "  " + t.spec.base;
  if (!t.commit.empty())
    out += " at " + t.commit.substr(0, 12);
  return printable(escaped(out + " -> " + t.spec.branch), 400);
}

json task_json(const task& t) {
  return {
    {"id", t.spec.id},
    {"repository", t.spec.repo.text},
    {"base", t.spec.base},
    {"commit", t.commit},
    {"branch", t.spec.branch},
    {"title", t.spec.title},
    {"model", std::string(to_string(t.spec.provider)) + '/' + t.spec.model},
    {"priority", t.priority}};
}

json problems_json(const problem_log& problems) {
  auto out = json::array();
  for (const auto& p : problems.kept())
    out.push_back({{"file", p.at.file},
                   {"line", p.at.line},
                   {"column", p.at.column},
                   {"key", p.key},
                   {"what", p.what}});
  return out;
}

} // namespace

std::string preview_text(const loaded_batch& batch, std::size_t most) {
  const auto& tasks = batch.list.tasks;
  auto out = batch.what.name + ": " + counted(tasks.size(), "task", "tasks") +
             " over " +
             counted(batch.repositories, "repository", "repositories") +
             ", publish: " + std::string(to_string(batch.what.publish)) + '\n';
  for (std::size_t i = 0; i < std::min(most, tasks.size()); ++i)
    out += "  " + task_line(tasks[i]) + '\n';
  if (tasks.size() > most)
    out += "  and " + std::to_string(tasks.size() - most) +
           " more (--show N shows more)\n";
  for (std::size_t i = 0; i < std::min(most_left_out, batch.left.size()); ++i)
    out +=
      "  left out: " +
      printable(escaped(batch.left[i].name + ": " + batch.left[i].why), 300) +
      '\n';
  if (batch.left.size() > most_left_out)
    out += "  left out: " + std::to_string(batch.left.size() - most_left_out) +
           " more\n";
  return out;
}

std::string preview_json(const loaded_batch& batch, const problem_log& problems,
                         std::size_t most) {
  const auto& tasks = batch.list.tasks;
  auto first = json::array();
  for (std::size_t i = 0; i < std::min(most, tasks.size()); ++i)
    first.push_back(task_json(tasks[i]));
  auto left = json::array();
  for (const auto& one : batch.left)
    left.push_back({{"name", one.name}, {"why", one.why}});
  const json out = {{"valid", problems.empty()},
                    {"name", batch.what.name},
                    {"tasks", tasks.size()},
                    {"repositories", batch.repositories},
                    {"publish", to_string(batch.what.publish)},
                    {"first", first},
                    {"left_out", left},
                    {"warnings", batch.list.warnings},
                    {"missing", batch.list.missing},
                    {"problem_count", problems.count()},
                    {"problems", problems_json(problems)}};
  return json_text(out, 2);
}

} // namespace pj::batch
