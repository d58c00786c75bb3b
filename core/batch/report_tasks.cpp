#include "core/batch/report_parts.hpp"

#include "core/html.hpp"
#include "core/policy/times.hpp"
#include "core/task/text.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace pj::batch {

namespace {

/// Of one diff, and of all of them together; bytes before they are HTML.
constexpr std::size_t longest_diff = 64u << 10;
constexpr std::size_t all_diffs = 24u << 20;

/// Of one task's details and lists.
constexpr std::size_t longest_details = 8u << 10;
constexpr std::size_t most_lines = 50;

const char* sign_of(standing at) {
  switch (at) {
  case standing::succeeded:
    return "✓";
  case standing::planned:
    return "◆";
  case standing::failed:
    return "✕";
  case standing::cancelled:
    return "–";
  case standing::running:
    return "▸";
  case standing::waiting:
    break;
  }
  return "○";
}

std::string counted(std::size_t n, const char* one, const char* many) {
  return grouped(n) + ' ' + (n == 1 ? one : many);
}

/// A cell; `value` is what it is sorted by, empty: its text.
std::string cell(const char* kind, const std::string& value,
                 const std::string& content) {
  return std::string("<td role=\"cell\" class=\"") + kind + '"' +
         (value.empty() ? "" : " data-v=\"" + value + '"') + '>' + content +
         "</td>";
}

/// "#12", where the address ends so.
std::string link_text(const std::string& url) {
  const auto digits = url.substr(url.rfind('/') + 1);
  const bool number =
    !digits.empty() && digits.size() < 10 &&
    digits.find_first_not_of("0123456789") == std::string::npos;
  return number ? '#' + digits : "open";
}

std::string pull_request(const task_result& t) {
  const auto url = t.outcome ? t.outcome->pr_url : std::string{};
  if (url.empty())
    return {};
  const auto address = html_address(url);
  if (address.empty())
    return html(url);
  return "<a rel=\"noreferrer\" href=\"" + address + "\">" +
         html(link_text(url)) + "<span class=\"sr\"> pull request of " +
         html(t.repository) + "</span></a>";
}

std::string list(const char* title, const std::vector<std::string>& lines) {
  if (lines.empty())
    return {};
  auto out = std::string("<h4>") + title + "</h4><ul>";
  for (std::size_t i = 0; i < std::min(lines.size(), most_lines); ++i)
    out += "<li>" + html(clipped(lines[i], longest_details)) + "</li>";
  if (lines.size() > most_lines)
    out += "<li>and " + grouped(lines.size() - most_lines) + " more</li>";
  return out + "</ul>";
}

std::string fact(const char* name, const std::string& value) {
  return value.empty()
           ? ""
           : std::string("<dt>") + name + "</dt><dd>" + html(value) + "</dd>";
}

/// What a row says at once about how its task went.
std::string gist(const task_result& t) {
  const auto& x = *t.outcome;
  if (x.end != task_end::succeeded)
    return "<span class=\"why\">" +
           html(x.why.what.empty() ? to_string(x.why.code)
                                   : std::string_view(x.why.what)) +
           "</span>";
  const auto size = size_of(x.diff);
  auto out = counted(x.files.size(), "file", "files") + " <ins>+" +
             grouped(size.added) + "</ins> <del>−" + grouped(size.removed) +
             "</del>";
  if (!x.checks.empty())
    out += " · " + counted(x.checks.size(), "check", "checks");
  if (!x.warnings.empty())
    out += " · " + counted(x.warnings.size(), "warning", "warnings");
  return out;
}

class row_writer {
public:
  explicit row_writer(const report& of) : of_(of) {
    std::size_t diffs = 0;
    for (const auto& t : of.what.tasks)
      diffs += t.outcome && !t.outcome->diff.empty() ? 1 : 0;
    longest_ =
      std::min(longest_diff, all_diffs / std::max<std::size_t>(diffs, 1));
  }

