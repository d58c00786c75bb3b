#pragma once
#include "actors/github_desk.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace pj {

struct github_config {
  std::shared_ptr<token_source> tokens;    ///< null: nothing can be asked for
  std::string token_name = "GITHUB_TOKEN"; ///< how people know the token
  std::function<std::int64_t()> unix_now;  ///< wall clock, seconds
  github_pace pace = github_pace::none();
};

/// There is nobody to ask as; `so` says what follows.
inline failure no_token(const std::string& so) {
  return {failure_class::fail,
          failure_code::github,
          "GITHUB_TOKEN is not set, so " + so,
          {},
          {}};
}

/// One request of a task, walked step by step; one exchange at a time.
class github_job {
public:
  struct tools {
    github_actor::pointer self;
    github_desk& desk;
    const github_config& config;
    std::uint64_t id = 0; ///< of this job, for its timers
  };

  github_job(tools with, std::string task, hold_listener held)
    : with_(with), task_(std::move(task)), held_(std::move(held)) {}
  virtual ~github_job() { with_.desk.drop(exchange_); }
  github_job(const github_job&) = delete;
  github_job& operator=(const github_job&) = delete;

  virtual void start() = 0;

  /// A timer of this job; `late`: the job's time is up.
  virtual void woken(bool late) = 0;

  /// Answers the promise; nothing follows.
  virtual void fail(failure why) = 0;

  /// Writes still to come, at most; 0 for what is not a pull request.
  virtual std::size_t writes_left() const { return 0; }

  const std::string& task() const { return task_; }
  bool is_over() const { return over_; }

protected:
  void ask(http_request request, github_desk::listener then,
           bool first = false) {
    exchange_ = with_.desk.ask(std::move(request), std::move(then), first,
                               [this](bool now) { hold(now); });
  }

  /// The pace holds a write of this job back, or lets it go.
  virtual void hold(bool now) {
    if (held_)
      held_(now);
  }

  void wake_after(std::chrono::milliseconds time, bool late = false) {
    with_.self->delayed_send(with_.self, time, github_timer{with_.id, late});
  }

  /// The failure in an answer that is not what it should be.
  failure why_not(github::errand what, const result<http_response>& got) {
    if (!got)
      return got.error();
    what.token = with_.config.token_name;
    what.limits_in_a_row = with_.desk.limits_in_a_row();
    return github::classify(what, *got, with_.config.unix_now());
  }

  /// What a failure means for everybody who writes.
  failure heeded(failure why) {
    if (why.retry_after.count() > 0)
      with_.desk.pause(why);
    return with_.desk.hidden(std::move(why));
  }

  void end() { over_ = true; }

  tools with_;

private:
  std::string task_;
  hold_listener held_;
  std::uint64_t exchange_ = 0;
  bool over_ = false;
};

} // namespace pj
