#include "apps/pj/batch/open_pulls.hpp"

#include "apps/pj/pulls/office.hpp"
#include "apps/pj/signals.hpp"

namespace pj::batch {

namespace {

/// An earlier run may have opened one: of a task that ended well the journal
/// knows it, of others GitHub does.
bool may_have_one(const accepted_task& t) {
  if (t.outcome && !t.outcome->pr_url.empty())
    return true;
  const bool bad = t.at == standing::failed || t.at == standing::cancelled;
  return !t.spec.skip_pr && !t.spec.skip_push &&
         (bad || (t.at == standing::waiting && t.attempt > 1));
}

/// Only the token knows in whose fork its branch is.
bool cannot_be_found(const accepted_task& t) {
  return may_have_one(t) && place_of(t).number == 0 && t.spec.fork &&
         t.spec.fork_owner.empty();
}

/// Of the tasks, those whose pull request is open.
result<done> keep_open(const std::vector<std::string>& tasks,
                       const std::vector<github::pull_place>& places,
                       const task_input& input, std::set<std::string>& to) {
  github_office github(input.secrets, input.spec.github_api);
  const signal_watch signals([&github](const std::string&) { github.stop(); });
  const auto seen = github.look(places);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (!seen[i])
      return seen[i].error();
    if (seen[i]->now && is_open(*seen[i]->now))
      to.insert(tasks[i]);
  }
  return done{};
}

failure not_known(const std::string& batch, failure why) {
  const auto resume = "; `pj batch resume " + batch + "` goes on";
  if (why.kind == failure_class::cancelled)
    why.what = "interrupted before a task was begun" + resume;
  else
    why.what = "how many pull requests of the batch are open "
               "(limits.max_open_prs) is not known: " +
               why.what + (why.kind == failure_class::retry ? resume : "");
  return why;
}

} // namespace

github::pull_place place_of(const accepted_task& t) {
  const auto& spec = t.spec;
  return {spec.github_api,
          spec.github_owner,
          spec.github_name,
          t.outcome ? github::number_in(t.outcome->pr_url) : 0,
          spec.fork ? spec.fork_owner : std::string{},
          spec.branch};
}

result<pull_room> look_for_room(const accepted& all, const task_input& input) {
  const auto& most = all.how.max_open_prs;
  if (!most || all.how.planning)
    return pull_room{};
  std::set<std::string> holders;
  std::vector<std::string> unsure;
  std::vector<github::pull_place> places;
  for (const auto& t : all.tasks) {
    if (t.at == standing::running || cannot_be_found(t)) {
      holders.insert(t.spec.id);
    } else if (may_have_one(t)) {
      unsure.push_back(t.spec.id);
      places.push_back(place_of(t));
    }
  }
  if (!places.empty())
    if (auto ok = keep_open(unsure, places, input, holders); !ok)
      return not_known(all.how.name, ok.error());
  return pull_room{*most, std::move(holders)};
}

} // namespace pj::batch
