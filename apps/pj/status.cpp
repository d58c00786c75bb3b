#include "apps/pj/status.hpp"

#include "adapters/environment.hpp"
#include "adapters/log.hpp"
#include "apps/pj/signals.hpp"
#include "apps/pj/status/redeliver.hpp"
#include "apps/pj/task_options.hpp"
#include "core/text.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <iostream>
#include <memory>

namespace pj {

namespace {

struct status_flags {
  bool webhooks = false;
  bool json = false;
  std::string task;
  bool again = false; ///< redeliver
  redelivery what;
  task_options settings; ///< the receiver
};

int complain(const std::string& why) {
  for (const auto line : split(why, '\n'))
    log_line(log_level::error, line);
  return 2;
}

int list(const deliveries& known, const std::filesystem::path& state,
         bool json) {
  if (json)
    std::cout << to_json(known) << '\n';
  else
    std::cout << to_text(known, state, wall_clock::now());
  for (const auto& line : known.problems)
    log_line(log_level::warning, line);
  return known.problems.empty() ? 0 : 1;
}

int send_again(const deliveries& known, const std::filesystem::path& state,
               const status_flags& flags, const settings& environment) {
  if (flags.what.ids.empty() && !flags.what.all)
    return complain("--redeliver wants the id of an event, or --all (pj status "
                    "--webhooks lists them)");
  const auto chosen = choose(known, flags.what);
  if (!chosen)
    return complain(chosen.error().what);
  if (chosen->journals.empty()) {
    log_line(log_level::info, "every event is delivered, nothing to send");
    return flags.json ? list(known, state, true) : 0;
  }
  const auto in_force = settings_in_force(flags.settings, environment);
  if (!in_force)
    return complain(in_force.error().what);
  const auto target = read_event_target(*in_force);
  if (target.url.empty())
    return complain("WEBHOOK_URL is not set or no URL: journals do not hold "
                    "it, so say where events go");
  block_signals();
  const signal_watch signals([](const std::string&) { ::_exit(130); });
  const auto how = redeliver(*chosen, {target.url, target.secret});
  for (const auto& line : how.problems)
    log_line(log_level::error, line);
  log_line(log_level::info, std::to_string(how.delivered) + " delivered");
  if (flags.json)
    std::cout << to_json(read_deliveries(state, flags.task)) << '\n';
  return how.problems.empty() ? 0 : 1;
}

int run(const status_flags& flags, const settings& environment) {
  if (!flags.webhooks)
    return complain("say what to show: pj status --webhooks");
  if (flags.what.all && !flags.again)
    return complain("--all goes with --redeliver");
  const auto folders = find_user_folders(environment);
  if (!folders)
    return complain(folders.error().what);
  const auto known = read_deliveries(folders->state, flags.task);
  return flags.again ? send_again(known, folders->state, flags, environment)
                     : list(known, folders->state, flags.json);
}

} // namespace

void add_status(CLI::App& app, const settings& environment, int& exit_code) {
  auto* verb = app.add_subcommand(
    "status", "Say what became of the events of tasks; deliver them again");
  const auto flags = std::make_shared<status_flags>();
  verb->add_flag("--webhooks", flags->webhooks,
                 "List events: delivered, waiting, given up");
  verb->add_option("--task", flags->task, "Of this task only");
  verb->add_flag("--json", flags->json, "For machines");
  verb
    ->add_option_function<std::vector<std::string>>(
      "--redeliver",
      [flags](const std::vector<std::string>& ids) {
        flags->again = true;
        for (const auto& id : ids)
          if (!id.empty())
            flags->what.ids.push_back(id);
      },
      "Send the events with these ids again, under the same ids")
    ->expected(0, 1'000);
  verb->add_flag("--all", flags->what.all,
                 "With --redeliver: every event that is not delivered");
  verb->add_option_function<std::string>(
    "--webhook-url",
    [flags](const std::string& url) {
      flags->settings.flags["WEBHOOK_URL"] = {url, "--webhook-url"};
    },
    "Where events go (WEBHOOK_URL)");
  verb->add_option("--config", flags->settings.config_file,
                   "Configuration file (YAML)");
  verb->footer(
    "Reads the journals of pj run and pj batch, with or without an engine at "
    "work. Redelivery uses\nWEBHOOK_URL and WEBHOOK_SECRET, keeps "
    "the order per task, and tries for a minute\nper task.\n\nExit "
    "codes: 0 well, 1 some are not delivered or a journal cannot be "
    "read, 2 usage.");
  verb->callback([flags, &environment, &exit_code] {
    exit_code = run(*flags, environment);
  });
}

} // namespace pj
