#include "apps/pj/apply_report.hpp"

#include "core/text.hpp"

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <iostream>

namespace pj {

namespace {

using nlohmann::json;
using patch::edit_state;

constexpr std::array<std::string_view, 7> states = {
  "placed",    "already_there", "skipped",   "missing",
  "ambiguous", "unsafe",        "unreadable"};

constexpr std::array<std::string_view, 4> kinds = {"add", "modify", "remove",
                                                   "rename"};

constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view cyan = "\x1b[36m";
constexpr std::string_view plain = "\x1b[0m";

bool colours_on(int fd) {
  const char* no = std::getenv("NO_COLOR");
  return (!no || *no == '\0') && ::isatty(fd) == 1;
}

std::string painted(std::string_view text, std::string_view colour, int fd) {
  if (!colours_on(fd))
    return std::string(text);
  return std::string(colour) + std::string(text) + std::string(plain);
}

bool is_fine(edit_state s) {
  return s == edit_state::placed || s == edit_state::already_there ||
         s == edit_state::skipped;
}

std::string_view colour_of(std::string_view line) {
  if (line.starts_with("@@"))
    return cyan;
  return line.starts_with('+') ? green : line.starts_with('-') ? red : "";
}

void print_diff(const std::string& diff) {
  if (!colours_on(STDOUT_FILENO)) {
    std::cout << diff;
    return;
  }
  for (const auto line : split(std::string_view(diff), '\n'))
    std::cout << colour_of(line) << line << plain << '\n';
}

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
  std::cout << object.dump(2, ' ', false, json::error_handler_t::replace)
            << '\n';
}

/// A tab shows as four blanks.
std::string without_tabs(std::string_view text) {
  std::string out;
  for (const char c : text)
    out.append(c == '\t' ? 4 : 1, c == '\t' ? ' ' : c);
  return out;
}

void say_lines(std::string_view text) {
  while (text.ends_with('\n'))
    text.remove_suffix(1);
  for (const auto line : split(text, '\n'))
    say(without_tabs(line));
}

} // namespace

void say(std::string_view text) {
  std::cerr << "[pj] " << printable(text, 2'000) << '\n';
}

void print(const patch::plan& yes, const apply_outcome& outcome) {
  if (outcome.show_diff)
    print_diff(to_unified_diff(yes.change));
  const auto n = yes.change.files.size();
  const auto files = std::to_string(n) + (n == 1 ? " file" : " files");
  std::cerr << "[pj] "
            << painted(n == 0            ? "nothing to change"
                       : outcome.written ? "changed " + files
                                         : "would change " + files,
                       green, STDERR_FILENO)
            << '\n';
  for (const auto& c : yes.change.files)
    say("  " + std::string(kinds[static_cast<std::size_t>(c.kind)]) + ' ' +
        c.path);
  for (const auto& note : yes.change.notes)
    say("  note: " + note);
  for (const auto& path : yes.change.risky)
    say("  look at this one: " + path);
}

void print(const patch::refusal& no) {
  std::cerr << "[pj] "
            << painted(printable(no.reason, 2'000), red, STDERR_FILENO) << '\n';
  for (const auto& e : no.edits) {
    if (is_fine(e.state))
      continue;
    say("  " + e.path + ": " + e.note);
    if (!e.closest.empty())
      say_lines(e.closest);
  }
  say("nothing was written");
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

} // namespace pj
