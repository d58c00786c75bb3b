#include "actors/validation.hpp"

#include "actors/check_runner.hpp"
#include "core/changed_tree.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <optional>

namespace pj {

namespace {

/// A check that was run; `ran` is empty when it could not be.
struct attempt {
  const planned_check* check = nullptr;
  std::optional<command_result> ran;
  std::string why_not; ///< one line; set when `ran` is empty
};

bool failed(const attempt& one) {
  return one.ran && (one.ran->timed_out || one.ran->exit_code != 0);
}

/// Whether installed packages depend on this file.
bool is_manifest(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  return name == "package.json" || name == ".npmrc" ||
         name.find("lock") != name.npos ||
         name.find("shrinkwrap") != name.npos ||
         path.find("node_modules/") != path.npos;
}

std::string seconds(std::chrono::milliseconds time) {
  const auto tenths = (time.count() + 50) / 100;
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " s";
}

std::string how_it_ended(const attempt& one) {
  if (!one.ran)
    return "not run: " + one.why_not;
  const auto time = seconds(one.ran->took);
  if (one.ran->timed_out)
    return "stopped after " + time;
  if (one.ran->exit_code == 0)
    return "passed in " + time;
  return "exit code " + std::to_string(one.ran->exit_code) + " after " + time;
}

/// The end of an output says what went wrong; the beginning says what it was.
std::string shortened(const std::string& output, std::size_t max) {
  if (output.size() <= max)
    return output;
  auto tail = std::string_view(output).substr(output.size() - max * 3 / 4);
  tail.remove_prefix(std::min(tail.find('\n') + 1, tail.size()));
  return std::string(clipped(output, max / 4)) + "\n[…]\n" + std::string(tail);
}

check_outcome outcome_of(const attempt& one) {
  if (!one.ran)
    return check_outcome::not_run;
  if (!failed(one))
    return check_outcome::passed;
  return one.check->blocking ? check_outcome::failed : check_outcome::warned;
}

std::string_view word_for(check_outcome outcome) {
  switch (outcome) {
  case check_outcome::failed:
    return "failed, ";
  case check_outcome::warned:
    return "failed (does not block), ";
  case check_outcome::already_failing:
    return "already failing without the change, ";
  default:
    return "";
  }
}

class validation {
public:
  validation(const snapshot& base, const change_set& change, work_tree& place,
             std::stop_token stop, const validation_options& options)
    : base_(base), change_(change), place_(place), stop_(std::move(stop)),
      options_(options) {}

  result<validation_report> run(const std::vector<planned_check>& plan) {
    auto on_change = run_all(plan, &change_, {});
    if (!on_change)
      return on_change.error();
    std::vector<planned_check> doubtful;
    for (const auto& one : *on_change)
      if (one.check->blocking && failed(one))
        doubtful.push_back(*one.check);
    if (doubtful.empty())
      return report(*on_change, {});
    const std::string kept = touches_dependencies() ? "" : packages_folder;
    auto on_base = run_all(doubtful, nullptr, kept);
    if (!on_base)
      return on_base.error();
    return report(*on_change, *on_base);
  }

private:
  using attempts = std::vector<attempt>;

  result<attempts> run_all(const std::vector<planned_check>& plan,
                           const change_set* change, const std::string& kept) {
    if (auto there = place_.fill(base_, change, kept, stop_); !there)
      return there.error();
    check_runner runner(place_, options_);
    attempts out;
    for (const auto& check : plan) {
      auto one = runner.run(check, stop_);
      if (!one)
        return one.error();
      attempt done{&check, {}, {}};
      if (auto* ran = std::get_if<command_result>(&*one))
        done.ran = std::move(*ran);
      else
        done.why_not = std::get<not_runnable>(*one).why;
      out.push_back(std::move(done));
    }
    return out;
  }

  /// Whether what is installed for the change may differ from the base's.
  bool touches_dependencies() const {
    return std::any_of(
      change_.files.begin(), change_.files.end(), [](const file_change& file) {
        return is_manifest(file.path) || is_manifest(file.old_path);
      });
  }

  /// Whether the same check fails in the same way without the change.
  static bool fails_anyway(const attempt& one, const attempts& on_base) {
    return std::any_of(on_base.begin(), on_base.end(), [&](const auto& b) {
      return b.check->name == one.check->name && failed(b) &&
             fails_the_same(b.ran->exit_code, b.ran->output, one.ran->exit_code,
                            one.ran->output);
    });
  }

  validation_report report(const attempts& on_change,
                           const attempts& on_base) const {
    validation_report out;
    for (const auto& one : on_change) {
      check_report line;
      line.name = one.check->name;
      line.outcome = outcome_of(one);
      if (line.outcome == check_outcome::failed && fails_anyway(one, on_base))
        line.outcome = check_outcome::already_failing;
      line.line = line.name + ": " + std::string(word_for(line.outcome)) +
                  how_it_ended(one);
      if (one.ran)
        line.output = shortened(one.ran->output, options_.max_report);
      out.checks.push_back(std::move(line));
    }
    return out;
  }

  const snapshot& base_;
  const change_set& change_;
  work_tree& place_;
  std::stop_token stop_;
  const validation_options& options_;
};

result<validation_report>
run_checks(const snapshot& base, const change_set& change,
           const std::vector<planned_check>& plan, work_tree_port& places,
           std::stop_token stop, const validation_options& options) {
  if (plan.empty())
    return validation_report{};
  auto place = places.make();
  if (!place)
    return std::move(place).error();
  return validation(base, change, **place, std::move(stop), options).run(plan);
}

} // namespace

result<validation_report> validate(const snapshot& base,
                                   const change_set& change,
                                   const std::vector<check_spec>& extra,
                                   work_tree_port& places, std::stop_token stop,
                                   const validation_options& options) {
  const changed_tree after(*base.tree, change);
  const auto plan = plan_checks(after, extra);
  if (!plan)
    return plan.error();
  auto out = run_checks(base, change, *plan, places, std::move(stop), options);
  // A base whose own checks cannot be read had none to lose.
  const auto before = plan_checks(*base.tree, extra);
  if (out && before)
    for (auto& gone : removed_checks(*before, *plan))
      out->checks.push_back(std::move(gone));
  return out;
}

} // namespace pj
