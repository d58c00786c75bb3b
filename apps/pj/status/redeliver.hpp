#pragma once
#include "apps/pj/status/deliveries.hpp"

#include <string>
#include <vector>

namespace pj {

/// Where events go, as the settings have it.
struct receiver {
  std::string url;
  std::string secret; ///< empty: unsigned
};

/// What to send once more.
struct redelivery {
  std::vector<std::string> ids;
  bool all = false; ///< every event that was not delivered
};

/// How it went; one line each for people.
struct redelivered {
  std::size_t delivered = 0;
  std::vector<std::string> problems;
};

/// The chosen events of `known`. A failure (code `configuration`) names an id
/// that no journal has.
result<deliveries> choose(const deliveries& known, const redelivery& what);

/// Sends chosen events again, with the ids they always had, each task's in
/// order and together with what else waits in its journal. Tries a lost
/// receiver for at most a minute; what is still not delivered then waits in
/// its journal. Journals of running tasks are left alone.
redelivered redeliver(const deliveries& chosen, const receiver& to);

} // namespace pj
