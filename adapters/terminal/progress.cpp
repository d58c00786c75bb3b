#include "adapters/terminal/progress.hpp"

#include "core/policy/times.hpp"
#include "core/width.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace pj {

namespace {

using std::chrono::milliseconds;

constexpr std::array<std::string_view, 10> frames = {"⠋", "⠙", "⠹", "⠸", "⠼",
                                                     "⠴", "⠦", "⠧", "⠇", "⠏"};
constexpr std::string_view ascii_frames = "|/-\\";
constexpr milliseconds frame_time{100};
constexpr std::uint64_t bar_columns = 20;

} // namespace

std::string spinner_line(std::string_view text, milliseconds elapsed,
                         bool unicode, std::size_t columns) {
  const auto turn = static_cast<std::size_t>(elapsed / frame_time);
  std::string out(unicode ? frames[turn % frames.size()]
                          : ascii_frames.substr(turn % 4, 1));
  const auto time = ' ' + shown_duration(elapsed);
  const auto rest = 2 + time.size();
  return out.append(" ")
    .append(fitting(text, columns - std::min(columns, rest)))
    .append(time);
}

std::string bar_line(std::string_view unit, std::uint64_t count,
                     std::uint64_t total, milliseconds elapsed) {
  const auto counted = std::to_string(count);
  if (total == 0)
    return counted + ' ' + std::string(unit) + ", " + shown_duration(elapsed);
  const auto part = std::min(count, total);
  const auto filled = static_cast<std::size_t>(
    static_cast<double>(part) / static_cast<double>(total) * bar_columns);
  auto out = '[' + std::string(filled, '#') +
             std::string(bar_columns - filled, ' ') + "] " + counted + '/' +
             std::to_string(total) + ' ' + std::string(unit) + ", " +
             shown_duration(elapsed);
  if (part == 0 || part == total)
    return out;
  const auto left = static_cast<double>(elapsed.count()) /
                    static_cast<double>(part) *
                    static_cast<double>(total - part);
  return out + ", " +
         shown_duration(milliseconds(static_cast<std::int64_t>(left))) +
         " left";
}

} // namespace pj
