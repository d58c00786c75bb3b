#pragma once
#include "core/github/pull_request.hpp"
#include "core/http.hpp"
#include "core/result.hpp"
#include "messages/abandon.hpp"
#include "messages/protocol.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace pj {

/// Make sure that one open pull request exists for a head branch.
struct open_pull_request {
  std::string task;
  github::pull_request what;
};

struct opened_pull_request {
  std::string url; ///< for people
  std::int64_t number = 0;
  bool adopted = false; ///< it was open already
};

/// Private: GitHub answered request `id`.
struct github_answered {
  std::uint64_t id = 0;
  std::shared_ptr<result<http_response>> response;
};

/// Private: the pacer lets the next write pass.
struct github_wake {};

using github_actor =
  caf::typed_actor<on<opened_pull_request, open_pull_request>, // look up, else
                                                               // create
                   on<void, abandon>,         // forget a task's request
                   on<void, github_answered>, // private: the transport is done
                   on<void, github_wake>>;    // private: the next write

} // namespace pj

PJ_LOCAL_MESSAGE(pj::open_pull_request)
PJ_LOCAL_MESSAGE(pj::opened_pull_request)
PJ_LOCAL_MESSAGE(pj::github_answered)
PJ_LOCAL_MESSAGE(pj::github_wake)
