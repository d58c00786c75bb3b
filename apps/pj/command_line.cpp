#include "apps/pj/command_line.hpp"

#include "adapters/log.hpp"
#include "apps/pj/version.hpp"
#include "core/escape.hpp"
#include "core/spec/settings.hpp"
#include "core/text.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

namespace pj {

namespace {

constexpr std::size_t longest_shown = 60;

constexpr auto* first_steps = R"(First steps:
  pj doctor               what is wrong here, and its cure
  pj run --help           how to give it a task
  pj run --dry-run ...    show the change, push nothing)";

struct loudness {
  bool verbose = false;
  bool quiet = false;
};

void set_loudness(const loudness& flags, const settings& environment) {
  if (flags.verbose)
    return set_log_level(log_level::debug);
  if (flags.quiet)
    return set_log_level(log_level::warning);
  const auto found = environment.find("PJ_LOG");
  if (found == environment.end() || trimmed(found->second.value).empty())
    return;
  const auto value = trimmed(found->second.value);
  if (const auto level = log_level_from(value))
    set_log_level(*level);
  else
    log_line(log_level::warning, "PJ_LOG is \"" + printable(value) +
                                   "\": use debug, info, warn, error or off");
}

const CLI::App* chosen_verb(const CLI::App& app) {
  const CLI::App* out = nullptr;
  for (auto verbs = app.get_subcommands(); !verbs.empty();
       verbs = out->get_subcommands())
    out = verbs.front();
  return out;
}

/// "batch validate": the verb with those it is below.
std::string words_of(const CLI::App& verb) {
  const auto* above = verb.get_parent();
  return above && above->get_parent() ? words_of(*above) + ' ' + verb.get_name()
                                      : verb.get_name();
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> out;
  for (const auto* option : app.get_options())
    for (const auto& name : option->get_lnames())
      out.push_back("--" + name);
  return out;
}

std::vector<std::string> verb_names(const CLI::App& app) {
  std::vector<std::string> out;
  for (const auto* verb : app.get_subcommands([](auto*) { return true; }))
    out.push_back(verb->get_name());
  return out;
}

std::string guess(std::string_view word,
                  const std::vector<std::string>& known) {
  const auto meant = closest_name(word, known);
  return meant.empty() ? "" : "; did you mean " + meant + "?";
}

/// The value behind a '=' may be a secret.
std::string without_value(const std::string& word) {
  return word.starts_with('-') ? word.substr(0, word.find('=')) : word;
}

std::string unknown(const CLI::App& app, const std::string& word) {
  const auto* verb = chosen_verb(app);
  const auto shown = printable(escaped(without_value(word)), longest_shown);
  if (!word.starts_with('-') && verb && !verb_names(*verb).empty())
    return "there is no verb " + words_of(*verb) + ' ' + shown +
           guess(word, verb_names(*verb));
  if (!word.starts_with('-'))
    return verb ? "\"" + shown +
                    "\" is one word too many: put quotes around "
                    "text with blanks"
                : "there is no verb " + shown + guess(word, verb_names(app));
  auto known = option_names(app);
  if (verb)
    for (auto& name : option_names(*verb))
      known.push_back(std::move(name));
  return "there is no option " + shown + guess(without_value(word), known);
}

void complain(const CLI::App& app, const std::string& what) {
  const auto* verb = chosen_verb(app);
  log_line(log_level::error, what + " (see pj " +
                               (verb ? words_of(*verb) + " " : "") + "--help)");
}

} // namespace

void add_globals(CLI::App& app, const settings& environment) {
  const auto flags = std::make_shared<loudness>();
  app.fallthrough();
  app.set_version_flag("--version", version_line(), "Print the version");
  app.add_flag("-v,--verbose", flags->verbose,
               "Say more on standard error (PJ_LOG=debug)");
  app
    .add_flag("-q,--quiet", flags->quiet,
              "Only warnings and errors (PJ_LOG=warn)")
    ->excludes("--verbose");
  app.footer(first_steps);
  app.parse_complete_callback(
    [flags, &environment] { set_loudness(*flags, environment); });
}

bool parse(CLI::App& app, int argc, const char* const* argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success&) {
    throw;
  } catch (const CLI::ExtrasError&) {
    complain(app, unknown(app, app.remaining(true).front()));
    return false;
  } catch (const CLI::ParseError& e) {
    const auto rest = app.remaining(true);
    complain(app, rest.empty() || e.get_name() != "RequiredError"
                    ? e.what()
                    : unknown(app, rest.front()));
    return false;
  }
  if (!app.get_subcommands().empty())
    return true;
  std::cerr << app.help();
  return false;
}

} // namespace pj
