#include "apps/pj/random_numbers.hpp"

#include <memory>
#include <mutex>
#include <random>

namespace pj {

random_source make_random() {
  struct generator {
    std::mutex mutex;
    std::mt19937_64 bits{std::random_device{}()};
  };
  return [g = std::make_shared<generator>()] {
    const std::lock_guard lock(g->mutex);
    return std::uniform_real_distribution<double>(0, 1)(g->bits);
  };
}

} // namespace pj
