#include "apps/pj/doctor.hpp"

#include "adapters/git/libgit2_git.hpp"
#include "adapters/http/client.hpp"
#include "adapters/terminal/screen.hpp"
#include "apps/pj/doctor/machine.hpp"
#include "apps/pj/doctor/repository.hpp"
#include "apps/pj/doctor/settings.hpp"
#include "apps/pj/model_file.hpp"
#include "apps/pj/run_task.hpp"
#include "apps/pj/signals.hpp"
#include "apps/pj/task_options.hpp"
#include "apps/pj/tokens.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <future>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>

namespace pj {

namespace {

using namespace std::chrono_literals;

/// Shows findings as they come; on a terminal also what is waited for.
class report {
public:
  explicit report(bool json)
    : json_(json), waiting_(STDERR_FILENO, look_at_terminal(STDERR_FILENO)) {
    const auto facts = look_at_terminal(STDOUT_FILENO);
    style_ = {facts.colours, facts.unicode};
  }

  void waits_for(const char* what) { waiting_.status(what); }

  void add(const findings& some) {
    waiting_.status({});
    for (const auto& f : some) {
      all_.push_back(f);
      if (!json_)
        std::cout << shown(f, style_) << '\n' << std::flush;
    }
  }

  int finish() {
    waiting_.status({});
    if (json_)
      std::cout << to_json(all_) << '\n';
    return is_healthy(all_) ? 0 : 1;
  }

private:
  bool json_;
  finding_style style_;
  screen waiting_;
  findings all_;
};

findings cannot_start(const std::string& about, const std::string& why) {
  return {{about, verdict::wrong, why}};
}

/// In the cache that tasks use, but not as patient as they are.
std::shared_ptr<git_port> hurried_git(const user_folders& folders) {
  git_options o;
  o.cache = mirrors_in(folders);
  o.connect_timeout = 10s;
  o.server_timeout = 20s;
  return make_git(o);
}

findings ask_services(const known_task& task, const llm::model_table& models) {
  try {
    http_client_options web;
    web.proxy = proxy_settings_from_environment();
    const auto http = make_http_client(web);
    return check_services(*task.input, task.has, models, *http);
  } catch (const std::invalid_argument& e) {
    return cannot_start("network", e.what());
  }
}

/// With a GitHub App its token stands in for GITHUB_TOKEN.
void borrow_app_token(task_input& task, report& out) {
  auto& secrets = task.secrets;
  if (secrets.github_app.empty())
    return;
  try {
    http_client_options web;
    web.proxy = proxy_settings_from_environment();
    const auto tokens =
      make_tokens(make_http_client(web), secrets, task.spec.github_api);
    std::promise<result<std::string>> promise;
    tokens->get([&](result<std::string> got) { promise.set_value(got); });
    auto token = promise.get_future().get();
    if (!token)
      return out.add(cannot_start("GitHub App", token.error().what));
    secrets.github_token = *std::move(token);
    out.add({{"GitHub App", verdict::good,
              "GitHub gives app " + secrets.github_app.id + " a token"}});
  } catch (const std::exception& e) {
    out.add(cannot_start("GitHub App", e.what()));
  }
}

/// Git and the services are asked at the same time.
void check_network(known_task& task, const user_folders& folders,
                   const llm::model_table& models, const process_port& process,
                   report& out) {
  borrow_app_token(*task.input, out);
  auto services =
    std::async(std::launch::async, [&] { return ask_services(task, models); });
  out.waits_for("Asking the repository's server...");
  if (task.has.repository)
    out.add(check_repository(*task.input, *hurried_git(folders), process));
  else
    out.add({{"repository", verdict::skipped, "TARGET_REPO is not set"}});
  out.waits_for(
    "Asking the model's provider, GitHub and the webhook's host...");
  out.add(services.get());
}

/// The settings in force; nothing when they cannot be read.
std::optional<known_task> read_settings(const task_options& options,
                                        const settings& environment,
                                        const result<llm::model_table>& models,
                                        report& out) {
  if (!models) {
    out.add(wrong_settings(models.error()));
    return std::nullopt;
  }
  const auto in_force = settings_in_force(options, environment);
  if (!in_force) {
    out.add(wrong_settings(in_force.error()));
    return std::nullopt;
  }
  auto task = look_at_settings(*in_force, *models);
  out.add(task.about);
  return task;
}

void examine(const task_options& options, const settings& environment,
             report& out) {
  const auto folders = find_user_folders(environment);
  if (!folders)
    return out.add(cannot_start("folders", folders.error().what));
  const auto models = load_models(*folders);
  auto task = read_settings(options, environment, models, out);
  out.add(check_folders(*folders));
  const std::shared_ptr<process_runner> process = make_process_runner({});
  out.add(check_tools(process));
  if (task && task->input)
    check_network(*task, *folders, *models, *process, out);
  else
    out.add({{"network", verdict::skipped, "set the settings right first"}});
}

int doctor(const task_options& options, const settings& environment,
           bool json) {
  block_signals();
  const signal_watch signals([](const std::string&) { ::_exit(130); });
  report out(json);
  examine(options, environment, out);
  return out.finish();
}

} // namespace

void add_doctor(CLI::App& app, const settings& environment, int& exit_code) {
  struct chosen {
    task_options options;
    bool json = false;
  };
  auto o = std::make_shared<chosen>();
  auto* verb = app.add_subcommand(
    "doctor", "Say what is wrong here, and its cure, before a task does");
  add_task_flags(*verb, o->options);
  verb->add_flag("--json", o->json, "One JSON object instead of lines");
  verb->footer("Asks the repository's server, the model's provider, GitHub and "
               "the webhook's\nhost. Costs nothing, sends no event and changes "
               "nothing but the git cache.\n\nExit codes: 0 all is well, 1 "
               "something is wrong.");
  verb->callback([o, &environment, &exit_code] {
    exit_code = doctor(o->options, environment, o->json);
  });
}

} // namespace pj
