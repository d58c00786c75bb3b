#include "apps/pj/load/report.hpp"

#include "core/json_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace pj::load {

using nlohmann::json;

namespace {

std::string number(double x, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, x);
  return text;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::string right(const std::string& text, std::size_t width) {
  return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
}

double per_task(double sum, const measured& x) {
  return x.tasks == 0 ? 0 : sum / x.tasks;
}

std::string line_of(const std::string& stage, const latencies& t) {
  auto out = "  " + padded(stage, 14) + right(std::to_string(t.count), 7);
  for (const double ms : {t.p50, t.p90, t.p99, t.most})
    out += right(number(ms, 1), 10);
  return out + '\n';
}

} // namespace

std::vector<promise> promises_of(const measured& x) {
  const auto& d = x.there;
  return {
    {"tasks that ended", x.tasks, x.succeeded + x.failed},
    {"a branch for each success", x.succeeded, d.branches},
    {"a pull request for each success", x.succeeded, d.pull_requests},
    {"paid answers, all counted", d.answers, x.answers},
    {"tasks whose end was told", x.tasks, d.ended_tasks},
    {"events after the last one", 0, d.out_of_order},
  };
}

bool held(const std::vector<promise>& all) {
  return std::all_of(all.begin(), all.end(),
                     [](const promise& p) { return p.expected == p.got; });
}

std::string to_text(const measured& x) {
  auto out = "profile " + x.profile + ", seed " + std::to_string(x.seed) +
             ": " + std::to_string(x.tasks) + " tasks, " +
             std::to_string(x.at_once) + " at once, " +
             std::to_string(x.repositories) + " repositories\n\n";
  out += "tasks       " + std::to_string(x.succeeded) + " succeeded, " +
         std::to_string(x.failed) + " failed, " + std::to_string(x.retries) +
         " tries again\n";
  out += "throughput  " + number(x.tasks / std::max(x.wall_seconds, 1e-3), 1) +
         " tasks/s (" + number(x.wall_seconds, 1) + " s)\n";
  out += "CPU         " + number(per_task(x.cpu_seconds * 1e3, x), 1) +
         " ms a task, without the doubles\n";
  out += "memory      " + number(x.peak_mb, 0) + " MB at most, " +
         number((x.peak_mb - x.peak_mb_before) / std::max(x.at_once, 1u), 2) +
         " MB for each task at once\n\n";
  out += padded("time in ms", 16) + right("n", 7) + right("p50", 10) +
         right("p90", 10) + right("p99", 10) + right("most", 10) + '\n';
  for (const auto& [stage, t] : x.times)
    out += line_of(stage, t);
  out += "\npromises, counted at the doubles\n";
  for (const auto& p : promises_of(x))
    out += (p.expected == p.got ? "  held    " : "  BROKEN  ") +
           padded(p.what, 34) + std::to_string(p.got) + " of " +
           std::to_string(p.expected) + '\n';
  return out;
}

std::string to_json(const measured& x) {
  json out = {{"profile", x.profile},
              {"seed", x.seed},
              {"tasks", x.tasks},
              {"at_once", x.at_once},
              {"repositories", x.repositories},
              {"succeeded", x.succeeded},
              {"failed", x.failed},
              {"retries", x.retries},
              {"wall_s", x.wall_seconds},
              {"tasks_per_s", x.tasks / std::max(x.wall_seconds, 1e-3)},
              {"cpu_ms_per_task", per_task(x.cpu_seconds * 1e3, x)},
              {"peak_mb", x.peak_mb},
              {"times_ms", json::object()},
              {"promises", json::array()},
              {"held", held(promises_of(x))}};
  for (const auto& [stage, t] : x.times)
    out["times_ms"][stage] = {{"n", t.count},
                              {"p50", t.p50},
                              {"p90", t.p90},
                              {"p99", t.p99},
                              {"most", t.most}};
  for (const auto& p : promises_of(x))
    out["promises"].push_back(
      {{"what", p.what}, {"expected", p.expected}, {"got", p.got}});
  return json_text(out) + '\n';
}

} // namespace pj::load
