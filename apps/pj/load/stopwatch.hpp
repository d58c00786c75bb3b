#pragma once
#include "actors/observer.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace pj::load {

/// Times that were measured, in milliseconds.
struct latencies {
  std::size_t count = 0;
  double p50 = 0;
  double p90 = 0;
  double p99 = 0;
  double most = 0;
};

/// Of no times: all zero. Percentiles are those of the nearest rank, exact.
latencies latencies_of(std::vector<double> milliseconds);

/// Measures how long tasks stay in each stage, and passes everything on.
/// Thread-safe.
class stopwatch final : public observer {
public:
  explicit stopwatch(std::shared_ptr<observer> next) : next_(std::move(next)) {}

  void stage(const std::string& task, pj::stage now,
             std::string_view what) override;
  void text(const std::string& task, std::string_view piece) override;
  void note(const std::string& task, log_kind kind,
            std::string_view line) override;
  void held(const std::string& task, bool now) override;

  /// The task's last stage is over.
  void ended(const std::string& task);

  /// By stage ("asking"), and whole tasks as "task".
  std::map<std::string, latencies> times() const;

  /// Tries that failed and were made again.
  std::size_t retries() const;

private:
  using clock = std::chrono::steady_clock;

  struct running {
    clock::time_point begun;
    clock::time_point since;
    std::string stage;
  };

  void took(const std::string& stage, clock::time_point since,
            clock::time_point now);

  const std::shared_ptr<observer> next_;
  mutable std::mutex mutex_;
  std::map<std::string, running> running_;
  std::map<std::string, std::vector<double>> times_;
  std::size_t retries_ = 0;
};

} // namespace pj::load
