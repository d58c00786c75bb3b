#include "apps/pj/load/stopwatch.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <cmath>

namespace pj::load {

latencies latencies_of(std::vector<double> ms) {
  latencies out;
  out.count = ms.size();
  if (ms.empty())
    return out;
  std::sort(ms.begin(), ms.end());
  auto at = [&ms](double share) {
    const auto rank = std::ceil(share * static_cast<double>(ms.size()));
    return ms[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
  };
  out.p50 = at(0.5);
  out.p90 = at(0.9);
  out.p99 = at(0.99);
  out.most = ms.back();
  return out;
}

void stopwatch::stage(const std::string& task, pj::stage which,
                      std::string_view what) {
  next_->stage(task, which, what);
  const auto now = clock::now();
  const std::lock_guard lock(mutex_);
  const auto [at, fresh] = running_.try_emplace(task, running{now, now, {}});
  if (!fresh)
    took(at->second.stage, at->second.since, now);
  at->second.stage = lowered(what.substr(0, what.find(' ')));
  at->second.since = now;
}

void stopwatch::text(const std::string& task, std::string_view piece) {
  next_->text(task, piece);
}

void stopwatch::held(const std::string& task, bool now) {
  next_->held(task, now);
}

void stopwatch::note(const std::string& task, log_kind kind,
                     std::string_view line) {
  next_->note(task, kind, line);
  if (kind != log_kind::retry)
    return;
  const std::lock_guard lock(mutex_);
  ++retries_;
}

void stopwatch::ended(const std::string& task) {
  const auto now = clock::now();
  const std::lock_guard lock(mutex_);
  const auto at = running_.find(task);
  if (at == running_.end())
    return;
  took(at->second.stage, at->second.since, now);
  took("task", at->second.begun, now);
  running_.erase(at);
}

void stopwatch::took(const std::string& stage, clock::time_point since,
                     clock::time_point now) {
  times_[stage].push_back(
    std::chrono::duration<double, std::milli>(now - since).count());
}

std::map<std::string, latencies> stopwatch::times() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, latencies> out;
  for (const auto& [stage, ms] : times_)
    out[stage] = latencies_of(ms);
  return out;
}

std::size_t stopwatch::retries() const {
  const std::lock_guard lock(mutex_);
  return retries_;
}

} // namespace pj::load
