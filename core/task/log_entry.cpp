#include "core/task/log_entry.hpp"

#include "core/escape.hpp"
#include "core/json_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace pj {

using json = nlohmann::ordered_json;

namespace {

constexpr std::array<std::string_view, 9> kinds = {
  "run",     "stage",   "step",  "wait", "retry",
  "refused", "warning", "event", "end"};

/// What the tag is called; empty: entries of this kind have none.
const char* tag_of(log_kind kind) {
  switch (kind) {
  case log_kind::run:
    return "run";
  case log_kind::stage:
    return "stage";
  case log_kind::wait:
    return "wait";
  case log_kind::end:
    return "state";
  default:
    return "";
  }
}

log_entry entry_from(const nlohmann::json& from) {
  log_entry out;
  const auto at = parse_rfc3339(from.at("at").get<std::string>());
  const auto kind =
    std::find(kinds.begin(), kinds.end(), from.at("kind").get<std::string>());
  if (!at || kind == kinds.end())
    throw nlohmann::json::other_error::create(500, "no entry", nullptr);
  out.at = *at;
  out.kind = static_cast<log_kind>(kind - kinds.begin());
  out.task = from.value("task", "");
  out.tag = from.value(tag_of(out.kind), "");
  from.at("text").get_to(out.text);
  return out;
}

} // namespace

std::string_view to_string(log_kind x) noexcept {
  return kinds[static_cast<std::size_t>(x)];
}

std::string to_json(const log_entry& x) {
  json out = {{"at", to_rfc3339(x.at)}};
  if (!x.task.empty())
    out["task"] = x.task;
  out["kind"] = to_string(x.kind);
  if (!x.tag.empty())
    out[tag_of(x.kind)] = x.tag;
  out["text"] = x.text;
  return json_text(out);
}

std::optional<log_entry> log_entry_from_json(std::string_view line) {
  try {
    return entry_from(parse_json(line));
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

std::string shown(const log_entry& x, bool with_task) {
  constexpr std::size_t widest = 7; // "refused"
  auto out = to_rfc3339(x.at) + "  ";
  if (with_task)
    out += (x.task.empty() ? "-" : escaped(x.task)) + "  ";
  std::string kind(to_string(x.kind));
  kind.resize(widest, ' ');
  return out + kind + "  " + escaped(x.text);
}

} // namespace pj
