#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace pj {

/// "⠙ Asking the model... 12 s"; the sign, without `unicode` one of "|/-\\",
/// turns with the time. A text too long for the columns loses its end.
std::string spinner_line(std::string_view text,
                         std::chrono::milliseconds elapsed, bool unicode,
                         std::size_t columns);

/// "[#######             ] 350/1000 tasks, 12 s, 22 s left". `total` 0 shows no
/// bar and no estimate; the estimate takes the rate so far for the rest.
std::string bar_line(std::string_view unit, std::uint64_t count,
                     std::uint64_t total, std::chrono::milliseconds elapsed);

} // namespace pj
