#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace pj {

/// Waiting work in groups. Whoever was served least is next, by cost: a batch
/// of ten thousand leaves a single task its turn, and many small requests get
/// as much as few big ones. First in, first out within a group.
class fair_queue {
public:
  struct item {
    std::uint64_t id = 0;
    double cost = 1;
  };

  void push(std::uint64_t id, std::string_view name, double cost);

  /// Null when empty. Holds until the next change.
  const item* front() const;

  /// Takes the front out and charges its group.
  void pop();

  /// False when it is not waiting.
  bool remove(std::uint64_t id);

  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }

private:
  struct group {
    std::deque<item> items;
    double served = 0;
  };
  using groups = std::map<std::string, group, std::less<>>;

  groups::const_iterator next() const;
  void forget_idle();

  groups groups_;
  double floor_ = 0; ///< where newcomers start: what the last one served had
  std::size_t size_ = 0;
};

} // namespace pj
