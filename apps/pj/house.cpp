#include "apps/pj/house.hpp"

#include "actors/github.hpp"
#include "actors/journal.hpp"
#include "actors/llm.hpp"
#include "actors/patch.hpp"
#include "actors/prompt.hpp"
#include "actors/reception.hpp"
#include "actors/repo.hpp"
#include "actors/validate.hpp"
#include "actors/webhook.hpp"
#include "adapters/crypto/digest.hpp"
#include "adapters/git/libgit2_git.hpp"
#include "adapters/http/llm_client.hpp"
#include "adapters/log.hpp"
#include "adapters/process/ctags.hpp"
#include "adapters/process/runner.hpp"
#include "adapters/work_tree/scratch_work_tree.hpp"
#include "apps/pj/event_headers.hpp"
#include "apps/pj/random_numbers.hpp"
#include "apps/pj/system_config.hpp"
#include "apps/pj/tokens.hpp"
#include "core/spec/digest.hpp"
#include "messages/error.hpp"

#include <caf/scoped_actor.hpp>

#include <malloc.h>

#include <cstdlib>
#include <map>
#include <utility>

namespace pj {

namespace {

using namespace std::chrono_literals;

/// How long a blocking call may take to notice that it is over (DESIGN).
constexpr auto patience = 5s;

/// The threads hand memory to each other all the time: with an arena for each,
/// 10,000 streams keep 4 KB more apiece (tests/bench/many_streams_bench.cpp).
constexpr int most_arenas = 2;

wall_clock::time_point wall_now() {
  return wall_clock::now();
}

std::string environment_variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

git_options repositories_of(const house_options& o) {
  git_options out;
  out.cache = o.cache;
  out.ca_file = environment_variable("SSL_CERT_FILE");
  out.ca_dir = environment_variable("SSL_CERT_DIR");
  return out;
}

/// The task's own.
std::vector<spending_limit> limits_of(const task_spec& spec) {
  using unit = spending_limit::unit;
  std::vector<spending_limit> out;
  if (spec.max_cost_usd > 0)
    out.push_back({std::make_shared<purse>(spec.max_cost_usd), unit::dollars,
                   "--max-cost"});
  if (spec.max_tokens > 0)
    out.push_back({std::make_shared<purse>(double(spec.max_tokens)),
                   unit::tokens, "limits.max_tokens.task"});
  return out;
}

void warn(const std::string& line) {
  log_line(log_level::warning, line);
}

} // namespace

struct house::parts {
  house_options options;
  std::shared_ptr<http_client> http;
  std::shared_ptr<token_source> tokens;
  std::shared_ptr<git_port> git;
  std::shared_ptr<llm_port> llm;
  std::shared_ptr<process_port> process;
  std::shared_ptr<work_pool> git_pool;
  std::shared_ptr<work_pool> cpu_pool;
  std::shared_ptr<work_pool> check_pool;
  random_source random = make_random();
  system_config config;
  std::optional<caf::actor_system> system;
  std::vector<caf::actor> keepers;
  engine_actor engine;
  reception_actor desk;
  task_services services; ///< of every task, but for whom it asks

  /// By provider and base URL; one key each. Limits are an account's, whatever
  /// the model.
  std::map<std::pair<provider_id, std::string>, llm_actor> accounts;

  explicit parts(house_options o) : options(std::move(o)) {}

  void make_adapters();
  void make_actors();
  task_setup prepare(const submit_task& what) const;

  llm_actor keep_llm(const llm::endpoint& where) {
    llm_config model;
    model.where = where;
    model.models = options.models;
    model.limits = options.limits;
    model.random = random;
    return keep<llm_actor>(
      "llm", [llm = llm, watch = options.watch, model](auto& sys) {
        return sys.spawn(llm_service, llm, watch, model);
      });
  }

