#include "core/spec/cache_limits.hpp"

#include "core/spec/fields.hpp"

namespace pj {

namespace {

constexpr double bytes_of_gb = 1e9;
constexpr double most_gb = 1e6;
constexpr double most_days = 36'500;

using days = std::chrono::duration<double, std::chrono::days::period>;

} // namespace

result<cache_limits> read_cache_limits(const settings& from) {
  const cache_limits usual;
  fields in(from);
  const auto gb = in.number(
    "PJ_CACHE_MAX_GB", static_cast<double>(usual.max_bytes) / bytes_of_gb, 0,
    most_gb, "use gigabytes from 0 to 1000000, like 20 or 0.5");
  const auto age =
    in.number("PJ_CACHE_MAX_DAYS", days(usual.max_age).count(), 0, most_days,
              "use days from 0 to 36500, like 30 or 0.5");
  if (!in.problems().empty())
    return in.failed();
  return cache_limits{
    static_cast<std::uint64_t>(gb * bytes_of_gb),
    std::chrono::duration_cast<std::chrono::seconds>(days(age))};
}

} // namespace pj
