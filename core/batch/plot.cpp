#include "core/batch/plot.hpp"

#include "core/batch/report_parts.hpp"
#include "core/html.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace pj::batch {

using std::chrono::milliseconds;

namespace {

// Pixels.
constexpr std::size_t named_pitch = 30; ///< a bar with its task's name above
constexpr std::size_t plain_pitch = 8;
constexpr std::size_t axis_height = 24;
constexpr std::size_t areas_height = 220;
constexpr std::size_t ends_height = 64;
constexpr std::size_t gap = 30; ///< between the two panels, with a heading

/// So many bars have room for names.
constexpr std::size_t most_named_bars = 20;

/// Parts of the time in the plot of many.
constexpr std::size_t parts = 240;

std::string number(std::size_t n) {
  return std::to_string(n);
}

/// A part of the whole in per cent, with two digits.
std::string share(double part, double whole) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f%%",
                whole > 0 ? 100 * part / whole : 0.0);
  return text;
}

std::string share(milliseconds part, milliseconds whole) {
  return share(static_cast<double>(part.count()),
               static_cast<double>(whole.count()));
}

std::string vertical(const char* kind, const std::string& x,
                     std::size_t height) {
  return std::string("<line class=\"") + kind + "\" x1=\"" + x + "\" x2=\"" +
         x + "\" y1=\"0\" y2=\"" + number(height) + "\"/>";
}

std::string level(std::size_t y) {
  const auto at = number(y);
  return "<line class=\"grid\" x2=\"100%\" y1=\"" + at + "\" y2=\"" + at +
         "\"/>";
}

std::string words(const char* kind, const std::string& x, std::size_t y,
                  const std::string& text) {
  return std::string("<text class=\"") + kind + "\" x=\"" + x + "\" y=\"" +
         number(y) + "\">" + text + "</text>";
}

/// Marks with their times below, and where runs began anew.
std::string axis(const timeline& when, std::size_t height) {
  std::string out;
  for (const auto at : axis_marks(when.length())) {
    const auto x = share(at, when.length());
    out += vertical("grid", x, height);
    out += words(at.count() == 0 ? "first" : "time", x, height + 17,
                 at.count() == 0 ? "0" : shown_duration(at));
  }
  for (const auto at : when.breaks())
    out += vertical("break", share(at, when.length()), height);
  return out + "\n";
}

std::string opened(std::size_t height, const std::string& label) {
  return "<svg class=\"plot\" width=\"100%\" height=\"" + number(height) +
         "\" role=\"img\" aria-label=\"" + label + "\">\n";
}

std::string bar(const task_course& course, const timeline& when, std::size_t y,
                std::size_t thick) {
  std::string out;
  for (const auto& x : course.stretches)
    out += "<rect class=\"k" + number(plot_kind(x)) + "\" x=\"" +
           share(x.from, when.length()) + "\" y=\"" + number(y) +
           "\" width=\"" + share(x.to - x.from, when.length()) +
           "\" height=\"" + number(thick) + "\"/>";
  if (course.ended)
    out += "<circle class=\"" + html(course.end) + "\" cx=\"" +
           share(*course.ended, when.length()) + "\" cy=\"" +
           number(y + thick / 2) + "\" r=\"" + number(thick / 2) + "\"/>";
  return out;
}

std::string bars(const timeline& when, const std::vector<plotted_task>& tasks) {
  const bool named = tasks.size() <= most_named_bars;
  const auto pitch = named ? named_pitch : plain_pitch;
  const auto height = tasks.size() * pitch + 6;
  auto out = opened(height + axis_height,
                    "A bar per task over the time, coloured by stage") +
             axis(when, height);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const auto name = html(tasks[i].name);
    out += "<g><title>" + name + "</title>";
    if (named)
      out += words("name", "0", i * pitch + 14, name);
    out +=
      bar(*tasks[i].course, when, i * pitch + (named ? 19 : 3), named ? 9 : 5) +
      "</g>\n";
  }
  return out + "</svg>\n";
}

/// A round number that is no less, and little more.
double round_up(double x) {
  if (x <= 10)
    return std::ceil(x);
  double ten = 1;
  while (ten * 10 < x)
    ten *= 10;
  for (const double step : {1.2, 1.6, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0})
    if (step * ten >= x)
      return step * ten;
  return 10 * ten;
}

/// Layers on each other, in a frame of `parts` by 1,000 that is stretched.
class stack {
public:
  stack(std::size_t points, double most) : below_(points, 0.0), most_(most) {}

  std::string layer(const std::string& kind, const std::vector<double>& more) {
    if (std::all_of(more.begin(), more.end(), [](double x) { return x == 0; }))
      return {};
    std::string path;
    for (std::size_t i = 0; i < below_.size(); ++i)
      path += (path.empty() ? "M" : "L") + point(i, below_[i] + more[i]);
    for (std::size_t i = below_.size(); i-- > 0;) {
      path += "L" + point(i, below_[i]);
      below_[i] += more[i];
    }
    return "<path class=\"" + kind + "\" d=\"" + path + "Z\"/>\n";
  }

private:
  std::string point(std::size_t i, double y) const {
    const auto part = std::min(y / most_, 1.0);
    return number(i) + ' ' + std::to_string(1'000 - std::lround(part * 1'000));
  }

  std::vector<double> below_;
  double most_;
};

