#pragma once
#include "actors/engine.hpp"
#include "actors/github.hpp"
#include "actors/journal.hpp"
#include "actors/keeper.hpp"
#include "actors/llm.hpp"
#include "actors/patch.hpp"
#include "actors/prompt.hpp"
#include "actors/repo.hpp"
#include "actors/validate.hpp"
#include "actors/webhook.hpp"
#include "tests/actors/fakes.hpp"
#include "tests/actors/fixture.hpp"

#include <caf/exit_reason.hpp>

#include <map>
#include <string>
#include <vector>

namespace pj::test {

inline const std::string good_answer =
  "README.md\n```\n<<<<<<< SEARCH\nhello\n=======\nhello, world\n"
  ">>>>>>> REPLACE\n```\n";

inline const std::string bad_answer =
  "README.md\n```\n<<<<<<< SEARCH\nnot there at all\n=======\nx\n"
  ">>>>>>> REPLACE\n```\n";

/// The engine with every service behind its keeper, on fakes and virtual time.
struct whole_engine : actors {
  std::shared_ptr<memory_store> store = std::make_shared<memory_store>();
  std::shared_ptr<scripted_http> github = std::make_shared<scripted_http>();
  std::shared_ptr<scripted_http> receiver = std::make_shared<scripted_http>();
  std::shared_ptr<scripted_llm> model = std::make_shared<scripted_llm>();
  std::shared_ptr<token_source> token = std::make_shared<fixed_token>("tok");
  std::shared_ptr<scripted_llm> other_model = std::make_shared<scripted_llm>();
  std::shared_ptr<purse> money;
  std::vector<spending_limit> spending;
  std::shared_ptr<scripted_git> git = std::make_shared<scripted_git>();
  std::shared_ptr<no_places> places = std::make_shared<no_places>();
  std::shared_ptr<recorder> watch = std::make_shared<recorder>();
  std::shared_ptr<task_spec> spec = std::make_shared<task_spec>();

  /// The threads of each service that has some.
  std::map<std::string, std::shared_ptr<inline_executor>> threads;

  task_services services;
  std::vector<caf::actor> keepers;
  std::map<std::string, caf::actor> children; ///< as they are now
  std::map<std::string, int> starts;
  engine_actor boss;
  bool pr_exists = false;

  explicit whole_engine(github_pace pace = github_pace::none(),
                        rate_limiter_config limits = {}) {
    describe_task();
    model->outcomes.push_back(answered_with(good_answer));
    receiver->answer = [](const http_request&) {
      return http_response{200, {}, {}};
    };
    github->answer = [this](const http_request& r) { return play_github(r); };
    for (const auto* name : {"repo", "prompt", "patch", "validate"})
      threads[name] = std::make_shared<inline_executor>();
    start(pace, limits);
  }

  ~whole_engine() {
    stop(boss);
    for (auto& k : keepers)
      stop(k);
    services = {};
    children.clear();
    run();
  }

  void describe_task() {
    spec->id = "t1";
    spec->prompt = "greet the world in README.md";
    spec->repo.text = "https://example.com/acme/shop";
    spec->repo.owner = "acme";
    spec->repo.name = "shop";
    spec->branch = "pj/t1";
    spec->model = "gpt-4o";
    spec->title = "Pithy Jaunt: t1";
    spec->github_owner = "acme";
    spec->github_name = "shop";
    spec->github_api = "https://api.example.com";
    spec->webhook_url = "http://127.0.0.1/hook";
  }

  result<http_response> play_github(const http_request& r) {
    const std::string one =
      R"({"number": 7, "html_url": "https://example.com/pr/7"})";
    if (r.method == "GET")
      return http_response{200, {}, pr_exists ? "[" + one + "]" : "[]"};
    pr_exists = true;
    return http_response{201, {}, one};
  }

  wall_clock::time_point wall() const {
    return wall_clock::time_point{
      std::chrono::duration_cast<wall_clock::duration>(
        sched.clock().now().time_since_epoch())};
  }

