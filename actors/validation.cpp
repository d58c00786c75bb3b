#include "actors/validation.hpp"

#include "actors/work_tree.hpp"
#include "adapters/process/scratch.hpp"
#include "core/text.hpp"
#include "core/changed_tree.hpp"

#include <algorithm>
#include <optional>

namespace pj {

namespace {

namespace fs = std::filesystem;

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
  validation(const snapshot& base, const change_set& change, git_port& git,
             process_port& process, std::stop_token stop,
             const validation_options& options)
    : base_(base), change_(change), git_(git), process_(process),
      stop_(std::move(stop)), options_(options) {}

  result<validation_report> run(const std::vector<planned_check>& plan,
                                const fs::path& scratch) {
    const auto folder = scratch / "work";
    auto on_change = run_all(plan, &change_, folder);
    if (!on_change)
      return on_change.error();
    std::vector<planned_check> doubtful;
    for (const auto& one : *on_change)
      if (one.check->blocking && failed(one))
        doubtful.push_back(*one.check);
    if (doubtful.empty())
      return report(*on_change, {});
    // The same place, so that paths in the outputs are the same.
    if (auto moved = move(folder, scratch / "changed"); !moved)
      return moved.error();
    if (!touches_dependencies())
      installed_ = scratch / "changed/node_modules";
    auto on_base = run_all(doubtful, nullptr, folder);
    if (!on_base)
      return on_base.error();
    return report(*on_change, *on_base);
  }

private:
  using attempts = std::vector<attempt>;

  result<attempts> run_all(const std::vector<planned_check>& plan,
                           const change_set* change, const fs::path& folder) {
    fs::create_directory(folder);
    if (auto there = git_.check_out(base_, change, folder, stop_); !there)
      return there.error();
    if (is_there(installed_) && !is_there(folder / "node_modules"))
      if (auto moved = move(installed_, folder / "node_modules"); !moved)
        return moved.error();
    work_tree place(folder, process_, options_);
    attempts out;
    for (const auto& check : plan) {
      auto one = place.run(check, stop_);
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

  static result<done> move(const fs::path& from, const fs::path& to) {
    std::error_code failed;
    fs::rename(from, to, failed);
    if (!failed)
      return done{};
    return failure{failure_class::fail,
                   failure_code::validation,
                   "validation cannot move its work tree: " + failed.message(),
                   {},
                   {}};
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
  git_port& git_;
  process_port& process_;
  std::stop_token stop_;
  const validation_options& options_;
  fs::path installed_; ///< node_modules to use again; may not be there
};

} // namespace

result<validation_report>
validate(const snapshot& base, const change_set& change,
         const std::vector<check_spec>& extra, git_port& git,
         process_port& process, const fs::path& scratch_parent,
         std::stop_token stop, const validation_options& options) {
  const changed_tree after(*base.tree, change);
  const auto plan = plan_checks(after, extra);
  if (!plan)
    return plan.error();
  if (plan->empty())
    return validation_report{};
  const scratch_folder scratch(scratch_parent, "pj-check-");
  if (scratch.path().empty())
    return failure{failure_class::fail,
                   failure_code::validation,
                   "validation cannot make a folder in " +
                     printable(scratch_parent.string()),
                   {},
                   {}};
  return validation(base, change, git, process, std::move(stop), options)
    .run(*plan, scratch.path());
}

} // namespace pj
