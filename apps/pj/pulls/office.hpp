#pragma once
#include "core/result.hpp"
#include "core/spec/task_spec.hpp"
#include "messages/github.hpp"

#include <memory>
#include <string>
#include <vector>

namespace pj {

/// GitHub for what carries no task: the `github` service alone, with its pace,
/// limits and tokens. Calls block; what may succeed later is tried again.
/// Thread-safe.
class github_office {
public:
  /// `api`: without trailing '/'. Throws `std::runtime_error` with one line
  /// when a GitHub App's key cannot be used.
  github_office(const task_secrets& secrets, const std::string& api);
  ~github_office();

  github_office(const github_office&) = delete;
  github_office& operator=(const github_office&) = delete;

  /// How they are now, in the same order; several at once. `twice`: where
  /// GitHub has yet to work out whether they can be merged.
  std::vector<result<seen_pull>> look(const std::vector<github::pull_place>& at,
                                      bool twice = false);

  result<finished_pull> finish(finish_pull what);

  /// How long so many pull requests take, with so many writes each.
  pulls_forecast forecast(std::size_t pulls, std::size_t writes_each);

  /// Nothing is begun any more: calls end with class `cancelled` unless their
  /// write is on its way.
  void stop();

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace pj
