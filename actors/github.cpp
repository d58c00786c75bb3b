#include "actors/github.hpp"

#include "actors/github_finish.hpp"
#include "actors/github_fork.hpp"
#include "actors/github_look.hpp"
#include "actors/github_pull.hpp"
#include "actors/supervised.hpp"

namespace pj {

github_actor::behavior_type
github_service(github_actor::stateful_pointer<github_state> self,
               std::shared_ptr<http_port> http, github_config config) {
  supervised(self);
  auto& state = state_of(self);
  state.config = std::move(config);
  state.desk.emplace(self, std::move(http), state.config.tokens,
                     state.config.pace);
  return state.behavior();
}

github_actor::behavior_type github_state::behavior() {
  return {
    [this](open_pull_request& x) {
      return start<github_pull, opened_pull_request>(std::move(x));
    },
    [this](prepare_fork& x) {
      return start<github_fork, prepared_fork>(std::move(x));
    },
    [this](look_at_pull& x) {
      return start<github_look, seen_pull>(std::move(x));
    },
    [this](finish_pull& x) {
      return start<github_finish, finished_pull>(std::move(x));
    },
    [this](const forecast_pulls& x) { return forecast(x); },
    [this](const abandon& x) { forget(x.task); },
    [this](const github_token& x) {
      desk->send(x);
      sweep();
    },
    [this](const github_answered& x) {
      desk->settle(x);
      sweep();
    },
    [this](github_wake) { desk->wake(); },
    [this](const github_timer& x) { wake(x); },
  };
}

template <class Job, class Reply, class Request>
caf::result<Reply> github_state::start(Request what) {
  auto promise = self->make_response_promise<Reply>();
  const auto id = ++last_id;
  auto& job = jobs[id];
  job = std::make_unique<Job>(github_job::tools{self, *desk, config, id},
                              std::move(what), promise);
  job->start();
  sweep();
  return promise;
}

pulls_forecast github_state::forecast(const forecast_pulls& x) const {
  std::size_t pulls = x.more;
  std::size_t writes = x.more * x.writes_each;
  for (const auto& [id, job] : jobs) {
    pulls += job->writes_left() > 0 ? 1u : 0u;
    writes += job->writes_left();
  }
  const auto time = desk->forecast(writes);
  return {pulls, time, forecast_text(pulls, time)};
}

void github_state::wake(const github_timer& x) {
  if (const auto i = jobs.find(x.job); i != jobs.end())
    i->second->woken(x.late);
  sweep();
}

void github_state::forget(const std::string& task) {
  for (auto& [id, job] : jobs)
    if (job->task() == task)
      job->fail(abandoned());
  sweep();
}

void github_state::sweep() {
  std::erase_if(jobs, [](const auto& one) { return one.second->is_over(); });
}

github_state::~github_state() {
  for (auto& [id, job] : jobs)
    job->fail(restarting("github"));
}

} // namespace pj
