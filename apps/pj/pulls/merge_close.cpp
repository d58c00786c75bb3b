#include "adapters/standard_streams.hpp"
#include "apps/pj/batch/begun.hpp"
#include "apps/pj/pulls/finishing.hpp"
#include "apps/pj/pulls/verbs.hpp"
#include "apps/pj/signals.hpp"
#include "core/text.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <iostream>
#include <memory>

namespace pj {

namespace {

struct finishing_flags : pull_flags {
  finishing how;
  std::string method = "merge";
  bool yes = false;
};

/// A person says yes, or the command line does.
result<bool> agreed(const finishing_flags& flags, std::size_t pulls) {
  if (flags.yes)
    return true;
  const bool merging = flags.how.how == pull_end::merged;
  const std::string verb = merging ? "merge" : "close";
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDERR_FILENO) != 1)
    return configuration_failure("nobody is here to ask: pj " + verb + ' ' +
                                 flags.batch + " --yes does it unasked");
  std::cerr << (merging ? "Merge " : "Close ") << pulls
            << (pulls == 1 ? " pull request of " : " pull requests of ")
            << flags.batch << (flags.how.delete_branch ? " with branches" : "")
            << "? [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  const auto word = lowered(trimmed(answer));
  return word == "y" || word == "yes";
}

int print(const finishing_flags& flags, const finished_sum& sum) {
  const auto text = text_of(flags.batch, sum, flags.how.how);
  write_out(text);
  if (sum.interrupted)
    return interrupted_code;
  return sum.left + sum.partly == 0 ? 0 : 1;
}

int finish(finishing_flags flags, const settings& environment) {
  const auto method = github::merge_method_from(flags.method);
  if (!method)
    return batch::complain(method.error());
  flags.how.method = *method;
  const auto chosen = choose_pulls(flags, environment);
  if (!chosen)
    return batch::complain(chosen.error());
  if (chosen->tasks.empty())
    return print(flags, {});
  const auto yes = agreed(flags, chosen->tasks.size());
  if (!yes)
    return batch::complain(yes.error());
  if (!*yes)
    return print(flags, {});
  block_signals();
  return print(flags, finish_all(*chosen, flags.how));
}

CLI::App* add_verb(CLI::App& app, const char* name, const char* what,
                   const char* rule,
                   const std::shared_ptr<finishing_flags>& flags,
                   const settings& environment, int& exit_code) {
  auto* verb = app.add_subcommand(name, what);
  add_pull_flags(*verb, *flags);
  verb->add_flag("--delete-branch", flags->how.delete_branch,
                 "Delete its branch, too, unless somebody pushed to it");
  verb->add_flag("--yes", flags->yes, "Do not ask first");
  verb->footer(std::string(rule) +
               " What is done already counts as done.\nWrites keep GitHub's "
               "pace; Ctrl-C stops between two of them.\n\nExit codes: 0 all, "
               "1 some could not, 2 usage, 130 interrupted.");
  verb->callback([flags, &environment, &exit_code] {
    exit_code = finish(*flags, environment);
  });
  return verb;
}

} // namespace

void add_finishing(CLI::App& app, const settings& environment, int& exit_code) {
  const auto merging = std::make_shared<finishing_flags>();
  add_verb(app, "merge", "Merge the pull requests of a batch",
           "Merges those that are open, no drafts, as pushed by pj, and that "
           "GitHub's checks\nand rules let through; the others are told with "
           "the reason.",
           merging, environment, exit_code)
    ->add_option("--method", merging->method, "merge, squash, rebase");
  const auto closing = std::make_shared<finishing_flags>();
  closing->how.how = pull_end::closed;
  add_verb(app, "close", "Close the pull requests of a batch",
           "Closes those that are open.", closing, environment, exit_code)
    ->add_option("--comment", closing->how.comment, "Say why, there");
}

} // namespace pj
