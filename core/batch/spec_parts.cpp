#include "core/batch/spec_parts.hpp"

#include "core/spec/duration.hpp"
#include "core/spec/fields.hpp"
#include "core/validate/check_node.hpp"

#include <algorithm>
#include <utility>

namespace pj::batch {

namespace {

constexpr std::size_t longest_title = 256; ///< GitHub's bound
constexpr std::size_t most_names = 100;    ///< GitHub takes no more labels
constexpr std::int64_t most_in_stage = 10'000;
constexpr std::int64_t most_tasks = 100'000;
constexpr std::int64_t most_tokens = 1'000'000'000'000;
constexpr std::chrono::hours longest_timeout{7 * 24};

void read_title(const yaml_cursor& in, spec& out) {
  if (auto text = in.line(longest_title, nothing_wrong))
    out.title = in.as_template(*std::move(text), false);
}

void read_body(const yaml_cursor& in, spec& out) {
  if (auto text = in.text(longest_body))
    out.body = in.as_template(*std::move(text), true);
}

void read_body_file(const yaml_cursor& in, spec& out) {
  out.body_file = in.line(longest_text, nothing_wrong).value_or("");
}

/// Settings put lists together with commas, so no name has one.
template <complaint Check>
std::string_view without_comma(std::string_view value) {
  return value.find(',') == value.npos ? Check(value)
                                       : "names have no comma: use a list";
}

template <complaint Check>
void read_names(const yaml_cursor& in, std::vector<std::string>& out) {
  in.each_item([&](const yaml_cursor& item) {
    auto name = item.line(longest_text, without_comma<Check>);
    if (!name)
      return;
    if (std::find(out.begin(), out.end(), *name) != out.end())
      item.wrong(in_quotes(*name) + " is given twice: keep one");
    else
      out.push_back(*std::move(name));
  });
  if (out.size() > most_names)
    in.wrong("more than 100 names");
}

void read_labels(const yaml_cursor& in, spec& out) {
  read_names<label_complaint>(in, out.pr_extras.labels);
}

void read_assignees(const yaml_cursor& in, spec& out) {
  read_names<login_complaint>(in, out.pr_extras.assignees);
}

void read_reviewers(const yaml_cursor& in, spec& out) {
  read_names<login_complaint>(in, out.pr_extras.reviewers);
}

void read_team_reviewers(const yaml_cursor& in, spec& out) {
  read_names<team_complaint>(in, out.pr_extras.team_reviewers);
}

constexpr std::array pr_keys = {
  spec_key{"title", read_title},
  spec_key{"body", read_body},
  spec_key{"body_file", read_body_file},
  spec_key{"labels", read_labels},
  spec_key{"assignees", read_assignees},
  spec_key{"reviewers", read_reviewers},
  spec_key{"team_reviewers", read_team_reviewers},
};

using stage_limit = std::optional<unsigned> stage_limits::*;

template <stage_limit Stage>
void read_stage(const yaml_cursor& in, spec& out) {
  const auto most =
    Stage == stage_limit(&stage_limits::tasks) ? most_tasks : most_in_stage;
  if (const auto n = in.whole(1, most))
    out.limits.concurrency.*Stage = static_cast<unsigned>(*n);
}

constexpr std::array stage_keys = {
  spec_key{"tasks", read_stage<&stage_limits::tasks>},
  spec_key{"fetch", read_stage<&stage_limits::fetch>},
  spec_key{"llm", read_stage<&stage_limits::llm>},
  spec_key{"validate", read_stage<&stage_limits::validate>},
  spec_key{"push", read_stage<&stage_limits::push>},
  spec_key{"github", read_stage<&stage_limits::github>},
};

void read_concurrency(const yaml_cursor& in, spec& out) {
  if (in.is_map())
    read_keys(in, stage_keys, out);
  else
    read_stage<&stage_limits::tasks>(in, out);
}

constexpr std::array cost_keys = {
  spec_key{"task", [](const yaml_cursor& in,
                      spec& out) { out.limits.task_cost = in.dollars(); }},
  spec_key{"batch", [](const yaml_cursor& in,
                       spec& out) { out.limits.batch_cost = in.dollars(); }},
};

std::optional<std::uint64_t> tokens(const yaml_cursor& in) {
  const auto n = in.whole(1, most_tokens);
  return n ? std::optional(static_cast<std::uint64_t>(*n)) : std::nullopt;
}

constexpr std::array token_keys = {
  spec_key{"task", [](const yaml_cursor& in,
                      spec& out) { out.limits.task_tokens = tokens(in); }},
  spec_key{"batch", [](const yaml_cursor& in,
                       spec& out) { out.limits.batch_tokens = tokens(in); }},
};

void read_max_cost(const yaml_cursor& in, spec& out) {
  read_keys(in, cost_keys, out);
  const auto& [task, batch] =
    std::pair(out.limits.task_cost, out.limits.batch_cost);
  if (task && batch && *task > *batch)
    in.wrong("a task may cost more than the batch: make batch the larger");
}

void read_max_tokens(const yaml_cursor& in, spec& out) {
  read_keys(in, token_keys, out);
  const auto& [task, batch] =
    std::pair(out.limits.task_tokens, out.limits.batch_tokens);
  if (task && batch && *task > *batch)
    in.wrong("a task may use more than the batch: make batch the larger");
}

/// A plain number would be seconds for some and minutes for others.
void read_timeout(const yaml_cursor& in, spec& out) {
  const auto text = in.plain();
  if (!text)
    return;
  const auto time = read_duration(*text, longest_timeout);
  if (time && text->find_first_of("smh") != text->npos)
    out.limits.timeout = *time;
  else
    in.wrong(in_quotes(*text) +
             ": use a time with its unit such as 90s, 25m or "
             "2h, at most 168h");
}

void read_max_open_prs(const yaml_cursor& in, spec& out) {
  if (const auto n = in.whole(1, most_tasks))
    out.limits.max_open_prs = static_cast<unsigned>(*n);
}

constexpr std::array limit_keys = {
  spec_key{"concurrency", read_concurrency},
  spec_key{"max_cost", read_max_cost},
  spec_key{"max_tokens", read_max_tokens},
  spec_key{"timeout", read_timeout},
  spec_key{"max_open_prs", read_max_open_prs},
};

void add_all(std::vector<std::string>& out, const std::string& before,
             const std::vector<std::string_view>& names) {
  for (const auto name : names)
    out.push_back(before + std::string(name));
}

} // namespace

void read_pr(const yaml_cursor& in, spec& out) {
  read_keys(in, pr_keys, out);
  if (!out.body.text.empty() && !out.body_file.empty())
    in.wrong("body and body_file exclude each other: keep one");
}

void read_validate(const yaml_cursor& in, spec& out) {
  in.each_item([&out](const yaml_cursor& item) {
    try {
      auto one = read_check(item.node());
      const auto is_same = [&](auto& other) { return other.name == one.name; };
      if (std::any_of(out.validate.begin(), out.validate.end(), is_same))
        item.wrong("two checks are named " + one.name + ": rename one");
      else
        out.validate.push_back(std::move(one));
    } catch (const check_mistake& e) {
      item.wrong_at(e.at, e.what);
    }
  });
  if (out.validate.size() > most_checks)
    in.wrong("more than 50 checks: put them into a script");
}

void read_limits(const yaml_cursor& in, spec& out) {
  read_keys(in, limit_keys, out);
}

void add_keys_of_parts(std::vector<std::string>& out) {
  add_keys_of_sources(out);
  add_all(out, "pr.", names_of(pr_keys));
  add_all(out, "validate[].", check_keys());
  add_all(out, "limits.", names_of(limit_keys));
  add_all(out, "limits.concurrency.", names_of(stage_keys));
  add_all(out, "limits.max_cost.", names_of(cost_keys));
  add_all(out, "limits.max_tokens.", names_of(token_keys));
}

} // namespace pj::batch
