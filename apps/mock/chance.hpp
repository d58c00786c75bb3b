#pragma once
#include <chrono>
#include <cstdint>
#include <random>

namespace pj::doubles {

/// Everything random: the same seed gives the same run.
class chance {
public:
  explicit chance(std::uint64_t seed) : engine_(seed) {}

  /// In [0, 1).
  double unit() { return std::uniform_real_distribution<>{}(engine_); }

  /// In [0, bound); `bound` > 0.
  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }

  /// Mean 0, deviation 1.
  double normal() { return std::normal_distribution<>{}(engine_); }

private:
  std::mt19937_64 engine_;
};

/// A distribution of non-negative numbers.
struct spread {
  enum class form : std::uint8_t {
    fixed,     ///< always `a`
    uniform,   ///< between `a` and `b`
    lognormal, ///< median `a`, deviation `b` of the logarithm
  };

  form shape = form::fixed;
  double a = 0;
  double b = 0;

  double draw(chance& from) const;
  bool is_zero() const { return shape == form::fixed && a == 0; }
};

/// A number of milliseconds, at most one day.
std::chrono::milliseconds milliseconds_of(double count);

} // namespace pj::doubles
