#include "core/batch/summary.hpp"

#include "core/escape.hpp"
#include "core/html.hpp"
#include "core/json_text.hpp"
#include "core/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

namespace pj::batch {

using nlohmann::json;

namespace {

constexpr std::array<std::string_view, 6> standings = {
  "waiting", "running", "planned", "succeeded", "failed", "cancelled"};

/// Of the tasks of one cause, this many are named to people.
constexpr std::size_t most_named = 10;

const failure* why_of(const task_result& t) {
  const bool bad = t.at == standing::failed || t.at == standing::cancelled;
  return bad && t.outcome ? &t.outcome->why : nullptr;
}

std::string line_of(const failure& why) {
  return std::string(why.what.empty() ? to_string(why.code)
                                      : std::string_view(why.what));
}

/// What a line says once names, numbers and quoted text are left out: the words
/// of small letters.
std::string gist_of(const failure& why) {
  std::string out(to_string(why.code));
  std::string word;
  bool plain = true;
  auto end_word = [&] {
    if (plain && !word.empty())
      out += ' ' + word;
    word.clear();
    plain = true;
  };
  for (const char c : line_of(why)) {
    if (c == ' ') {
      end_word();
      continue;
    }
    plain = plain && ((c >= 'a' && c <= 'z') || c == ',' || c == ':');
    word += c;
  }
  end_word();
  return out;
}

std::string money(double dollars) {
  char text[32];
  std::snprintf(text, sizeof text, "$%.2f", dollars);
  return text;
}

std::string number(std::size_t n, std::string_view what) {
  return n == 0 ? std::string{}
                : ", " + std::to_string(n) + ' ' + std::string(what);
}

/// "1000 tasks: 990 succeeded, 10 failed; $12.30".
std::string headline(const counts& n) {
  auto parts = number(n.succeeded, "succeeded") + number(n.planned, "planned") +
               number(n.failed, "failed") + number(n.cancelled, "cancelled") +
               number(n.running, "begun") + number(n.waiting, "waiting");
  auto out = std::to_string(n.total) + (n.total == 1 ? " task" : " tasks");
  if (!parts.empty())
    out += ": " + parts.substr(2);
  out += "; " + money(n.cost_usd);
  return n.cost_unknown ? out + " and models without a known price" : out;
}

std::string link_of(const task_result& t) {
  return t.outcome ? t.outcome->pr_url : std::string{};
}

std::string text_of(const summary& of) {
  std::string out;
  for (const auto& t : of.tasks)
    if (t.at == standing::succeeded || t.at == standing::planned) {
      const auto link = link_of(t);
      out += std::string(to_string(t.at)) + "  " + escaped(t.repository) +
             (link.empty() ? "" : "  " + escaped(link)) + '\n';
    }
  for (const auto& c : causes_of(of)) {
    out +=
      '\n' + std::to_string(c.tasks.size()) + " × " + escaped(c.what) + '\n';
    for (std::size_t i = 0; i < c.tasks.size() && i < most_named; ++i)
      out += "  " + escaped(c.tasks[i]->repository) + "  (" +
             escaped(c.tasks[i]->task) + ")\n";
    if (c.tasks.size() > most_named)
      out += "  and " + std::to_string(c.tasks.size() - most_named) + " more\n";
  }
  if (!out.empty())
    out += '\n';
  out += escaped(of.name) + ": " + headline(count(of)) + '\n';
  if (!of.stopped.empty())
    out += "stopped: " + escaped(of.stopped) + '\n';
  return out;
}

json json_of(const task_result& t) {
  json out = {{"task", t.task},
              {"repository", t.repository},
              {"state", to_string(t.at)},
              {"result", nullptr}};
  if (t.outcome)
    out["result"] = parse_json(to_json(*t.outcome));
  return out;
}

std::string one_line(const json& x) {
  return json_text(x) + '\n';
}

std::string json_text(const summary& of) {
  const auto n = count(of);
  json out = {{"batch", of.name},       {"total", n.total},
              {"waiting", n.waiting},   {"running", n.running},
              {"planned", n.planned},   {"succeeded", n.succeeded},
              {"failed", n.failed},     {"cancelled", n.cancelled},
              {"cost_usd", n.cost_usd}, {"cost_unknown", n.cost_unknown},
              {"stopped", nullptr},     {"tasks", json::array()}};
  if (!of.stopped.empty())
    out["stopped"] = of.stopped;
  for (const auto& t : of.tasks)
    out["tasks"].push_back(json_of(t));
  return one_line(out);
}

std::string json_lines(const summary& of) {
  std::string out;
  for (const auto& t : of.tasks)
    out += one_line(json_of(t));
  return out;
}

std::string junit_case(const task_result& t) {
  auto out = "  <testcase name=\"" + html(t.task) + "\" classname=\"" +
             html(t.repository) + '"';
  const auto* why = why_of(t);
  if (why && t.at == standing::failed)
    return out + ">\n    <failure type=\"" + html(to_string(why->code)) +
           "\" message=\"" + html(line_of(*why)) + "\">" + html(why->details) +
           "</failure>\n  </testcase>\n";
  if (t.at == standing::succeeded || t.at == standing::planned)
    return out + "/>\n";
  return out + ">\n    <skipped message=\"" + html(to_string(t.at)) +
         "\"/>\n  </testcase>\n";
}

std::string junit(const summary& of) {
  const auto n = count(of);
  auto out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"" +
             html(of.name) + "\" tests=\"" + std::to_string(n.total) +
             "\" failures=\"" + std::to_string(n.failed) + "\" skipped=\"" +
             std::to_string(n.waiting + n.running + n.cancelled) + "\">\n";
  for (const auto& t : of.tasks)
    out += junit_case(t);
  return out + "</testsuite>\n";
}

/// Text inside a table of Markdown.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : escaped(text)) {
    if (std::string_view("\\`*_[]<>|#").find(c) != std::string_view::npos)
      out += '\\';
    out += c;
  }
  return out;
}

