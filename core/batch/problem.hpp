#pragma once
#include "core/failure.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pj::batch {

/// Where something was read.
struct place {
  std::string file; ///< as people named it; "-" is standard input
  int line = 0;     ///< from 1; 0: the file as a whole
  int column = 0;   ///< from 1, in bytes; 0: the line as a whole
};

/// "batch.yaml:3:14", "batch.yaml:3" or "batch.yaml".
std::string to_string(const place& at);

/// One thing that is wrong with what people wrote.
struct problem {
  place at;
  std::string key;  ///< e.g. "limits.timeout"; may be empty
  std::string what; ///< what is wrong and the cure, fit for one line
};

/// "batch.yaml:3:14: limits.timeout: …".
std::string to_string(const problem& what);

/// Collects everything that is wrong with a batch's files, so that people
/// mend all of it at once.
class problem_log {
public:
  static constexpr std::size_t most = 20; ///< kept; the rest is counted

  /// `what` may hold foreign text: it is made fit for one line.
  void add(place at, std::string_view key, std::string_view what);

  bool empty() const noexcept { return count_ == 0; }
  std::size_t count() const noexcept { return count_; }
  const std::vector<problem>& kept() const noexcept { return kept_; }

  /// A line each, in the order they were found, and how many were left out.
  std::vector<std::string> lines() const;

  /// All lines as one failure, code `configuration`.
  failure failed() const;

private:
  std::vector<problem> kept_;
  std::size_t count_ = 0;
};

} // namespace pj::batch
