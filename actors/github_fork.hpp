#pragma once
#include "actors/github_job.hpp"

#include <caf/typed_response_promise.hpp>

namespace pj {

/// Finds or makes a fork, waits until it is there, and brings its base branch
/// up to date. Repeating it finds what an earlier run made.
class github_fork final : public github_job {
public:
  github_fork(tools with, prepare_fork what,
              caf::typed_response_promise<prepared_fork> promise);

  void start() override;
  void woken(bool late) override;
  void fail(failure why) override;

private:
  void make();
  void found(github::fork one);
  void wait();
  void looked(const result<http_response>& got);
  void compare();
  void update();
  void deliver();

  const prepare_fork what_;
  caf::typed_response_promise<prepared_fork> promise_;
  github::fork made_;
  int looks_ = 0;
};

} // namespace pj
