#pragma once
#include "apps/pj/load/imposter.hpp"
#include "apps/pj/load/stopwatch.hpp"

#include <map>
#include <string>
#include <vector>

namespace pj::load {

/// A load test, measured.
struct measured {
  std::string profile;
  std::uint64_t seed = 0;
  unsigned tasks = 0;
  unsigned at_once = 0;
  unsigned repositories = 0;
  std::size_t succeeded = 0;
  std::size_t failed = 0;
  std::size_t answers = 0; ///< that tasks say they paid for
  double wall_seconds = 0;
  double cpu_seconds = 0; ///< of this process, without the doubles
  double peak_mb = 0;     ///< resident memory
  double peak_mb_before = 0;
  std::size_t retries = 0;
  std::map<std::string, latencies> times;
  counted there;
};

/// What the engine promises, held against what reached the doubles.
struct promise {
  std::string what;
  std::size_t expected = 0;
  std::size_t got = 0;
};

std::vector<promise> promises_of(const measured& x);

/// All of them.
bool held(const std::vector<promise>& all);

/// For people, and for machines in one line.
std::string to_text(const measured& x);
std::string to_json(const measured& x);

} // namespace pj::load
