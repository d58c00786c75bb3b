#pragma once
#include "actors/github_job.hpp"
#include "core/policy/work_clock.hpp"

#include <caf/typed_response_promise.hpp>

#include <deque>

namespace pj {

/// Opens one pull request: looks it up before it makes it, so a repeated
/// request, also after a crash or a lost answer, finds what is there. Then
/// gives it labels and the like; what it cannot get is a warning.
class github_pull final : public github_job {
public:
  github_pull(tools with, open_pull_request what,
              caf::typed_response_promise<opened_pull_request> promise);

  void start() override;
  void woken(bool late) override;
  void fail(failure why) override;
  std::size_t writes_left() const override;

private:
  void look_up();
  void looked_up(const result<http_response>& got);
  void create();
  void created(const result<http_response>& got);
  void opened(github::existing found, bool adopted);
  void dress_next();
  void dressed(const result<http_response>& got);
  void skip(const std::string& why);
  void deliver();
  void hold(bool now) override;
  void wait_for_end();

  const open_pull_request what_;
  caf::typed_response_promise<opened_pull_request> promise_;
  bool refused_ = false; ///< GitHub says there is one
  bool open_ = false;    ///< the pull request is there
  opened_pull_request reply_;
  std::deque<github::dressing> to_do_;
  int tries_ = 0; ///< of the first of them
  work_clock dressed_by_;
};

} // namespace pj
