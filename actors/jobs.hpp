#pragma once
#include "adapters/executor.hpp"
#include "core/result.hpp"
#include "messages/error.hpp"
#include "messages/jobs.hpp"

#include <caf/typed_response_promise.hpp>

#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <utility>

namespace pj {

/// Hands an actor's blocking work to threads: at most `width` jobs at once, the
/// rest in line, one at a time per key. Belongs to one actor and is used only
/// from it. Whatever is pending when it goes is answered as worth a retry: the
/// service is being restarted.
class job_desk {
public:
  /// Called on worker threads; must hold the actor weakly.
  using poster = std::function<void(job_finished)>;

  job_desk(std::shared_ptr<executor> threads, std::size_t width, poster post);
  ~job_desk();
  job_desk(const job_desk&) = delete;
  job_desk& operator=(const job_desk&) = delete;

  /// Runs `work(stop_token) -> result<Reply>` for a task and answers `promise`
  /// with what it gives. An empty key excludes nothing.
  template <class Reply, class Work>
  void run(caf::typed_response_promise<Reply> promise, std::string task,
           std::string key, Work work) {
    job next;
    next.task = std::move(task);
    next.key = std::move(key);
    next.work = [work = std::move(work)](std::stop_token stop) {
      return std::static_pointer_cast<void>(
        std::make_shared<result<Reply>>(guarded<Reply>(work, stop)));
    };
    next.settle = [promise](result<void*> outcome) mutable {
      if (!outcome) {
        promise.deliver(make_error(outcome.error()));
        return;
      }
      auto& reply = *static_cast<result<Reply>*>(*outcome);
      if (reply)
        promise.deliver(std::move(*reply));
      else
        promise.deliver(make_error(reply.error()));
    };
    admit(std::move(next));
  }

  /// Answers a finished job's promise and starts what waited.
  void finish(const job_finished& x);

  /// Stops running jobs of a task and drops its waiting ones.
  void abandon(const std::string& task);

private:
  struct job {
    std::string task;
    std::string key;
    std::stop_source stop;
    std::function<std::shared_ptr<void>(std::stop_token)> work;
    std::function<void(result<void*>)> settle;
  };

  template <class Reply, class Work>
  static result<Reply> guarded(const Work& work, std::stop_token stop) {
    try {
      return work(stop);
    } catch (const std::exception& e) {
      return failure{failure_class::fail,
                     failure_code::internal,
                     std::string("unexpected: ") + e.what(),
                     {},
                     {}};
    }
  }

  void admit(job next);
  void start_waiting();
  void start(job next);

  std::shared_ptr<executor> threads_;
  std::size_t width_;
  poster post_;
  std::uint64_t last_id_ = 0;
  std::deque<job> waiting_;
  std::map<std::uint64_t, job> running_;
  std::set<std::string> busy_keys_;
};

} // namespace pj
