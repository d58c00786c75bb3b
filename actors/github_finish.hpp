#pragma once
#include "actors/github_job.hpp"

#include <caf/typed_response_promise.hpp>

namespace pj {

/// Merges or closes one pull request: looks at it before it writes, so what
/// was done, also by a request whose answer was lost, is not done again.
/// Abandoned between two writes it stops; a write that is out is waited for.
class github_finish final : public github_job {
public:
  github_finish(tools with, finish_pull what,
                caf::typed_response_promise<finished_pull> promise);

  void start() override;
  void woken(bool late) override;
  void fail(failure why) override;

private:
  using answered = void (github_finish::*)(const result<http_response>&);

  void look();
  void looked(const result<http_response>& got);
  void merge();
  void close();
  void comment();
  void done();
  void look_at_branch();
  void delete_branch();
  void write(http_request request, answered then);
  void merged(const result<http_response>& got);
  void closed(const result<http_response>& got);
  void commented(const result<http_response>& got);
  void looked_at_branch(const result<http_response>& got);
  void deleted(const result<http_response>& got);
  void hold(bool now) override;
  bool look_again(const failure& why);
  bool is_limited(const result<http_response>& got);
  void stop_short();
  void leave(std::string why);
  void warn(const std::string& what, const result<http_response>& got);
  void deliver();
  void give_up(failure why);
  github::errand errand(const char* deed) const;

  const finish_pull what_;
  caf::typed_response_promise<finished_pull> promise_;
  finished_pull reply_;
  std::string refused_; ///< why GitHub did not merge it
  int looks_ = 0;
  int tries_ = 0;         ///< of a write whose answer was lost
  int limits_ = 0;        ///< that refused what comes behind
  bool out_ = false;      ///< a write is on its way
  bool stopping_ = false; ///< nothing is begun any more
};

} // namespace pj
