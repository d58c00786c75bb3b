#pragma once
#include <chrono>
#include <optional>
#include <string_view>

namespace pj {

/// A whole number of seconds more than 0, with or without a unit: "90", "90s",
/// "15m", "1h". Nothing for other text and for more than `most`.
std::optional<std::chrono::seconds> read_duration(std::string_view text,
                                                  std::chrono::seconds most);

} // namespace pj
