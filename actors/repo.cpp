#include "actors/repo.hpp"

#include "actors/post_to.hpp"
#include "actors/supervised.hpp"
#include "core/text.hpp"

#include <future>

namespace pj {

namespace {

using namespace std::chrono_literals;

constexpr auto stop_is_noticed = 100ms;

/// Waits for a token where one would be sent. On a thread that may block.
result<git_remote_spec> remote(const std::string& url,
                               const std::shared_ptr<token_source>& tokens,
                               const std::stop_token& stop) {
  if (!tokens || !lowered(url.substr(0, 4)).starts_with("http"))
    return git_remote_spec{url, {}};
  const auto promise = std::make_shared<std::promise<result<std::string>>>();
  auto later = promise->get_future();
  tokens->get(
    [promise](result<std::string> got) { promise->set_value(std::move(got)); });
  while (later.wait_for(stop_is_noticed) != std::future_status::ready)
    if (stop.stop_requested())
      return abandoned();
  auto token = later.get();
  if (!token)
    return std::move(token).error();
  return git_remote_spec{url, *std::move(token)};
}

} // namespace

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

caf::result<opened_snapshot> repo_state::open(open_snapshot what) {
  auto promise = self->make_response_promise<opened_snapshot>();
  jobs->run(
    promise, what.task, "fetch " + what.url,
    [git = git, tokens = config.tokens,
     what](std::stop_token stop) -> result<opened_snapshot> {
      auto from = remote(what.url, tokens, stop);
      if (!from)
        return from.error();
      if (!what.commit.empty())
        if (auto known = git->reopen(*from, what.base, what.commit, stop))
          return opened_snapshot{std::move(*known)};
      auto at = git->fetch({*from, what.base, what.may_fall_back}, stop);
      if (!at)
        return at.error();
      return opened_snapshot{std::move(*at)};
    });
  return promise;
}

caf::result<looked_up_branch> repo_state::look_up(look_up_branch what) {
  auto promise = self->make_response_promise<looked_up_branch>();
  jobs->run(promise, what.task, {},
            [git = git, tokens = config.tokens,
             what](std::stop_token stop) -> result<looked_up_branch> {
              auto at = remote(what.url, tokens, stop);
              if (!at)
                return at.error();
              auto tip = git->tip(*at, what.branch, stop);
              if (!tip)
                return tip.error();
              return looked_up_branch{std::move(*tip)};
            });
  return promise;
}

caf::result<pushed_branch> repo_state::push(push_branch what) {
  auto promise = self->make_response_promise<pushed_branch>();
  jobs->run(promise, what.task, {},
            [git = git, tokens = config.tokens,
             what](std::stop_token stop) -> result<pushed_branch> {
              auto to = remote(what.url, tokens, stop);
              if (!to)
                return to.error();
              auto commit = git->push(
                {*std::move(to), what.commit, what.branch, what.expected_tip},
                stop);
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
