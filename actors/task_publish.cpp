#include "actors/task_request.hpp"
#include "core/task/text.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace pj {

namespace {

// What the end of a task needs once its pull request is open.
constexpr std::chrono::seconds to_finish{5};

} // namespace

commit_request task_state::commit() const {
  const auto& spec = *setup.spec;
  return {at,
          change,
          commit_message(spec),
          spec.author_name,
          spec.author_email,
          std::chrono::time_point_cast<std::chrono::seconds>(created)};
}

void task_state::publish() {
  const auto& spec = *setup.spec;
  if (!spec.skip_push && !spec.keep_alive)
    return push();
  enter("commit", "Committing...", [this] {
    const auto& wanted = *setup.spec;
    request<kept_branch>(
      setup.services.repo,
      keep_branch{wanted.id, commit(), wanted.branch, setup.keep_folder},
      [this](kept_branch& x) {
        outcome.commit = x.kept.commit;
        outcome.kept_repository = x.kept.repository.string();
        outcome.kept_patch = x.kept.patch_file.string();
        if (setup.spec->skip_push)
          end(task_end::succeeded, {});
        else
          push();
      });
  });
}

void task_state::push() {
  note(step::push_intent, setup.spec->branch);
  enter("push", "Committing and pushing...", [this] {
    const auto& spec = *setup.spec;
    request<pushed_branch>(
      setup.services.repo,
      push_branch{spec.id, push_url, commit(), spec.branch, branch_tip},
      [this](pushed_branch& x) {
        outcome.commit = std::move(x.commit);
        note(step::push_done, outcome.commit);
        run(stage::open_pr);
      });
  });
}

github::pull_request task_state::wanted_pull() const {
  const auto& wanted = *setup.spec;
  github::pull_request what;
  what.api = wanted.github_api;
  what.owner = wanted.github_owner;
  what.name = wanted.github_name;
  what.head_owner = fork.owner;
  what.head_name = fork.name;
  what.head = wanted.branch;
  what.base = at.base;
  what.title = wanted.title;
  what.body = hidden(pull_request_body(wanted, outcome));
  what.draft = wanted.pr_draft;
  what.any_state = record.pr_intended;
  what.more = wanted.pr_extras;
  return what;
}

void task_state::open_pr() {
  const auto& spec = *setup.spec;
  if (spec.skip_pr)
    return end(task_end::succeeded, {});
  note(step::pr_intent, spec.branch);
  enter("pr", "Opening a pull request...", [this] {
    request<opened_pull_request>(
      setup.services.github,
      open_pull_request{setup.spec->id, wanted_pull(),
                        setup.clock->deadline() - to_finish, on_hold()},
      [this](opened_pull_request& x) {
        outcome.pr_url = std::move(x.url);
        for (auto& line : x.warnings)
          tell(std::move(line));
        note(step::pr_done, outcome.pr_url);
        emit("pr-created", "pr.created", "success", {},
             x.adopted ? "The pull request was open already."
                       : "Pull request created.");
        end(task_end::succeeded, {});
      });
  });
}

} // namespace pj