  std::string row(const task_result& t) const {
    const std::string state(to_string(t.at));
    auto out = "<tr role=\"row\" id=\"" + task_anchor(t.task) +
               "\" data-state=\"" + state + "\">";
    out += cell(("state " + state).c_str(), {},
                std::string("<b aria-hidden=\"true\">") + sign_of(t.at) +
                  "</b> " + state);
    out += "<th role=\"rowheader\" scope=\"row\" class=\"repo\">" +
           html(t.repository) + "<small>" + html(t.task) + "</small></th>";
    out += cell("pr", {}, pull_request(t));
    out += numbers(t);
    return out + cell("more", {}, t.outcome ? details(t) : "") + "</tr>\n";
  }

private:
  std::string numbers(const task_result& t) const {
    std::string out;
    if (!t.outcome) {
      out += cell("num cost", "-1", "");
      out += cell("num tokens", "-1", "");
    } else {
      const auto& x = *t.outcome;
      const auto tokens = x.tokens.input_tokens + x.tokens.output_tokens;
      out += cell("num cost", std::to_string(x.cost_usd.value_or(0)),
                  cost_text(x.cost_usd));
      out += cell("num tokens", std::to_string(tokens), grouped(tokens));
    }
    const auto course = of_.when.tasks().find(t.task);
    if (course == of_.when.tasks().end())
      return out + cell("num time", "-1", "");
    const auto took = course->second.took();
    return out +
           cell("num time", std::to_string(took.count()), shown_duration(took));
  }

  std::string details(const task_result& t) const {
    const auto& x = *t.outcome;
    auto out = "<details><summary>" + gist(t) + "</summary><div class=\"in\">";
    if (!x.why.details.empty() && x.end != task_end::succeeded)
      out += "<pre tabindex=\"0\">" +
             html_lines(clipped(x.why.details, longest_details)) +
             (x.why.details.size() > longest_details ? "\n…" : "") + "</pre>";
    out += "<dl>" + fact("branch", x.branch) + fact("base", x.base) +
           fact("commit", x.commit) + fact("model", x.model) + "</dl>";
    std::vector<std::string> checks;
    for (const auto& c : x.checks)
      checks.push_back(c.line);
    out += list("Checks", checks) + list("Warnings", x.warnings) +
           list("Please look twice at", x.risky);
    if (!x.diff.empty())
      out += "<pre class=\"diff\" tabindex=\"0\" role=\"region\" "
             "aria-label=\"Diff of " +
             html(t.repository) + "\">" +
             diff_html(x.diff, longest_,
                       "`pj batch show " + of_.what.name + ' ' + t.task +
                         "` shows all") +
             "</pre>";
    return out + "</div></details>";
  }

  const report& of_;
  std::size_t longest_ = 0; ///< bytes of a diff
};

std::string choices(const report& of) {
  std::string out = "<option value=\"\">all states</option>";
  for (const auto& x : states_of(of.what)) {
    const std::string name(to_string(x.at));
    out += "<option value=\"" + name + "\">" + name + " (" + grouped(x.n) +
           ")</option>";
  }
  return out;
}

} // namespace

std::string task_anchor(std::string_view task) {
  return "t-" + html(task);
}

std::string report_tasks(const report& of) {
  std::string out =
    "<section aria-labelledby=\"tasks\">\n<h2 id=\"tasks\">Tasks</h2>\n"
    "<form id=\"filter\" role=\"search\" hidden>"
    "<label>Filter <input type=\"search\" id=\"words\" "
    "placeholder=\"repository, task, reason\"></label>"
    "<label>State <select id=\"state\">" +
    choices(of) +
    "</select></label><output id=\"found\" aria-live=\"polite\"></output>"
    "</form>\n<table role=\"table\" id=\"all\" aria-labelledby=\"tasks\">\n"
    "<thead role=\"rowgroup\"><tr role=\"row\">";
  const std::pair<const char*, const char*> columns[] = {
    {"state", "State"},       {"repo", "Repository"},   {"pr", "Pull request"},
    {"num cost", "Cost"},     {"num tokens", "Tokens"}, {"num time", "Time"},
    {"more", "What came out"}};
  for (const auto& [kind, title] : columns)
    out += std::string("<th role=\"columnheader\" scope=\"col\" class=\"") +
           kind + "\">" + title + "</th>";
  out += "</tr></thead>\n<tbody role=\"rowgroup\">\n";
  const row_writer writer(of);
  for (const auto& t : of.what.tasks)
    out += writer.row(t);
  return out + "</tbody>\n</table>\n</section>\n";
}

} // namespace pj::batch
