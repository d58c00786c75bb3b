#include "apps/pj/apply_report.hpp"

#include "adapters/log.hpp"
#include "adapters/terminal/style.hpp"
#include "core/json_text.hpp"
#include "core/patch/refuse.hpp"
#include "core/text.hpp"

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <array>
#include <iostream>

namespace pj {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 7> states = {
  "placed",    "already_there", "skipped",   "missing",
  "ambiguous", "unsafe",        "unreadable"};

constexpr std::array<std::string_view, 4> kinds = {"add", "modify", "remove",
                                                   "rename"};

json to_json(const std::vector<patch::edit_report>& edits) {
  auto out = json::array();
  for (const auto& e : edits)
    out.push_back({{"path", e.path},
                   {"state", states[static_cast<std::size_t>(e.state)]},
                   {"tier", e.tier},
                   {"line", e.line},
                   {"places", e.places},
                   {"note", e.note},
                   {"closest", e.closest}});
  return out;
}

json to_json(const change_set& change) {
  auto out = json::array();
  for (const auto& c : change.files) {
    json one = {{"path", c.path},
                {"kind", kinds[static_cast<std::size_t>(c.kind)]}};
    if (!c.old_path.empty())
      one["oldPath"] = c.old_path;
    out.push_back(std::move(one));
  }
  return out;
}

/// Files may hold bytes that are not UTF-8: those become U+FFFD.
void write(const json& object) {
  std::cout << json_text(object, 2) << '\n';
}

/// A tab shows as four blanks.
std::string without_tabs(std::string_view text) {
  std::string out;
  for (const char c : text)
    out.append(c == '\t' ? 4 : 1, c == '\t' ? ' ' : c);
  return out;
}

void say(const std::string& line) {
  log_line(log_level::info, line);
}

void say_lines(std::string_view text) {
  while (text.ends_with('\n'))
    text.remove_suffix(1);
  for (const auto line : split(text, '\n'))
    say(without_tabs(line));
}

} // namespace

void print(const patch::plan& yes, const apply_outcome& outcome) {
  if (outcome.show_diff)
    std::cout << shown_diff(to_unified_diff(yes.change),
                            look_at_terminal(STDOUT_FILENO).colours);
  const auto n = yes.change.files.size();
  const auto files = std::to_string(n) + (n == 1 ? " file" : " files");
  say(n == 0            ? "nothing to change"
      : outcome.written ? "changed " + files
                        : "would change " + files);
  for (const auto& c : yes.change.files)
    say("  " + std::string(kinds[static_cast<std::size_t>(c.kind)]) + ' ' +
        c.path);
  for (const auto& note : yes.change.notes)
    say("  note: " + note);
  for (const auto& path : yes.change.risky)
    say("  look at this one: " + path);
}

void print(const patch::refusal& no) {
  log_line(log_level::error, no.reason);
  for (const auto& e : no.edits) {
    if (patch::is_fine(e))
      continue;
    say("  " + e.path + ": " + e.note);
    if (!e.closest.empty())
      say_lines(e.closest);
  }
  say("nothing was written");
}

void print(const failure& why) {
  for (const auto* text : {&why.what, &why.details})
    for (const auto line : split(std::string_view(*text), '\n'))
      if (!line.empty())
        log_line(log_level::error, line);
}

void print_json(const patch::plan& yes, const apply_outcome& outcome) {
  json out = {{"result", outcome.written ? "applied" : "can be applied"},
              {"edits", to_json(yes.edits)},
              {"files", to_json(yes.change)},
              {"risky", yes.change.risky},
              {"notes", yes.change.notes}};
  if (outcome.show_diff)
    out["diff"] = to_unified_diff(yes.change);
  write(out);
}

void print_json(const patch::refusal& no) {
  write({{"result", "refused"},
         {"reason", no.reason},
         {"feedback", no.for_model},
         {"edits", to_json(no.edits)},
         {"staged", to_json(no.staged)}});
}

void print_json(const failure& why) {
  write({{"result", "failed"}, {"reason", why.what}, {"details", why.details}});
}

} // namespace pj
