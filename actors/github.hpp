#pragma once
#include "actors/github_job.hpp"

#include <caf/typed_response_promise.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace pj {

/// Opens pull requests and makes forks on one GitHub host. Every request is a
/// job of its own; the desk they share keeps GitHub's pace.
struct github_state {
  static inline const char* name = "github";
  explicit github_state(github_actor::pointer ptr) : self(ptr) {}
  ~github_state(); // answers what is pending

  github_actor::behavior_type behavior();

  template <class Job, class Reply, class Request>
  caf::result<Reply> start(Request what);

  pulls_forecast forecast(const forecast_pulls& x) const;
  void wake(const github_timer& x);
  void forget(const std::string& task);
  void sweep();

  github_actor::pointer self;
  github_config config;
  std::optional<github_desk> desk;
  std::map<std::uint64_t, std::unique_ptr<github_job>> jobs;
  std::uint64_t last_id = 0;
};

github_actor::behavior_type
github_service(github_actor::stateful_pointer<github_state> self,
               std::shared_ptr<http_port> http, github_config config);

} // namespace pj
