#pragma once
#include "core/github/fork.hpp"
#include "core/github/pull_request.hpp"
#include "core/github/pull_state.hpp"
#include "core/http.hpp"
#include "core/result.hpp"
#include "messages/abandon.hpp"
#include "messages/hold.hpp"
#include "messages/protocol.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pj {

/// Make sure that one open pull request exists for a head branch.
struct open_pull_request {
  std::string task;
  github::pull_request what;

  /// The reply comes by then even when labels and the like are still to be
  /// set. Zero: whenever all is done. Later by as much as `held` hears of.
  std::chrono::steady_clock::time_point dressed_by{};
  hold_listener held{};
};

struct opened_pull_request {
  std::string url; ///< for people
  std::int64_t number = 0;
  bool adopted = false;              ///< it was there already
  std::vector<std::string> warnings; ///< labels and the like it did not get
};

/// Make sure that a fork exists and has the base commit.
struct prepare_fork {
  std::string task;
  github::fork_wish what;
  hold_listener held{};
};

struct prepared_fork {
  github::fork made;
};

/// How is a pull request now?
struct look_at_pull {
  std::string task;
  github::pull_place where;
  bool twice = false; ///< when GitHub has yet to work out if it can be merged
};

struct seen_pull {
  std::optional<github::pull_state> now; ///< empty: the head has no open one
};

/// What is to become of an open pull request.
enum class pull_end : std::uint8_t { merged, closed };

/// Merge or close one, when it still is what the engine pushed.
struct finish_pull {
  std::string task;
  github::pull_place where;
  pull_end how = pull_end::merged;
  std::string commit; ///< what was pushed; a head that moved is left alone
  github::merge_method method = github::merge_method::merge;
  std::string comment;        ///< of a closed one; empty: none
  bool delete_branch = false; ///< when it still is at `commit`
};

struct finished_pull {
  enum class end : std::uint8_t { done, already, left };
  github::pull_state now;
  end how = end::left;
  std::string why;                   ///< it was left alone
  std::vector<std::string> warnings; ///< what else was asked for and not done
};

/// How long will the pull requests take that are asked for, and some more?
struct forecast_pulls {
  std::size_t more = 0;        ///< to be asked for later
  std::size_t writes_each = 1; ///< of those: one, and one per kind of extras
};

struct pulls_forecast {
  std::size_t left = 0;
  std::chrono::milliseconds time{0};
  std::string line; ///< "142 PRs left, about 19 min"
};

/// Private: there is a token for request `id`, or there is none to be had.
struct github_token {
  std::uint64_t id = 0;
  std::shared_ptr<result<std::string>> text;
};

/// Private: GitHub answered request `id`.
struct github_answered {
  std::uint64_t id = 0;
  std::shared_ptr<result<http_response>> response;
};

/// Private: the pacer lets the next write pass.
struct github_wake {};

/// Private: a job waited long enough.
struct github_timer {
  std::uint64_t job = 0;
  bool late = false; ///< its time is up
};

using github_actor = caf::typed_actor<
  on<opened_pull_request, open_pull_request>, // look up, else create
  on<prepared_fork, prepare_fork>,            // find or make, then wait for it
  on<seen_pull, look_at_pull>,                // how it is now
  on<finished_pull, finish_pull>,             // merge or close it
  on<pulls_forecast, forecast_pulls>,         // what the pace leaves to do
  on<void, abandon>,                          // forget a task's request
  on<void, github_token>,                     // private: we may ask now
  on<void, github_answered>,                  // private: the transport is done
  on<void, github_wake>,                      // private: the next write
  on<void, github_timer>>;                    // private: a job goes on

} // namespace pj

PJ_LOCAL_MESSAGE(pj::open_pull_request)
PJ_LOCAL_MESSAGE(pj::opened_pull_request)
PJ_LOCAL_MESSAGE(pj::prepare_fork)
PJ_LOCAL_MESSAGE(pj::prepared_fork)
PJ_LOCAL_MESSAGE(pj::look_at_pull)
PJ_LOCAL_MESSAGE(pj::seen_pull)
PJ_LOCAL_MESSAGE(pj::finish_pull)
PJ_LOCAL_MESSAGE(pj::finished_pull)
PJ_LOCAL_MESSAGE(pj::forecast_pulls)
PJ_LOCAL_MESSAGE(pj::pulls_forecast)
PJ_LOCAL_MESSAGE(pj::github_token)
PJ_LOCAL_MESSAGE(pj::github_answered)
PJ_LOCAL_MESSAGE(pj::github_wake)
PJ_LOCAL_MESSAGE(pj::github_timer)