std::string frame(std::size_t y, std::size_t height, std::size_t points,
                  const std::string& layers) {
  return "<svg y=\"" + number(y) + "\" width=\"100%\" height=\"" +
         number(height) + "\" viewBox=\"0 0 " + number(points - 1) +
         " 1000\" preserveAspectRatio=\"none\">\n" + layers + "</svg>\n";
}

std::string areas(const timeline& when, double& most) {
  const auto n = tasks_over_time(when, parts);
  for (const auto& part : n) {
    double sum = 0;
    for (const auto x : part)
      sum += x;
    most = std::max(most, sum);
  }
  most = round_up(std::max(most, 1.0));
  stack layers(parts, most);
  std::string out;
  for (std::size_t kind = plot_kinds; kind-- > 0;) {
    std::vector<double> line;
    for (const auto& part : n)
      line.push_back(part[kind]);
    out += layers.layer("k" + number(kind), line);
  }
  return out;
}

/// How many had ended by each point, of one state.
std::vector<double> ended_over_time(const timeline& when,
                                    std::string_view state) {
  std::vector<double> out(parts, 0.0);
  for (const auto& [id, course] : when.tasks()) {
    if (!course.ended || course.end != state)
      continue;
    const auto at = static_cast<double>(course.ended->count()) /
                    static_cast<double>(when.length().count()) * (parts - 1);
    out[static_cast<std::size_t>(std::ceil(at))] += 1;
  }
  for (std::size_t i = 1; i < parts; ++i)
    out[i] += out[i - 1];
  return out;
}

std::string ends(const timeline& when, std::size_t tasks) {
  stack layers(parts, static_cast<double>(tasks));
  std::string out;
  for (const char* state : {"succeeded", "failed", "cancelled"})
    out += layers.layer(state, ended_over_time(when, state));
  return out;
}

std::string crowd(const timeline& when, std::size_t tasks) {
  const auto lower = areas_height + gap;
  const auto height = lower + ends_height;
  double most = 0;
  const auto running = areas(when, most);
  auto out = opened(height + axis_height,
                    "How many tasks were in each stage over the time, and how "
                    "many had ended") +
             axis(when, height) + frame(0, areas_height, parts, running) +
             frame(lower, ends_height, parts, ends(when, tasks));
  out += level(0) + level(areas_height) + level(lower) + level(height);
  out += words("name", "0", 14,
               grouped(static_cast<std::size_t>(most)) + " tasks at work");
  out += words("name", "0", lower + 14, grouped(tasks) + " tasks ended");
  return out + "\n</svg>\n";
}

} // namespace

std::size_t plot_kind(const stretch& x) {
  return x.held ? plot_kinds - 1 : static_cast<std::size_t>(x.at);
}

std::vector<milliseconds> axis_marks(milliseconds length) {
  using namespace std::chrono_literals;
  constexpr std::array<milliseconds, 22> steps = {
    100ms, 200ms, 500ms, 1s,    2s, 5s, 10s, 15s, 30s, 1min,    2min,
    5min,  10min, 15min, 30min, 1h, 2h, 6h,  12h, 24h, 7 * 24h, 30 * 24h};
  auto step = steps.back();
  for (const auto x : steps)
    if (length <= 6 * x) {
      step = x;
      break;
    }
  std::vector<milliseconds> out;
  for (milliseconds at{0}; at <= length && out.size() < 8; at += step)
    out.push_back(at);
  return out;
}

std::string timeline_svg(const timeline& when,
                         const std::vector<plotted_task>& tasks) {
  if (tasks.empty() || when.length().count() == 0)
    return {};
  return tasks.size() <= most_bars ? bars(when, tasks)
                                   : crowd(when, tasks.size());
}

std::vector<std::array<double, plot_kinds>>
tasks_over_time(const timeline& when, std::size_t parts_wanted) {
  std::vector<std::array<double, plot_kinds>> out(parts_wanted);
  const auto whole = static_cast<double>(when.length().count());
  if (whole == 0)
    return out;
  const auto scale = static_cast<double>(parts_wanted) / whole;
  for (const auto& [id, course] : when.tasks())
    for (const auto& x : course.stretches) {
      const auto from = static_cast<double>(x.from.count()) * scale;
      const auto to = static_cast<double>(x.to.count()) * scale;
      for (auto i = static_cast<std::size_t>(from);
           i < parts_wanted && static_cast<double>(i) < to; ++i) {
        const auto n = static_cast<double>(i);
        out[i][plot_kind(x)] += std::min(to, n + 1) - std::max(from, n);
      }
    }
  return out;
}

} // namespace pj::batch
