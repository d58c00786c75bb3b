#include "core/spec/duration.hpp"

#include <charconv>
#include <cstdint>

namespace pj {

std::optional<std::chrono::seconds> read_duration(std::string_view text,
                                                  std::chrono::seconds most) {
  std::int64_t number = 0;
  const auto [end, error] =
    std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(
    end, static_cast<std::size_t>(text.data() + text.size() - end));
  const std::int64_t factor = unit.empty() || unit == "s" ? 1
                              : unit == "m"               ? 60
                              : unit == "h"               ? 3600
                                                          : 0;
  if (error != std::errc{} || factor == 0 || number <= 0 ||
      number > most.count() / factor)
    return std::nullopt;
  return std::chrono::seconds{number * factor};
}

} // namespace pj
