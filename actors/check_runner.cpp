#include "actors/check_runner.hpp"

#include "core/json_text.hpp"
#include "core/text.hpp"

#include <nlohmann/json.hpp>

namespace pj {

namespace {

struct installer {
  const char* lock_file;
  std::vector<std::string> argv;
};

const std::vector<installer>& installers() {
  static const std::vector<installer> all{
    {"package-lock.json", {"npm", "ci"}},
    {"npm-shrinkwrap.json", {"npm", "ci"}},
    {"pnpm-lock.yaml", {"pnpm", "install", "--frozen-lockfile"}},
    {"yarn.lock", {"yarn", "install", "--frozen-lockfile"}},
    {"bun.lock", {"bun", "install", "--frozen-lockfile"}},
    {"bun.lockb", {"bun", "install", "--frozen-lockfile"}}};
  return all;
}

/// Whether package.json asks for any package.
bool wants_packages(const work_tree& place) {
  const auto manifest = parse_json(place.read("package.json"));
  for (const char* list :
       {"dependencies", "devDependencies", "optionalDependencies"})
    if (manifest.is_object() && manifest.contains(list) &&
        !manifest[list].empty())
      return true;
  return false;
}

std::string last_line(std::string_view output) {
  const auto text = trimmed(output);
  return printable(trimmed(text.substr(text.rfind('\n') + 1)));
}

/// The program that `npx --no-install PROGRAM …` runs; empty for others.
std::string npx_program(const std::vector<std::string>& argv) {
  return argv.size() > 2 && argv[0] == "npx" ? argv[2] : std::string{};
}

/// What a command says about itself when a part of it is not installed.
std::string missing_tool(const planned_check& check,
                         const command_result& ran) {
  if (ran.timed_out)
    return {};
  if (ran.exit_code == 127)
    return "a command is not installed: " + last_line(ran.output);
  const bool browsers = check.argv.size() > 2 && check.argv[2] == "playwright";
  if (browsers && ran.exit_code != 0 &&
      ran.output.find("playwright install") != ran.output.npos)
    return "the browsers are not installed";
  return {};
}

} // namespace

result<command_result> check_runner::call(const std::vector<std::string>& argv,
                                          std::chrono::milliseconds timeout,
                                          std::stop_token stop) {
  command what;
  what.argv = argv;
  what.environment = options_.environment;
  what.timeout = timeout;
  what.max_output = options_.max_output;
  return place_.run(std::move(what), std::move(stop));
}

/// Gives why the dependencies are not there, or an empty line.
result<std::string> check_runner::install(std::stop_token stop) {
  if (place_.has(packages_folder) || !wants_packages(place_))
    return std::string{};
  for (const auto& [lock_file, argv] : installers()) {
    if (!place_.has(lock_file))
      continue;
    if (!place_.available(argv[0]))
      return argv[0] + " is not installed";
    auto ran = call(argv, options_.install_timeout, std::move(stop));
    if (!ran)
      return ran.error().kind == failure_class::cancelled
               ? result<std::string>(ran.error())
               : ran.error().what;
    const auto name = argv[0] + ' ' + argv[1];
    if (ran->timed_out)
      return name + " took too long";
    return ran->exit_code == 0 ? std::string{}
                               : name + " failed: " + last_line(ran->output);
  }
  return std::string("no lock file to install the dependencies from");
}

result<std::string> check_runner::trouble_before(const planned_check& check,
                                                 std::stop_token stop) {
  if (!place_.available(check.argv[0]))
    return check.argv[0] + " is not installed";
  if (!check.needs_node_modules)
    return std::string{};
  if (!installed_) {
    auto tried = install(std::move(stop));
    if (!tried)
      return tried;
    installed_ = *std::move(tried);
  }
  const auto program = npx_program(check.argv);
  if (installed_->empty() && !program.empty() &&
      !place_.has(std::string(packages_folder) + "/.bin/" + program))
    return program + " is not among the dependencies";
  return *installed_;
}

result<std::variant<command_result, not_runnable>>
check_runner::run(const planned_check& check, std::stop_token stop) {
  using outcome = std::variant<command_result, not_runnable>;
  auto trouble = trouble_before(check, stop);
  if (!trouble)
    return trouble.error();
  if (!trouble->empty())
    return outcome{not_runnable{*std::move(trouble)}};
  auto ran = call(check.argv, check.timeout, std::move(stop));
  if (!ran)
    return ran.error().kind == failure_class::cancelled
             ? result<outcome>(ran.error())
             : result<outcome>(not_runnable{ran.error().what});
  if (auto missing = missing_tool(check, *ran); !missing.empty())
    return outcome{not_runnable{std::move(missing)}};
  return outcome{*std::move(ran)};
}

} // namespace pj