std::string markdown(const summary& of) {
  auto out = "# " + cell(of.name) + "\n\n" + headline(count(of)) + ".\n\n";
  if (!of.stopped.empty())
    out += "Stopped: " + cell(of.stopped) + "\n\n";
  out += "| repository | state | result |\n|---|---|---|\n";
  for (const auto& t : of.tasks) {
    const auto* why = why_of(t);
    const auto link = link_of(t);
    out += "| " + cell(t.repository) + " | " + std::string(to_string(t.at)) +
           " | " +
           (why            ? cell(line_of(*why))
            : link.empty() ? ""
                           : "<" + link + ">") +
           " |\n";
  }
  return out;
}

struct form_name {
  std::string_view name;
  summary_form form;
  std::string (*render)(const summary&);
};

constexpr std::array<form_name, 5> forms = {{
  {"text", summary_form::text, text_of},
  {"json", summary_form::json, json_text},
  {"jsonl", summary_form::jsonl, json_lines},
  {"junit", summary_form::junit, junit},
  {"markdown", summary_form::markdown, markdown},
}};

} // namespace

std::string_view to_string(standing x) noexcept {
  return standings[static_cast<std::size_t>(x)];
}

standing standing_from(std::string_view name) noexcept {
  const auto at = std::find(standings.begin(), standings.end(), name);
  return at == standings.end() ? standing::failed
                               : static_cast<standing>(at - standings.begin());
}

counts count(const summary& of) {
  counts out;
  out.total = of.tasks.size();
  std::size_t* const by_standing[] = {&out.waiting, &out.running,
                                      &out.planned, &out.succeeded,
                                      &out.failed,  &out.cancelled};
  for (const auto& t : of.tasks) {
    ++*by_standing[static_cast<std::size_t>(t.at)];
    if (t.outcome && t.outcome->cost_usd)
      out.cost_usd += *t.outcome->cost_usd;
    out.cost_unknown = out.cost_unknown || (t.outcome && !t.outcome->cost_usd);
  }
  return out;
}

std::vector<cause> causes_of(const summary& of) {
  std::vector<cause> out;
  std::map<std::string, std::size_t> known;
  for (const auto& t : of.tasks) {
    const auto* why = why_of(t);
    if (!why)
      continue;
    const auto [at, fresh] = known.try_emplace(gist_of(*why), out.size());
    if (fresh)
      out.push_back({line_of(*why), {}});
    out[at->second].tasks.push_back(&t);
  }
  std::stable_sort(out.begin(), out.end(), [](const cause& a, const cause& b) {
    return a.tasks.size() > b.tasks.size();
  });
  return out;
}

result<summary_form> summary_form_from(std::string_view name) {
  std::string known;
  for (const auto& f : forms) {
    if (f.name == name)
      return f.form;
    known += (known.empty() ? "" : ", ") + std::string(f.name);
  }
  return configuration_failure("--format " + printable(name) +
                               ": not known; one of " + known);
}

std::string render(const summary& of, summary_form how) {
  return forms[static_cast<std::size_t>(how)].render(of);
}

} // namespace pj::batch
