#include "adapters/http/turnstile.hpp"

namespace pj {

bool turnstile::enter(const std::string& key, offer when_free) {
  auto& here = lines_[key];
  if (here.inside < at_once_) {
    ++here.inside;
    return true;
  }
  here.waiting.push_back(std::move(when_free));
  return false;
}

void turnstile::leave(const std::string& key) {
  const auto found = lines_.find(key);
  auto& waiting = found->second.waiting;
  while (!waiting.empty()) {
    const auto next = std::move(waiting.front());
    waiting.pop_front();
    if (next())
      return;
  }
  if (--found->second.inside == 0)
    lines_.erase(found);
}

} // namespace pj
