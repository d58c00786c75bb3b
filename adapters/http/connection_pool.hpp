#pragma once
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>

namespace pj {

class connection;

/// Open connections nobody uses now. Lives on the I/O thread.
class connection_pool {
public:
  using clock = std::chrono::steady_clock;

  struct settings {
    std::size_t max_all = 0;
    std::size_t max_per_key = 0;
    std::chrono::milliseconds kept_for{0};
  };

  explicit connection_pool(settings limits) : limits_(limits) {}

  /// The one used last that is still open, or null.
  std::shared_ptr<connection> take(const std::string& key);

  /// Closes it when there are too many.
  void keep(const std::string& key, std::shared_ptr<connection> which,
            clock::time_point now);

  /// Closes what was kept too long.
  void sweep(clock::time_point now);

  void close_all();
  bool empty() const { return size_ == 0; }

private:
  struct kept {
    std::shared_ptr<connection> which;
    clock::time_point until;
  };

  settings limits_;
  std::map<std::string, std::deque<kept>> kept_; ///< oldest first
  std::size_t size_ = 0;
};

} // namespace pj
