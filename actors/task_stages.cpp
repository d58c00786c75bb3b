#include "actors/task_request.hpp"
#include "core/patch/refuse.hpp"
#include "core/prompt/prompt.hpp"
#include "core/task/text.hpp"
#include "core/text.hpp"
#include "core/validate/own_checks.hpp"
#include "core/webhook/event.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <algorithm>

namespace pj {

namespace {

// CONTRACT: details carry at most the first 100 lines of the patch.
constexpr std::size_t max_patch_lines = 100;

// Of a change's notes and of a refusal's edits; a person reads no more.
constexpr std::size_t max_notes = 50;
constexpr std::size_t max_refusal_text = 4'000; ///< bytes

failure model_failure(std::string what) {
  return {failure_class::fail, failure_code::model, std::move(what), {}, {}};
}

failure foreign_branch(std::string what) {
  return {failure_class::fail, failure_code::git, std::move(what), {}, {}};
}

/// Why an answer is no change at all; empty when it may be one.
std::string unusable(const llm::completion& answer) {
  switch (answer.end) {
  case llm::finish::refused:
    return "the model declined the task" +
           (answer.refusal.empty() ? "" : ": " + printable(answer.refusal));
  case llm::finish::filtered:
    return "the provider's content filter withheld the answer";
  default:
    return trimmed(answer.text).empty() ? "the model's answer is empty" : "";
  }
}

bool is_cut(llm::finish end) {
  return end == llm::finish::truncated || end == llm::finish::paused;
}

/// Keeps the files sorted by path.
void add_file(change_set& change, file_change file) {
  const auto place = std::lower_bound(
    change.files.begin(), change.files.end(), file,
    [](const file_change& a, const file_change& b) { return a.path < b.path; });
  change.files.insert(place, std::move(file));
}

/// Why edits have no place, for people: the feedback is for the model.
std::string told(const patch::refusal& no) {
  std::string out;
  for (const auto& e : no.edits)
    if (!patch::is_fine(e))
      out += e.path + ": " + e.note + '\n' + e.closest;
  return std::string(clipped(out, max_refusal_text));
}

/// What is wrong with the checks that a repository names; empty: nothing. The
/// change may mend it, so it is no failure yet.
std::string wrong_checks(const source_tree& tree) {
  if (!tree.find(own_checks_file))
    return {};
  const auto text = tree.read(own_checks_file);
  const auto checks = text ? read_own_checks(*text) : text.error();
  return checks ? ""
                : checks.error().what +
                    ": validation fails unless the change mends it";
}

} // namespace

void task_state::fetch() {
  announce("clone", "Cloning repository...");
  const auto& spec = *setup.spec;
  const auto& before = record.at;
  request<opened_snapshot>(
    setup.services.repo,
    open_snapshot{spec.id, spec.repo.text, before ? before->base : spec.base,
                  spec.base == "main",
                  before ? before->commit : spec.base_commit},
    [this](opened_snapshot& x) { opened(std::move(x)); });
}

void task_state::opened(opened_snapshot x) {
  at = std::move(x.at);
  const auto& pinned = setup.spec->base_commit;
  if (!pinned.empty() && pinned != at.commit)
    return failed({failure_class::fail,
                   failure_code::git,
                   at.base + " is at " + at.commit.substr(0, 12) +
                     ", not at the pinned commit " + pinned.substr(0, 12) +
                     ", which is not in the cache either: pin the tip",
                   {},
                   {}});
  outcome.base = at.base;
  outcome.base_commit = at.commit;
  if (record.at && record.at->commit == at.commit) {
    at.warnings = record.at->warnings;
  } else {
    // A mirror that was lost may have brought a newer commit: what was checked
    // against the older one says nothing any more.
    record.checks.reset();
    note(std::string(step::snapshot) + at.commit,
         to_json({at.base, at.commit, at.warnings}));
  }
  auto warnings = at.warnings;
  if (auto why = wrong_checks(*at.tree); !why.empty())
    warnings.push_back(std::move(why));
  for (auto& line : warnings)
    tell(std::move(line));
  run(stage::branch);
}

void task_state::branch() {
  const auto& spec = *setup.spec;
  announce("branch", "Creating branch " + spec.branch + "...");
  push_url = spec.repo.text;
  // A plan changes nothing on GitHub, but a branch that it is to build upon
  // it has to see.
  const bool sees = spec.conflict == branch_conflict::update && !spec.fork;
  if (spec.skip_push || (spec.dry_run && !sees))
    return run(stage::ask);
  if (spec.fork)
    return ledger.flush([this] { prepare_fork(); });
  look_at_branch();
}

void task_state::prepare_fork() {
  const auto& spec = *setup.spec;
  const github::fork_wish wish{spec.github_api,  spec.github_owner,
                               spec.github_name, spec.fork_owner,
                               at.base,          at.commit};
  request<prepared_fork>(
    setup.services.github, pj::prepare_fork{spec.id, wish, on_hold()},
    [this, wish](prepared_fork& x) {
      fork = std::move(x.made);
      push_url = github::fork_address(setup.spec->repo.text, wish, fork);
      if (push_url.empty())
        return failed({failure_class::fail,
                       failure_code::github,
                       "TARGET_REPO does not end in OWNER/REPO, so the fork's "
                       "address is not known",
                       {},
                       {}});
      look_at_branch();
    });
}

void task_state::look_at_branch() {
  request<looked_up_branch>(
    setup.services.repo,
    look_up_branch{setup.spec->id, push_url, setup.spec->branch},
    [this](looked_up_branch& x) { checked_branch(x); });
}

void task_state::checked_branch(const looked_up_branch& x) {
  const auto& spec = *setup.spec;
  const bool is_ours = !x.tip || is_commit_of(x.tip->message, spec.id);
  if (!is_ours && spec.conflict == branch_conflict::refuse)
    return failed(foreign_branch("the branch " + spec.branch +
                                 " is on the server already and its last "
                                 "commit is not of this task: choose another "
                                 "BRANCH_NAME or delete it"));
  if (!is_ours && spec.branch == at.base)
    return failed(foreign_branch("the branch " + spec.branch +
                                 " is the base itself: choose another one"));
  branch_tip = x.tip ? x.tip->commit : std::string{};
  if (spec.conflict == branch_conflict::update)
    return choose_start(x.tip, is_ours);
  if (!is_ours)
    tell("replacing the branch " + spec.branch + ", which was at " +
         branch_tip.substr(0, 12));
  run(current == stage::publish ? stage::publish : stage::ask);
}

/// The change is put on what others have there; a commit of this task is
/// replaced, so the change is put on what that was put on.
void task_state::choose_start(const std::optional<pj::branch_tip>& tip,
                              bool is_ours) {
  auto start = !tip ? "" : is_ours ? tip->parent : tip->commit;
  if (start == at.commit)
    start.clear();
  const bool is_settled =
    record.start && (*record.start == start || (tip && is_ours));
  if (!is_settled) {
    record.start = start;
    record.checks.reset();
    note(std::string(step::start) + std::to_string(++record.starts), start);
  }
  if (record.start->empty())
    return run(stage::ask);
  request<opened_snapshot>(
    setup.services.repo,
    open_snapshot{setup.spec->id, push_url, setup.spec->branch, false,
                  *record.start},
    [this](opened_snapshot& x) { started(std::move(x.at)); });
}

void task_state::started(snapshot from) {
  const auto& branch = setup.spec->branch;
  if (from.commit != *record.start)
    return failed({failure_class::retry,
                   failure_code::git,
                   "the branch " + branch + " is not at " +
                     record.start->substr(0, 12) +
                     " any more, which the change is put on",
                   {},
                   {}});
  at.tree = std::move(from.tree);
  at.commit = std::move(from.commit);
  at.mirror = std::move(from.mirror);
  tell("the branch " + branch +
       " is on the server already: the change is put on top of " +
       at.commit.substr(0, 12));
  run(stage::ask);
}

void task_state::tell(std::string warning) {
  setup.watch->warning(setup.spec->id, warning);
  outcome.warnings.push_back(std::move(warning));
}

const llm::completion& task_state::answer() const {
  return record.answers[static_cast<std::size_t>(round) - 1].answer;
}

void task_state::place() {
  if (auto why = unusable(answer()); !why.empty())
    return failed(model_failure(std::move(why)));
  announce("apply-" + std::to_string(round), "Applying the change...");
  ledger.write_now(); // what was paid for does not wait for other rows
  request<planned_change>(setup.services.patch,
                          plan_change{setup.spec->id, answer().text, at.tree,
                                      staged, is_cut(answer().end)},
                          [this](planned_change& x) {
                            if (const auto* plan =
                                  std::get_if<patch::plan>(&*x.verdict))
                              placed(*plan);
                            else
                              refused(std::get<patch::refusal>(*x.verdict));
                          });
}

void task_state::placed(const patch::plan& plan) {
  if (plan.change.files.empty())
    return failed({failure_class::fail,
                   failure_code::patch,
                   "the model's patch changes nothing: the repository already "
                   "is as it wrote",
                   {},
                   {}});
  auto full = plan.change;
  if (setup.spec->add_coderabbit && !at.tree->find(".coderabbit.yaml"))
    add_file(full, coderabbit_config());
  outcome.files.clear();
  for (const auto& f : full.files)
    outcome.files.push_back(f.path);
  outcome.risky = full.risky;
  auto& notes = full.notes;
  if (notes.size() > max_notes) {
    const auto more = notes.size() - max_notes;
    notes.resize(max_notes);
    notes.push_back("and " + std::to_string(more) + " more notes on the patch");
  }
  for (const auto& line : notes)
    tell(line);
  outcome.diff = to_unified_diff(full);
  change = std::make_shared<const change_set>(std::move(full));
  run(stage::check);
}

/// Asking again for a change that is not wanted costs the same and more.
void task_state::declined(const std::string& why) {
  failed({failure_class::fail,
          failure_code::patch,
          "no patch: the model says that nothing is to be changed",
          why,
          {}});
}

void task_state::refused(const patch::refusal& refusal) {
  if (refusal.edits.empty() && !staged) {
    const auto why = prompt::reason_for_no_change(answer().text);
    if (!why.empty() && !is_cut(answer().end))
      return declined(why);
  }
  if (round >= setup.max_rounds)
    return failed({failure_class::fail,
                   failure_code::patch,
                   refusal.reason,
                   told(refusal) + "\nThe answer:\n" +
                     webhook::first_lines(answer().text, max_patch_lines),
                   {}});
  setup.watch->note(setup.spec->id, log_kind::refused, refusal.reason);
  for (const auto& edit : refusal.edits)
    if (edit.state == patch::edit_state::missing ||
        edit.state == patch::edit_state::ambiguous)
      ++misses[edit.path];
  if (!refusal.staged.files.empty())
    staged = std::make_shared<const change_set>(refusal.staged);
  feedback = refusal.for_model.empty() ? refusal.reason : refusal.for_model;
  ++round;
  run(stage::ask);
}

void task_state::check() {
  if (record.checks)
    return checked(*record.checks);
  announce("check", "Validating the change...");
  request<validated_change>(
    setup.services.validate,
    validate_change{setup.spec->id, at, change, setup.spec->checks},
    [this](validated_change& x) {
      for (auto& c : x.report.checks)
        c.output = hidden(c.output);
      note(std::string(step::checks) + at.commit, to_json(x.report));
      checked(std::move(x.report));
    });
}

void task_state::checked(validation_report report) {
  record.checks = report;
  outcome.checks = report.checks;
  if (report.ok())
    return setup.spec->dry_run ? end(task_end::succeeded, {})
                               : run(stage::publish);
  failure why{failure_class::fail,
              failure_code::validation,
              "validation failed:",
              {},
              {}};
  for (const auto& c : report.checks)
    if (c.outcome == check_outcome::failed) {
      why.what += " " + c.line + ";";
      why.details += c.line + "\n" + c.output + "\n";
    }
  why.what.pop_back();
  failed(std::move(why));
}

} // namespace pj
