#include "adapters/http/connection_pool.hpp"

#include "adapters/http/connection.hpp"

namespace pj {

std::shared_ptr<connection> connection_pool::take(const std::string& key) {
  const auto found = kept_.find(key);
  if (found == kept_.end())
    return nullptr;
  auto& list = found->second;
  std::shared_ptr<connection> taken;
  while (!list.empty() && !taken) {
    auto last = std::move(list.back().which);
    list.pop_back();
    --size_;
    if (last->is_idle())
      taken = std::move(last);
    else
      last->close();
  }
  if (list.empty())
    kept_.erase(found);
  return taken;
}

void connection_pool::keep(const std::string& key,
                           std::shared_ptr<connection> which,
                           clock::time_point now) {
  if (size_ >= limits_.max_all || limits_.max_per_key == 0)
    return which->close();
  auto& list = kept_[key];
  if (list.size() >= limits_.max_per_key)
    return which->close();
  which->rest();
  list.push_back({std::move(which), now + limits_.kept_for});
  ++size_;
}

void connection_pool::sweep(clock::time_point now) {
  for (auto at = kept_.begin(); at != kept_.end();) {
    auto& list = at->second;
    while (!list.empty() && list.front().until <= now) {
      list.front().which->close();
      list.pop_front();
      --size_;
    }
    at = list.empty() ? kept_.erase(at) : std::next(at);
  }
}

void connection_pool::close_all() {
  sweep(clock::time_point::max());
}

} // namespace pj
