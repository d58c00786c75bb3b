#include "apps/pj/batch/live_lines.hpp"

#include "core/policy/times.hpp"
#include "core/width.hpp"

#include <algorithm>
#include <cstdio>

namespace pj::batch {

using namespace std::chrono_literals;

namespace {

/// Columns of the stages' names, and of their bars at most.
constexpr std::size_t name_columns = 24;
constexpr std::size_t most_bar_columns = 40;

/// From here on a terminal has room for a line per stage.
constexpr std::size_t roomy_rows = 16;

/// Fewer ends or less time say nothing about the pace.
constexpr std::size_t least_ends = 3;
constexpr auto least_time = 3s;

std::string money(double usd) {
  char text[32];
  std::snprintf(text, sizeof text, "$%.2f", usd);
  return text;
}

std::string number(std::size_t n) {
  return std::to_string(n);
}

/// A bar of so many columns that is filled to a part, in eighths of a column
/// where the terminal has signs for them.
std::string filled(std::size_t part, std::size_t whole, std::size_t columns,
                   bool unicode) {
  constexpr std::array<const char*, 8> eighths = {"",  "▏", "▎", "▍",
                                                  "▌", "▋", "▊", "▉"};
  const auto fine = whole == 0 ? 0 : part * columns * 8 / whole;
  const auto eighth = std::max<std::size_t>(fine, part > 0 ? 1 : 0);
  std::string out;
  for (std::size_t i = 0; i < eighth / 8; ++i)
    out += unicode ? "█" : "#";
  if (unicode)
    return out + eighths[eighth % 8];
  return eighth % 8 >= 4 || out.empty() ? out + (part > 0 ? "#" : "") : out;
}

std::string padded(std::string text, std::size_t columns) {
  const auto width = display_width(text);
  return width < columns ? text + std::string(columns - width, ' ') : text;
}

/// How far, what it cost, how long.
terminal_line headline(const live_state& x, std::size_t columns, bool unicode) {
  const auto wide = std::min<std::size_t>(columns / 4, 20);
  const auto done = filled(x.ended, x.total, wide, unicode);
  std::string rest_of_bar;
  for (auto i = display_width(done); i < wide; ++i)
    rest_of_bar += unicode ? "░" : ".";
  terminal_line out = {
    {done, style::green},
    {rest_of_bar, style::dim},
    {' ' + number(x.ended) + '/' + number(x.total) + " tasks", style::bold}};
  if (x.failed > 0)
    out.push_back({", " + number(x.failed) + " failed", style::red});
  auto rest = ", " + money(x.spent);
  if (x.max_spent)
    rest += " of " + money(*x.max_spent);
  rest += ", " + shown_duration(x.elapsed);
  if (const auto left = time_left(x))
    rest += ", about " + shown_duration(*left) + " left";
  out.push_back({rest});
  return out;
}

/// Who holds the tasks of a stage back.
std::string limit_of(stage at, const live_state& x) {
  if (at == stage::ask)
    return "the model's limits";
  return "GitHub's pace" +
         (x.github_forecast.empty() ? "" : " (" + x.github_forecast + ')');
}

terminal_line stage_line(stage at, const live_state& x, std::size_t running,
                         std::size_t columns, bool unicode) {
  const auto& n = x.stages[static_cast<std::size_t>(at)];
  const auto digits = number(running).size();
  const auto rest = name_columns + 2 * digits + 6;
  const auto wide =
    std::min(columns > rest ? columns - rest : 0, most_bar_columns);
  auto count = number(n.tasks);
  count.insert(0, digits - count.size(), ' ');
  terminal_line out = {
    {"  " + padded(std::string(doing(at)), name_columns) + ' '},
    {padded(filled(n.tasks, running, wide, unicode), wide), style::cyan},
    {' ' + count},
    {'/' + number(running), style::dim}};
  if (n.held > 0)
    out.push_back(
      {"  " + number(n.held) + " wait for " + limit_of(at, x), style::yellow});
  return out;
}

std::string text_of(const live_state::one& x) {
  return x.name + " (" + std::string(x.held ? "waiting" : doing(x.at)) + ", " +
         shown_duration(x.since) + ')';
}

} // namespace

std::optional<std::chrono::milliseconds> time_left(const live_state& now) {
  if (now.ended_here < least_ends || now.elapsed < least_time ||
      now.ended >= now.total)
    return std::nullopt;
  const auto each = static_cast<double>(now.elapsed.count()) /
                    static_cast<double>(now.ended_here);
  return std::chrono::milliseconds(static_cast<std::int64_t>(
    each * static_cast<double>(now.total - now.ended)));
}

std::vector<terminal_line> live_lines(const live_state& now, terminal_size room,
                                      bool unicode) {
  std::vector<terminal_line> out = {headline(now, room.columns, unicode)};
  std::size_t running = 0;
  for (const auto& x : now.stages)
    running += x.tasks;
  // All of them where there is room, so that the lines keep their places.
  const bool roomy = room.rows >= roomy_rows;
  for (const auto at : all_stages)
    if ((roomy && at != stage::recall) ||
        now.stages[static_cast<std::size_t>(at)].tasks > 0)
      out.push_back(stage_line(at, now, running, room.columns, unicode));
  for (const auto& x : now.oldest)
    out.push_back({{"    " + text_of(x), style::dim}});
  return out;
}

} // namespace pj::batch