  template <class Handle, class Make>
  Handle keep(const std::string& name, Make make) {
    auto factory = [this, name, make](caf::actor_system&) {
      ++starts[name];
      return children[name] = caf::actor_cast<caf::actor>(make());
    };
    keepers.push_back(sys.spawn(keeper, name, service_factory(factory),
                                restart_policy{},
                                std::function<void(const std::string&)>{}));
    return caf::actor_cast<Handle>(keepers.back());
  }

  llm_actor keep_llm(const std::string& name, provider_id provider,
                     const std::shared_ptr<scripted_llm>& port,
                     rate_limiter_config limits) {
    return keep<llm_actor>(name, [this, provider, port, limits] {
      llm_config c;
      c.limits = limits;
      c.where.provider = provider;
      c.models = llm::model_table::built_in();
      c.random = [] { return 0.5; };
      return sys.spawn(llm_service, port, watch, c);
    });
  }

  void start(github_pace pace, rate_limiter_config limits) {
    services.journal = keep<journal_actor>(
      "journal", [this] { return sys.spawn(journal, store); });
    services.repo = keep<repo_actor>("repo", [this] {
      return sys.spawn(repo, git, threads["repo"], repo_config{token, 2});
    });
    services.prompt = keep<prompt_actor>("prompt", [this] {
      return sys.spawn(prompt_service, threads["prompt"], std::size_t{2},
                       prompt::symbol_finder{});
    });
    services.patch = keep<patch_actor>("patch", [this] {
      return sys.spawn(patch_service, threads["patch"], std::size_t{2});
    });
    services.validate = keep<validate_actor>("validate", [this] {
      return sys.spawn(validate_service, places, threads["validate"],
                       std::size_t{2});
    });
    services.llm = keep_llm("llm", provider_id::openai, model, limits);
    services.fallback_llm =
      keep_llm("fallback", provider_id::anthropic, other_model, limits);
    services.github = keep<github_actor>("github", [this, pace] {
      return sys.spawn(
        github_service, github,
        github_config{token, "GITHUB_TOKEN", [] { return 1'000; }, pace});
    });
    services.webhook = keep<webhook_actor>("webhook", [this] {
      webhook_config w;
      w.headers = [](const std::string& id, std::int64_t, const std::string&) {
        return http_headers{{"webhook-id", id}};
      };
      w.schedule = delivery_schedule::short_lived();
      w.random = [] { return 0.5; };
      w.now = [this] { return wall(); };
      return sys.spawn(webhook_service, receiver, services.journal, w);
    });
    engine_config e;
    e.prepare = [this](const submit_task& x) { return setup_of(x); };
    std::vector<caf::actor_addr> watched;
    for (const auto& k : keepers)
      watched.push_back(k.address());
    boss = sys.spawn(engine, services.webhook, watched, e);
    run();
  }

  task_setup setup_of(const submit_task& x) {
    task_setup s;
    s.services = services;
    s.spec = x.spec;
    s.inputs = "digest of " + x.spec->prompt;
    s.model =
      llm::model_table::built_in().find(x.spec->provider, x.spec->model);
    if (!x.spec->fallback_model.empty())
      s.fallback = llm::model_table::built_in().find(x.spec->fallback_provider,
                                                     x.spec->fallback_model);
    s.limits = spending;
    if (money)
      s.limits.push_back({money, spending_limit::unit::dollars, "--max-cost"});
    s.watch = watch;
    s.now = [this] { return wall(); };
    s.random = [] { return 0.5; };
    return s;
  }

  /// Ends a service as a crash would.
  void crash(const std::string& service) {
    self->send_exit(children.at(service), caf::exit_reason::kill);
    run();
  }

  auto submit() {
    submit_task x;
    x.spec = spec;
    auto r = self->request(boss, caf::infinite, x);
    run();
    return r;
  }

  /// Submits, lets `meanwhile` happen and gives the outcome.
  template <class Meanwhile>
  task_outcome outcome_after(Meanwhile meanwhile) {
    auto r = submit();
    meanwhile();
    return *take<task_outcome>(r).value;
  }

  task_outcome outcome() {
    return outcome_after([] {});
  }
};

} // namespace pj::test
