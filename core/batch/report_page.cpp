#include "core/batch/report_page.hpp"

#include "core/base64.hpp"
#include "core/batch/report_parts.hpp"
#include "core/html.hpp"
#include "core/policy/times.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace pj::embedded {
extern const std::string_view report_style;  ///< core/batch/report.css
extern const std::string_view report_script; ///< core/batch/report.js
} // namespace pj::embedded

namespace pj::batch {

using std::chrono::milliseconds;

namespace {

/// Of the tasks of one cause, this many are linked.
constexpr std::size_t most_linked = 200;

std::string money(double usd) {
  char text[32];
  std::snprintf(text, sizeof text, "$%.2f", usd);
  return text;
}

/// A bar of the states, as wide as the page.
std::string proportions(const std::vector<state_count>& states,
                        std::size_t total) {
  std::string out = "<svg class=\"bar\" width=\"100%\" height=\"12\" "
                    "aria-hidden=\"true\">";
  double at = 0;
  for (const auto& x : states) {
    const auto wide =
      100 * static_cast<double>(x.n) / static_cast<double>(total);
    char text[160];
    std::snprintf(text, sizeof text,
                  "<rect class=\"%s\" x=\"%.3f%%\" width=\"%.3f%%\" "
                  "height=\"12\"/>",
                  std::string(to_string(x.at)).c_str(), at, wide);
    out += text;
    at += wide;
  }
  return out + "</svg>\n";
}

std::string tile(const std::string& kind, const std::string& name,
                 const std::string& value, const std::string& more = {}) {
  return "<div class=\"tile " + kind + "\"><dt>" + name + "</dt><dd>" + value +
         (more.empty() ? "" : "<small>" + more + "</small>") + "</dd></div>\n";
}

std::string spend(const report& of, const counts& n) {
  std::string more;
  if (of.max_cost)
    more = "of " + money(*of.max_cost);
  if (n.cost_unknown)
    more +=
      std::string(more.empty() ? "" : ", ") + "without models of unknown price";
  return tile("", "Spend", money(n.cost_usd), more);
}

std::uint64_t tokens_of(const summary& all) {
  std::uint64_t out = 0;
  for (const auto& t : all.tasks)
    if (t.outcome)
      out += t.outcome->tokens.input_tokens + t.outcome->tokens.output_tokens;
  return out;
}

/// Sources of a policy that lets in what it is the digest of.
std::string source(std::string_view text,
                   const std::function<std::string(std::string_view)>& digest) {
  return "'sha256-" + to_base64(digest(text)) + "'";
}

std::string took(std::vector<milliseconds> times) {
  std::sort(times.begin(), times.end());
  const auto at = [&](double part) {
    const auto rank = std::ceil(part * static_cast<double>(times.size()));
    return shown_duration(times[static_cast<std::size_t>(rank) - 1]);
  };
  milliseconds sum{0};
  for (const auto x : times)
    sum += x;
  return "<td>" + grouped(times.size()) + "</td><td>" + at(0.5) + "</td><td>" +
         at(0.95) + "</td><td>" + shown_duration(sum) + "</td>";
}

/// The key to the plot's colours, with how long tasks stayed in each.
std::string stage_table(const timeline& when) {
  std::array<std::vector<milliseconds>, plot_kinds> times;
  for (const auto& [id, course] : when.tasks()) {
    std::array<milliseconds, plot_kinds> sums{};
    for (const auto& x : course.stretches)
      sums[plot_kind(x)] += x.to - x.from;
    for (std::size_t i = 0; i < plot_kinds; ++i)
      if (sums[i].count() > 0)
        times[i].push_back(sums[i]);
  }
  std::string out =
    "<div class=\"wide\" tabindex=\"0\" role=\"region\" "
    "aria-label=\"Time by stage\"><table class=\"stages\"><thead><tr>"
    "<th scope=\"col\">Stage</th><th scope=\"col\">Tasks</th>"
    "<th scope=\"col\">Median</th><th scope=\"col\">95 %</th>"
    "<th scope=\"col\">Sum</th></tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < plot_kinds; ++i)
    if (!times[i].empty())
      out += "<tr><th scope=\"row\"><svg class=\"key\" width=\"12\" "
             "height=\"12\" aria-hidden=\"true\"><rect class=\"k" +
             std::to_string(i) +
             "\" width=\"12\" height=\"12\" rx=\"3\"/></svg>" +
             (i < all_stages.size() ? std::string(doing(all_stages[i]))
                                    : "waiting for limits") +
             "</th>" + took(std::move(times[i])) + "</tr>\n";
  return out + "</tbody></table></div>\n";
}

} // namespace

std::vector<state_count> states_of(const summary& of) {
  const auto n = count(of);
  const state_count all[] = {
    {standing::succeeded, n.succeeded}, {standing::planned, n.planned},
    {standing::failed, n.failed},       {standing::cancelled, n.cancelled},
    {standing::running, n.running},     {standing::waiting, n.waiting}};
  std::vector<state_count> out;
  std::copy_if(std::begin(all), std::end(all), std::back_inserter(out),
               [](const state_count& x) { return x.n > 0; });
  return out;
}

std::string grouped(std::uint64_t n) {
  auto out = std::to_string(n);
  for (auto at = out.size(); at > 3; at -= 3)
    out.insert(at - 3, 1, ',');
  return out;
}

std::string report_head(const report& of) {
  const auto n = count(of.what);
  const auto states = states_of(of.what);
  auto out = "<header>\n<p class=\"kind\">Batch</p>\n<h1>" +
             html(of.what.name) + "</h1>\n";
  if (!of.what.stopped.empty())
    out +=
      "<p class=\"stopped\">Stopped early: " + html(of.what.stopped) + "</p>\n";
  out += proportions(states, n.total) + "<dl class=\"tiles\">\n" +
         tile("", n.total == 1 ? "Task" : "Tasks", grouped(n.total));
  for (const auto& x : states)
    out += tile(std::string(to_string(x.at)), std::string(to_string(x.at)),
                grouped(x.n));
  out += spend(of, n) + tile("", "Tokens", grouped(tokens_of(of.what)));
  if (const auto begun = of.when.begun())
    out += tile("", "Time", shown_duration(of.when.length()),
                "from " + to_rfc3339(*begun).substr(0, 10) + ' ' +
                  to_rfc3339(*begun).substr(11, 5) + " UTC");
  return out + "</dl>\n</header>\n";
}

std::string report_causes(const report& of) {
  const auto causes = causes_of(of.what);
  if (causes.empty())
    return {};
  std::string out = "<section aria-labelledby=\"causes\">\n<h2 id=\"causes\">"
                    "What went wrong</h2>\n<ul class=\"causes\">\n";
  for (const auto& c : causes) {
    out += "<li><details><summary><b>" + grouped(c.tasks.size()) +
           " ×</b> <span>" + html(c.what) + "</span></summary><p>";
    for (std::size_t i = 0; i < std::min(c.tasks.size(), most_linked); ++i)
      out += "<a href=\"#" + task_anchor(c.tasks[i]->task) + "\">" +
             html(c.tasks[i]->repository) + "</a> ";
    if (c.tasks.size() > most_linked)
      out += "and " + grouped(c.tasks.size() - most_linked) + " more";
    out += "</p></details></li>\n";
  }
  return out + "</ul>\n</section>\n";
}

std::string report_timeline(const report& of) {
  std::vector<plotted_task> tasks;
  for (const auto& t : of.what.tasks)
    if (const auto at = of.when.tasks().find(t.task);
        at != of.when.tasks().end())
      tasks.push_back({t.repository, &at->second});
  const auto plot = timeline_svg(of.when, tasks);
  if (plot.empty())
    return {};
  std::string out = "<section aria-labelledby=\"time\">\n<h2 id=\"time\">"
                    "Timeline</h2>\n<figure>\n" +
                    plot;
  if (!of.when.breaks().empty())
    out += "<figcaption>Dashed lines: the batch stopped there and was gone on "
           "with; the time between is left out.</figcaption>\n";
  return out + "</figure>\n" + stage_table(of.when) + "</section>\n";
}

std::string
report_page(const report& of,
            const std::function<std::string(std::string_view)>& digest) {
  const std::string style(embedded::report_style);
  const std::string script(embedded::report_script);
  auto out = "<!doctype html>\n<html lang=\"en\">\n<head>\n"
             "<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\""
             "default-src 'none'; style-src " +
             source(style, digest) + "; script-src " + source(script, digest) +
             "; base-uri 'none'; form-action 'none'\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, "
             "initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n"
             "<meta name=\"referrer\" content=\"no-referrer\">\n<title>" +
             html(of.what.name) + " – batch report</title>\n<style>" + style +
             "</style>\n</head>\n<body>\n"
             "<a class=\"skip\" href=\"#tasks\">To the tasks</a>\n";
  out += report_head(of) + "<main>\n" + report_causes(of) +
         report_timeline(of) + report_tasks(of) + "</main>\n<footer>" +
         html(of.made) + "</footer>\n<script>" + script +
         "</script>\n</body>\n</html>\n";
  return out;
}

} // namespace pj::batch
