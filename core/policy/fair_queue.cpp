#include "core/policy/fair_queue.hpp"

#include <algorithm>
#include <limits>

namespace pj {

void fair_queue::push(std::uint64_t id, std::string_view name, double cost) {
  auto at = groups_.find(name);
  if (at == groups_.end()) {
    at = groups_.emplace(name, group{}).first;
    at->second.served = floor_;
  }
  at->second.items.push_back({id, cost});
  ++size_;
}

fair_queue::groups::const_iterator fair_queue::next() const {
  auto best = groups_.end();
  for (auto at = groups_.begin(); at != groups_.end(); ++at)
    if (!at->second.items.empty() &&
        (best == groups_.end() || at->second.served < best->second.served))
      best = at;
  return best;
}

const fair_queue::item* fair_queue::front() const {
  return empty() ? nullptr : &next()->second.items.front();
}

void fair_queue::pop() {
  auto& chosen = groups_.find(next()->first)->second;
  floor_ = std::max(floor_, chosen.served);
  chosen.served += chosen.items.front().cost;
  chosen.items.pop_front();
  --size_;
  forget_idle();
}

bool fair_queue::remove(std::uint64_t id) {
  for (auto& [name, some] : groups_) {
    auto& items = some.items;
    const auto found = std::find_if(items.begin(), items.end(),
                                    [&](const item& i) { return i.id == id; });
    if (found == items.end())
      continue;
    items.erase(found);
    --size_;
    forget_idle();
    return true;
  }
  return false;
}

/// A group without work is remembered as long as it is ahead of the others,
/// so that coming back one by one wins nothing.
void fair_queue::forget_idle() {
  if (empty())
    floor_ = std::numeric_limits<double>::max();
  for (auto at = groups_.begin(); at != groups_.end();)
    if (at->second.items.empty() && at->second.served <= floor_)
      at = groups_.erase(at);
    else
      ++at;
  if (empty())
    floor_ = 0;
}

} // namespace pj
