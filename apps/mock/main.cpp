#include "adapters/files.hpp"
#include "adapters/standard_streams.hpp"
#include "apps/mock/mock.hpp"

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>
#include <sys/resource.h>

namespace {

constexpr std::size_t max_fixtures = 64u << 20;

constexpr auto* lesson = R"(
Faces, each on a free port of 127.0.0.1 unless told otherwise:
  model    OpenAI Chat Completions and Responses, Anthropic Messages, OpenRouter
  github   pull requests, labels, reviewers, forks; state kept while it runs
  webhook  takes events at /hook; a page at /, JSON at /events
  git      smart HTTP; sample repositories acme/hello, acme/shop, acme/widgets
Each face also has /metrics (Prometheus) and /_requests (what came in).

Without fixtures every question gets an answer that really applies to the files
it shows. Fixtures are YAML:
  answers:
    - match: [greeting]           # words of the task, all of them, any case
      text: |                     # leave it out for the default change
        README.md
        ...
      stop: length                # stop, length, content_filter, pause, refusal
      times: 1
      probability: 0.5            # else the next one that fits
  faults:
    - {face: model, kind: status, status: 429, headers: {retry-after: "1"}, times: 2}
    - {face: model, kind: reset, after: 400, probability: 0.01}
    - {face: github, kind: lost-response, method: POST, path: /pulls, times: 1}
  latency: {lognormal: [300, 0.5]}   # ms; or a number, or {uniform: [low, high]}
  tokens_per_second: 80
  models: [gpt-4o]                   # others get 404
  renamed: {acme/old: acme/hello}
Kinds of faults: status, refuse, reset, stall, trickle, split, truncate,
content-type, lost-response, slow, slow-accept; for the model malformed-event,
error-event and no-end; for github duplicate-pull; for git reject-push. Their settings:
face, method, path, match, probability, skip, times; status, headers, body,
after (bytes or events), bytes, delay (ms).

Try it:
  pj-mock --json
  curl -s EVENTS_URL
)";

/// Thousands of streams need as many descriptors.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void print(const pj::mock& mock, const std::string& webhook_secret) {
  const auto& u = mock.urls();
  std::cout << "OPENAI_BASE_URL=" << u.openai
            << "\nANTHROPIC_BASE_URL=" << u.anthropic
            << "\nOPENROUTER_BASE_URL=" << u.openrouter
            << "\nOPENAI_API_KEY=" << mock.model_key()
            << "\nANTHROPIC_API_KEY=" << mock.model_key()
            << "\nOPENROUTER_API_KEY=" << mock.model_key()
            << "\nGITHUB_API_URL=" << u.github
            << "\nGITHUB_TOKEN=" << mock.token()
            << "\nWEBHOOK_URL=" << u.webhook << '\n';
  if (!webhook_secret.empty())
    std::cout << "WEBHOOK_SECRET=" << webhook_secret << '\n';
  if (!u.app_key.empty())
    std::cout << "# GitHub App: --github-app-id " << mock.app_id()
              << " --github-app-installation-id " << u.app_installation
              << " --github-app-key " << u.app_key.string() << '\n';
  if (!u.authority.empty())
    std::cout << "SSL_CERT_FILE=" << u.authority.string() << '\n';
  for (const auto& repository : u.repositories)
    std::cout << "# TARGET_REPO=" << repository << '\n';
  std::cout << "# events: " << u.events << std::endl;
}

int serve(pj::mock_options options, const std::vector<std::string>& faults,
          bool json) {
  sigset_t ends;
  sigemptyset(&ends);
  for (const int s : {SIGTERM, SIGINT, SIGHUP})
    sigaddset(&ends, s);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  pj::mock mock{options};
  for (const auto& fault : faults)
    mock.add_fault(fault);
  if (json)
    std::cout << to_json(mock, options.webhook_secret) << std::endl;
  else
    print(mock, options.webhook_secret);
  int signal = 0;
  sigwait(&ends, &signal);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  pj::open_standard_streams();
  pj::mock_options o;
  std::string fixtures;
  std::vector<std::string> faults;
  bool json = false;
  std::int64_t accept_delay = 0;
  CLI::App app{"pj-mock: doubles of everything Pithy Jaunt talks to"};
  app.footer(lesson);
  app.add_flag("--json", json, "Print one JSON line with every address");
  app.add_option("--fixtures", fixtures, "YAML file with answers and faults")
    ->check(CLI::ExistingFile);
  app.add_option("--fault", faults, "One more fault, in YAML")
    ->take_all()
    ->allow_extra_args(false);
  app.add_option("--seed", o.seed, "Of everything random");
  app.add_option("--model-port", o.model_port);
  app.add_option("--github-port", o.github_port);
  app.add_option("--webhook-port", o.webhook_port);
  app.add_option("--git-port", o.git_port);
  app.add_option("--token", o.token, "For GitHub and git; random if not given");
  app.add_option("--app", o.app_id,
                 "Install a GitHub App with this id; prints its key file");
  app
    .add_option("--app-token-seconds", o.app_token_seconds,
                "How long the app's tokens live")
    ->check(CLI::Range(1, 3600));
  app.add_option("--model-key", o.model_key, "Random if not given");
  app.add_option("--webhook-secret", o.webhook_secret,
                 "Check signatures against it and note the result");
  app
    .add_option("--repo-dir", o.repositories,
                "Serve the bare repositories OWNER/NAME.git below this folder")
    ->check(CLI::ExistingDirectory);
  app
    .add_option("--protect", o.protected_branches,
                "Refuse pushes to this branch")
    ->allow_extra_args(false);
  app.add_flag("--anonymous-read", o.anonymous_read,
               "Allow to clone without a token");
  app.add_flag("--tls", o.tls, "https://localhost, by an authority of its own");
  app.add_option("--accept-delay", accept_delay, "ms before each connection")
    ->check(CLI::Range(0, 60'000));
  app.add_option("--github-limit", o.github_limit, "Requests per hour");
  CLI11_PARSE(app, argc, argv);
  try {
    o.accept_delay = std::chrono::milliseconds{accept_delay};
    if (!fixtures.empty()) {
      auto text = pj::read_whole_file(fixtures, max_fixtures);
      if (!text)
        throw std::runtime_error(text.error().what);
      o.fixtures = *std::move(text);
    }
    raise_descriptor_limit();
    return serve(std::move(o), faults, json);
  } catch (const std::exception& e) {
    std::cerr << "pj-mock: " << e.what() << '\n';
    return 2;
  }
}
