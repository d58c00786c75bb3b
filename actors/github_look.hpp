#pragma once
#include "actors/github_job.hpp"

#include <caf/typed_response_promise.hpp>

namespace pj {

/// Looks at one pull request, by its number or its head.
class github_look final : public github_job {
public:
  github_look(tools with, look_at_pull what,
              caf::typed_response_promise<seen_pull> promise);

  void start() override;
  void woken(bool late) override;
  void fail(failure why) override;

private:
  void find();
  void look();
  void deliver(seen_pull x);

  look_at_pull what_;
  caf::typed_response_promise<seen_pull> promise_;
};

} // namespace pj
