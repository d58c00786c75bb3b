#pragma once
#include "adapters/http/port.hpp"
#include "core/policy/github_pacer.hpp"
#include "messages/github.hpp"

#include <caf/typed_response_promise.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace pj {

struct github_config {
  std::string token; ///< secret; empty: requests go out without one
  std::function<std::int64_t()> unix_now; ///< wall clock, seconds
  github_pace pace = github_pace::none();
};

/// Opens pull requests: looks one up before it makes one, so a repeated
/// request, also after a crash or a lost answer, finds what is there. Writes go
/// out one after the other, at GitHub's pace.
struct github_state {
  static inline const char* name = "github";
  explicit github_state(github_actor::pointer ptr) : self(ptr) {}
  ~github_state(); // answers what is pending

  enum class phase : std::uint8_t { lookup, create, adopt, label };

  struct work {
    open_pull_request what;
    caf::typed_response_promise<opened_pull_request> promise;
    phase now = phase::lookup;
    http_request asked;
    int redirects = 0;
    opened_pull_request found;
  };

  github_actor::behavior_type behavior();
  caf::result<opened_pull_request> open(open_pull_request what);
  void enter(std::uint64_t id, phase next);
  void send(std::uint64_t id, http_request request);
  void write(std::uint64_t id, http_request request);
  void write_next();
  void settle(const github_answered& x);
  void looked_up(std::uint64_t id, const http_response& response);
  void created(std::uint64_t id, const http_response& response);
  void opened(std::uint64_t id, opened_pull_request found);
  void fail(std::uint64_t id, failure why);
  void forget(const std::string& task);

  github_actor::pointer self;
  std::shared_ptr<http_port> http;
  github_config config;
  github_pacer pacer;
  std::map<std::uint64_t, work> open_work;
  std::deque<std::uint64_t> writes; ///< work that waits for the pacer
  std::uint64_t last_id = 0;
};

github_actor::behavior_type
github_service(github_actor::stateful_pointer<github_state> self,
               std::shared_ptr<http_port> http, github_config config);

} // namespace pj
