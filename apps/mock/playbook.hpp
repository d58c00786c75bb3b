#pragma once
#include "adapters/http/server.hpp"
#include "apps/mock/script.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pj::doubles {

/// Plays a script: which rule is next, and every throw of the dice.
/// Thread-safe.
class playbook {
public:
  playbook(script what, std::uint64_t seed);

  /// What goes wrong with this request, if anything. Counts.
  std::optional<fault> trouble(std::string_view face,
                               const server_request& request);

  /// How long a new connection to this face waits. Counts.
  std::chrono::milliseconds accept_delay(std::string_view face);

  /// The first answer whose words are in the task and that is not used up.
  std::optional<answer> reply(std::string_view task, std::string_view model);

  void add(fault rule);
  void add(answer rule);

  std::chrono::milliseconds latency();
  double tokens_per_second();
  std::uint64_t padding();
  std::uint64_t below(std::uint64_t bound);

  /// Where a repository lives now; empty: it never moved.
  std::string moved(const std::string& repository) const;
  bool knows_model(std::string_view name) const;
  const std::vector<std::string>& models() const { return script_.models; }

private:
  template <class Rule>
  bool happens(Rule& rule);

  mutable std::mutex mutex_;
  script script_;
  chance dice_;
};

} // namespace pj::doubles