  template <class Handle, class Factory>
  Handle keep(std::string name, Factory factory) {
    auto k = system->spawn(keeper, std::move(name),
                           service_factory([factory](caf::actor_system& sys) {
                             return caf::actor_cast<caf::actor>(factory(sys));
                           }),
                           restart_policy{}, warn);
    keepers.push_back(k);
    return caf::actor_cast<Handle>(k);
  }
};

void house::parts::make_adapters() {
  http_client_options web;
  web.proxy = proxy_settings_from_environment();
  http = make_http_client(web);
  tokens = make_tokens(http, options.secrets, options.github_api);
  llm = options.llm ? options.llm : make_llm_client(http);
  git = options.git ? options.git : make_git(repositories_of(options));
  process_options commands;
  commands.hidden = options.hidden;
  commands.scratch = options.scratch;
  process = make_process_runner(std::move(commands));
  git_pool = std::make_shared<work_pool>("pj-git", options.git_threads);
  cpu_pool = std::make_shared<work_pool>("pj-cpu", options.cpu_threads);
  check_pool = std::make_shared<work_pool>("pj-check", options.check_threads);
}

void house::parts::make_actors() {
  system.emplace(config);
  const auto& o = options;
  services.journal =
    keep<journal_actor>("journal", [store = o.store](auto& sys) {
      return sys.spawn(journal, store);
    });
  services.repo =
    keep<repo_actor>("repo", [git = git, pool = git_pool, tokens = tokens,
                              n = o.git_threads](auto& sys) {
      return sys.spawn(repo, git, pool, repo_config{tokens, n});
    });
  services.prompt = keep<prompt_actor>(
    "prompt",
    [pool = cpu_pool, n = o.cpu_threads, symbols = make_ctags(process).find](
      auto& sys) { return sys.spawn(prompt_service, pool, n, symbols); });
  services.patch =
    keep<patch_actor>("patch", [pool = cpu_pool, n = o.cpu_threads](auto& sys) {
      return sys.spawn(patch_service, pool, n);
    });
  services.validate = keep<validate_actor>(
    "validate", [places = make_work_trees(git, process, o.scratch),
                 pool = check_pool, n = o.check_threads](auto& sys) {
      return sys.spawn(validate_service, places, pool, n);
    });
  for (const auto& one : o.providers)
    accounts.try_emplace({one.provider, one.base_url}, keep_llm(one));
  github_config host;
  host.tokens = tokens;
  if (!o.secrets.github_app.empty())
    host.token_name = "the GitHub App's token";
  host.unix_now = unix_now;
  host.pace = o.github;
  services.github =
    keep<github_actor>("github", [http = http, host](auto& sys) {
      return sys.spawn(github_service, http, host);
    });
  webhook_config events;
  events.url = o.webhook_url;
  events.headers = make_event_headers(o.secrets.webhook_secret);
  events.schedule = o.webhook_schedule;
  events.max_age = o.webhook_max_age;
  events.random = random;
  events.now = wall_now;
  events.watch = o.watch;
  events.log = warn;
  services.webhook = keep<webhook_actor>(
    "webhook", [http = http, journal = services.journal, events](auto& sys) {
      return sys.spawn(webhook_service, http, journal, events);
    });
  std::vector<caf::actor_addr> watched;
  for (const auto& k : keepers)
    watched.push_back(k.address());
  engine_config admission;
  admission.prepare = [this](const submit_task& x) { return prepare(x); };
  admission.max_running = o.max_running;
  admission.watch = o.watch;
  admission.log = warn;
  engine = system->spawn(pj::engine, services.webhook, watched, admission);
  desk = system->spawn(reception, engine, [](const std::string& line) {
    log_line(log_level::error, line);
  });
}

task_setup house::parts::prepare(const submit_task& what) const {
  task_setup setup;
  setup.spec = what.spec;
  setup.group = what.group;
  setup.inputs = sha256_hex(outcome_inputs(*what.spec));
  setup.system_prompt = options.system_prompt;
  setup.services = services;
  const auto& spec = *what.spec;
  setup.model = options.models.find(spec.provider, spec.model);
  setup.services.llm = accounts.at({spec.provider, spec.model_base_url});
  if (!spec.fallback_model.empty()) {
    setup.fallback =
      options.models.find(spec.fallback_provider, spec.fallback_model);
    setup.services.fallback_llm =
      accounts.at({spec.fallback_provider, spec.fallback_base_url});
  }
  setup.limits = limits_of(*what.spec);
  setup.limits.insert(setup.limits.end(), options.spending.begin(),
                      options.spending.end());
  setup.watch = options.watch;
  setup.now = wall_now;
  setup.keep_folder = (options.kept / what.spec->id).string();
  setup.random = random;
  setup.hide = redact;
  return setup;
}

house::house(house_options options)
  : parts_(std::make_unique<parts>(std::move(options))) {
  ::mallopt(M_ARENA_MAX, most_arenas);
  parts_->make_adapters();
  parts_->make_actors();
}

house::~house() {
  shut_down();
}

void house::submit(submit_task what, std::function<void(task_outcome)> then) {
  caf::anon_send(parts_->desk, submission{std::move(what), std::move(then)});
}

void house::cancel(failure why) {
  caf::anon_send<caf::message_priority::high>(
    parts_->engine, cancel_everything{std::move(why)});
}

void house::drain(std::function<void(std::uint64_t)> then) {
  parts_->system->spawn(
    [engine = parts_->engine, then](caf::event_based_actor* self) {
      self->request(engine, caf::infinite, drain_outbox{})
        .then([then](const drained_outbox& x) { then(x.given_up); },
              // Then the caller's time runs out, and it says so.
              [](const caf::error&) {});
    });
}

void house::forecast(std::function<void(std::string)> then) {
  parts_->system->spawn(
    [github = parts_->services.github, then](caf::event_based_actor* self) {
      self->request(github, 30s, forecast_pulls{})
        .then([then](pulls_forecast& x) { then(std::move(x.line)); },
              [](const caf::error&) {});
    });
}

bool house::shut_down() {
  if (!parts_->system)
    return true;
  auto& p = *parts_;
  // Before what they wait for breaks off, which they would take for its end.
  caf::anon_send_exit(p.engine, caf::exit_reason::user_shutdown);
  caf::scoped_actor(*p.system)->wait_for(p.engine);
  p.http->shutdown();
  const bool quiet = p.git_pool->join_for(patience) &&
                     p.cpu_pool->join_for(patience) &&
                     p.check_pool->join_for(patience);
  for (const auto& k : p.keepers)
    caf::anon_send_exit(k, caf::exit_reason::user_shutdown);
  p.engine = nullptr;
  p.desk = nullptr;
  p.services = {};
  p.accounts.clear();
  p.keepers.clear();
  p.system.reset();
  return quiet;
}

} // namespace pj
