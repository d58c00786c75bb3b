#pragma once
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <string>

namespace pj {

/// Lets a bounded number in at a time for each key, in the order they came.
/// Lives on one thread.
class turnstile {
public:
  /// Called when there is room; false: it is not wanted any more.
  using offer = std::function<bool()>;

  explicit turnstile(std::size_t at_once) : at_once_(at_once) {}

  /// True: is in at once. False: waits until `when_free` is called and taken.
  bool enter(const std::string& key, offer when_free);

  /// One that was in is not any more.
  void leave(const std::string& key);

private:
  struct line {
    std::size_t inside = 0;
    std::deque<offer> waiting;
  };

  std::size_t at_once_;
  std::map<std::string, line> lines_; ///< those with somebody inside
};

} // namespace pj
