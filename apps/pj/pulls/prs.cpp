#include "apps/pj/pulls/verbs.hpp"

#include "adapters/standard_streams.hpp"
#include "apps/pj/batch/begun.hpp"
#include "apps/pj/batch/open_pulls.hpp"
#include "apps/pj/pulls/chosen.hpp"
#include "apps/pj/pulls/listing.hpp"
#include "apps/pj/pulls/office.hpp"
#include "apps/pj/signals.hpp"
#include "core/text.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>

namespace pj {

namespace {

struct listing_flags : pull_flags {
  std::string format = "text";
};

/// Empty: a signal came.
std::optional<std::vector<result<seen_pull>>> look(const chosen_pulls& chosen) {
  if (chosen.tasks.empty())
    return std::vector<result<seen_pull>>{};
  std::vector<github::pull_place> places;
  for (const auto& t : chosen.tasks)
    places.push_back(batch::place_of(t));
  github_office github(chosen.secrets, chosen.api);
  std::atomic<bool> interrupted = false;
  const signal_watch signals([&](const std::string&) {
    interrupted = true;
    github.stop();
  });
  auto out = github.look(places, true);
  return interrupted ? std::nullopt : std::optional(std::move(out));
}

listed_pull listed(const batch::accepted_task& t,
                   const result<seen_pull>& seen) {
  return {t.spec.id,
          batch::shown_repository(t.spec.repo),
          t.outcome->commit,
          batch::place_of(t).number,
          t.outcome->pr_url,
          seen ? result<github::pull_state>(*seen->now) : seen.error()};
}

int list(const listing_flags& flags, const settings& environment) {
  if (flags.format != "text" && flags.format != "json")
    return batch::complain(
      configuration_failure("--format " + printable(flags.format) +
                            ": not known; one of text, json"));
  block_signals();
  const auto chosen = choose_pulls(flags, environment);
  if (!chosen)
    return batch::complain(chosen.error());
  const auto seen = look(*chosen);
  if (!seen)
    return interrupted_code;
  pull_listing all{flags.batch, {}, chosen->without};
  for (std::size_t i = 0; i < seen->size(); ++i)
    all.pulls.push_back(listed(chosen->tasks[i], (*seen)[i]));
  const auto text = flags.format == "json" ? json_of(all) : text_of(all);
  write_out(text);
  return std::all_of(all.pulls.begin(), all.pulls.end(),
                     [](const listed_pull& x) { return bool(x.now); })
           ? 0
           : 1;
}

} // namespace

void add_prs(CLI::App& app, const settings& environment, int& exit_code) {
  const auto flags = std::make_shared<listing_flags>();
  auto* verb = app.add_subcommand("prs", "List the pull requests of a batch");
  add_pull_flags(*verb, *flags);
  verb->add_option("--format", flags->format, "text, json");
  verb->footer(
    "Asks GitHub how each one is now: open, draft, merged or closed, "
    "and whether it can\nbe merged.\n\nExit codes: 0 well, 1 some "
    "are not known, 2 usage, 130 interrupted.");
  verb->callback([flags, &environment, &exit_code] {
    exit_code = list(*flags, environment);
  });
}

} // namespace pj
