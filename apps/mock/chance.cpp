#include "apps/mock/chance.hpp"

#include <algorithm>
#include <cmath>

namespace pj::doubles {

double spread::draw(chance& from) const {
  switch (shape) {
  case form::uniform:
    return a + (b - a) * from.unit();
  case form::lognormal:
    return a * std::exp(b * from.normal());
  case form::fixed:
    break;
  }
  return a;
}

std::chrono::milliseconds milliseconds_of(double count) {
  constexpr double day = 24.0 * 3600 * 1000;
  return std::chrono::milliseconds{
    static_cast<std::int64_t>(std::clamp(count, 0.0, day))};
}

} // namespace pj::doubles
