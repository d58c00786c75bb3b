#include "actors/repo.hpp"

#include "actors/post_to.hpp"
#include "actors/supervised.hpp"

namespace pj {

repo_actor::behavior_type repo(repo_actor::stateful_pointer<repo_state> self,
                               std::shared_ptr<git_port> git,
                               std::shared_ptr<executor> threads,
                               repo_config config) {
  supervised(self);
  auto& state = state_of(self);
  state.git = std::move(git);
  state.jobs.emplace(std::move(threads), config.width,
                     post_to(repo_actor{self}));
  state.config = std::move(config);
  return state.behavior();
}

repo_actor::behavior_type repo_state::behavior() {
  return {
    [this](open_snapshot& x) { return open(std::move(x)); },
    [this](look_up_branch& x) { return look_up(std::move(x)); },
    [this](push_branch& x) { return push(std::move(x)); },
    [this](keep_branch& x) { return keep(std::move(x)); },
    [this](const abandon& x) { jobs->abandon(x.task); },
    [this](const job_finished& x) { jobs->finish(x); },
  };
}

git_remote_spec repo_state::remote(const std::string& url) const {
  return {url, config.token};
}

caf::result<opened_snapshot> repo_state::open(open_snapshot what) {
  auto promise = self->make_response_promise<opened_snapshot>();
  jobs->run(promise, what.task, "fetch " + what.url,
            [git = git, from = remote(what.url),
             what](std::stop_token stop) -> result<opened_snapshot> {
              if (!what.commit.empty())
                if (auto known =
                      git->reopen(from, what.base, what.commit, stop))
                  return opened_snapshot{std::move(*known)};
              auto at = git->fetch({from, what.base, what.may_fall_back}, stop);
              if (!at)
                return at.error();
              return opened_snapshot{std::move(*at)};
            });
  return promise;
}

caf::result<looked_up_branch> repo_state::look_up(look_up_branch what) {
  auto promise = self->make_response_promise<looked_up_branch>();
  jobs->run(promise, what.task, {},
            [git = git, at = remote(what.url), branch = what.branch](
              std::stop_token stop) -> result<looked_up_branch> {
              auto tip = git->tip(at, branch, stop);
              if (!tip)
                return tip.error();
              return looked_up_branch{std::move(*tip)};
            });
  return promise;
}

caf::result<pushed_branch> repo_state::push(push_branch what) {
  auto promise = self->make_response_promise<pushed_branch>();
  jobs->run(
    promise, what.task, {},
    [git = git, request = push_request{remote(what.url), std::move(what.commit),
                                       std::move(what.branch),
                                       std::move(what.expected_tip)}](
      std::stop_token stop) -> result<pushed_branch> {
      auto commit = git->push(request, stop);
      if (!commit)
        return commit.error();
      return pushed_branch{std::move(*commit)};
    });
  return promise;
}

caf::result<kept_branch> repo_state::keep(keep_branch what) {
  auto promise = self->make_response_promise<kept_branch>();
  jobs->run(promise, what.task, {},
            [git = git, what](std::stop_token) -> result<kept_branch> {
              auto kept = git->keep(what.commit, what.branch, what.folder);
              if (!kept)
                return kept.error();
              return kept_branch{std::move(*kept)};
            });
  return promise;
}

} // namespace pj
