#include "apps/pj/pulls/listing.hpp"

#include "core/escape.hpp"
#include "core/json_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>

namespace pj {

namespace {

using nlohmann::json;
using row = std::array<std::string, 5>;

bool is_changed(const listed_pull& x) {
  return is_open(*x.now) && x.now->head_commit != x.commit;
}

std::string readiness_of(const listed_pull& x) {
  if (!is_open(*x.now))
    return "";
  return std::string(is_changed(x) ? "changed by others"
                                   : github::readiness(*x.now));
}

row row_of(const listed_pull& x) {
  const auto number = '#' + std::to_string(x.number);
  if (!x.now)
    return {"unknown", number, "", escaped(x.url), escaped(x.now.error().what)};
  return {std::string(to_string(x.now->at)), number, readiness_of(x),
          escaped(x.now->url), escaped(x.now->title)};
}

std::string lines_of(const std::vector<row>& rows) {
  std::array<std::size_t, 5> widths{};
  for (const auto& r : rows)
    for (std::size_t i = 0; i < r.size(); ++i)
      widths[i] = std::max(widths[i], r[i].size());
  std::string out;
  for (const auto& r : rows) {
    std::string line;
    for (std::size_t i = 0; i < r.size(); ++i)
      if (widths[i] > 0)
        line += r[i] + std::string(widths[i] - r[i].size() + 2, ' ');
    out += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return out;
}

std::string count_of(std::size_t n, const char* what) {
  return std::to_string(n) + ' ' + what + (n == 1 ? "" : "s");
}

std::string sum_of(const pull_listing& x) {
  std::map<std::string_view, std::size_t> by_state;
  for (const auto& one : x.pulls)
    ++by_state[one.now ? to_string(one.now->at) : "unknown"];
  auto out = escaped(x.batch) + ": " + count_of(x.pulls.size(), "pull request");
  char between = ':';
  for (const auto* state : {"open", "draft", "merged", "closed", "unknown"})
    if (const auto n = by_state[state]; n > 0) {
      out += std::string{between, ' '} + std::to_string(n) + ' ' + state;
      between = ',';
    }
  if (x.without > 0)
    out += "; " + count_of(x.without, "task") + " without one";
  return out + '\n';
}

json json_of(const listed_pull& x) {
  json out = {{"task", x.task},         {"repository", x.repository},
              {"number", x.number},     {"url", x.url},
              {"state", nullptr},       {"title", nullptr},
              {"mergeable", nullptr},   {"merge_state", nullptr},
              {"head_commit", nullptr}, {"changed_by_others", nullptr},
              {"error", nullptr}};
  if (!x.now) {
    out["error"] = x.now.error().what;
    return out;
  }
  out["state"] = to_string(x.now->at);
  out["title"] = x.now->title;
  if (x.now->mergeable)
    out["mergeable"] = *x.now->mergeable;
  out["merge_state"] = x.now->merge_state;
  out["head_commit"] = x.now->head_commit;
  out["changed_by_others"] = is_changed(x);
  return out;
}

} // namespace

std::string text_of(const pull_listing& x) {
  std::vector<row> rows;
  for (const auto& one : x.pulls)
    rows.push_back(row_of(one));
  return lines_of(rows) + (rows.empty() ? "" : "\n") + sum_of(x);
}

std::string json_of(const pull_listing& x) {
  json out = {{"batch", x.batch},
              {"without", x.without},
              {"pull_requests", json::array()}};
  for (const auto& one : x.pulls)
    out["pull_requests"].push_back(json_of(one));
  return json_text(out) + '\n';
}

} // namespace pj
