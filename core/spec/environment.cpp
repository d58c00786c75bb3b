#include "core/spec/environment.hpp"

#include "core/spec/fields.hpp"
#include "core/spec/rules.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "core/webhook/signature.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace pj {

namespace {

constexpr std::size_t longest_name = 256; ///< names, titles (GitHub's bound)
constexpr std::size_t longest_path = 4096;
constexpr double longest_timeout = 7 * 24 * 60; ///< minutes
constexpr double least_dollars = 0.000'001;
constexpr double most_dollars = 1'000'000;

/// The API that belongs to a repository's host.
std::string derived_api(const repo_url& repo) {
  const auto& host = repo.host;
  if (host.empty() || host == "github.com" || host.ends_with(".github.com"))
    return "https://api.github.com";
  if (host.ends_with(".ghe.com"))
    return "https://api." + host;
  const auto url = split_url(repo.text);
  if (repo.scheme == repo_scheme::ssh || !url)
    return "https://" + host + "/api/v3";
  return url->scheme + "://" + host + (url->port.empty() ? "" : ":") +
         url->port + "/api/v3";
}

/// Zero when unset: only the schedule ends.
std::chrono::milliseconds webhook_max_age(fields& in) {
  using hours = std::chrono::duration<double, std::ratio<3600>>;
  return std::chrono::round<std::chrono::milliseconds>(
    hours(in.number("WEBHOOK_MAX_AGE_HOURS", 0, 0.001, 24 * 365,
                    "use hours from 0.001 to 8760, like 24 or 0.5")));
}

class reader {
public:
  reader(const settings& from, const llm::model_table& models)
    : in_(from), models_(models) {}

  result<task_input> read() {
    read_task();
    read_flags();
    read_repository();
    read_model();
    read_texts();
    read_webhook();
    read_pull_request();
    if (in_.problems().empty())
      return std::move(out_);
    return in_.failed();
  }

private:
  void read_task() {
    auto& spec = out_.spec;
    if (in_.raw("TASK_ID").empty())
      in_.missing("TASK_ID", "give the task a unique id");
    spec.id = in_.text("TASK_ID", "", longest_path, task_id_complaint);
    const auto prompt = in_.raw("AGENT_PROMPT");
    if (prompt.empty())
      in_.missing("AGENT_PROMPT", "say what is to be done");
    else if (const auto why = prompt_complaint(prompt); !why.empty())
      in_.wrong("AGENT_PROMPT", why);
    spec.prompt = prompt;
    read_timeout();
  }

  void read_flags() {
    auto& spec = out_.spec;
    spec.keep_alive = in_.flag("KEEP_ALIVE");
    spec.skip_push = in_.flag("SKIP_PUSH_TO_REMOTE");
    spec.skip_pr = in_.flag("SKIP_PR_CREATION");
    spec.add_coderabbit = in_.flag("ADD_CODERABBIT_CONFIG");
    spec.dry_run = in_.flag("DRY_RUN");
  }

  void read_timeout() {
    using minutes = std::chrono::duration<double, std::ratio<60>>;
    constexpr minutes least = std::chrono::milliseconds(1);
    auto& timeout = out_.spec.timeout;
    const minutes given(
      in_.number("TASK_TIMEOUT_MINUTES", minutes(timeout).count(),
                 least.count(), longest_timeout,
                 "use minutes, more than 0 and at most 10080, like 25 or 0.5"));
    timeout = std::chrono::round<std::chrono::milliseconds>(given);
  }

  void read_repository() {
    auto& spec = out_.spec;
    read_app();
    auto& token = out_.secrets.github_token;
    token = in_.secret("GITHUB_TOKEN");
    const bool is_app = !out_.secrets.github_app.empty();
    if (is_app && !std::exchange(token, {}).empty())
      out_.warnings.emplace_back(
        "GITHUB_TOKEN is not used: the GitHub App has its own tokens");
    const auto text = in_.raw("TARGET_REPO");
    auto repo = parse_repo_url(text, is_app || !token.empty());
    if (text.empty())
      in_.missing("TARGET_REPO", "give the repository's URL, like "
                                 "https://github.com/owner/repo");
    else if (!repo)
      in_.problem(in_.label("TARGET_REPO") + " is " + repo.error().what);
    else
      spec.repo = *std::move(repo);
    read_branches();
    if (!spec.repo.text.empty())
      read_pull_request_target();
    if (token.empty() && !is_app)
      out_.warnings.emplace_back(
        "GITHUB_TOKEN is not set: only repositories that need none can be "
        "read and written, and no pull request can be opened");
  }

  void read_branches() {
    auto& spec = out_.spec;
    spec.base = in_.text("BASE_BRANCH", "main", longest_path, branch_complaint);
    const bool given = !in_.raw("BRANCH_NAME").empty();
    spec.branch =
      in_.text("BRANCH_NAME", "pj/" + spec.id, longest_path, branch_complaint);
    if (!given && !spec.id.empty() && !is_branch_name(spec.branch))
      in_.wrong("TASK_ID", "git does not take \"pj/TASK_ID\" as a branch "
                           "name: choose another id or set BRANCH_NAME");
    else if (spec.branch == spec.base)
      in_.wrong("BRANCH_NAME", "the branch to create cannot be BASE_BRANCH");
  }

  void read_pull_request_target() {
    auto& spec = out_.spec;
    const auto named =
      in_.text("GITHUB_REPOSITORY", "", longest_name, repository_complaint);
    const auto slash = named.find('/');
    if (is_github_name(spec.repo.owner) && is_github_name(spec.repo.name)) {
      spec.github_owner = spec.repo.owner;
      spec.github_name = spec.repo.name;
    } else if (!named.empty()) {
      spec.github_owner = named.substr(0, slash);
      spec.github_name = named.substr(slash + 1);
    } else if (!spec.skip_pr && !spec.skip_push && !spec.dry_run &&
               in_.raw("GITHUB_REPOSITORY").empty()) {
      in_.missing("GITHUB_REPOSITORY",
                  "TARGET_REPO does not say where the pull request goes: "
                  "give owner/repo, or set SKIP_PR_CREATION=true");
    }
    const auto& secrets = out_.secrets;
    const auto* sent = !secrets.github_app.empty()    ? "the app's token"
                       : secrets.github_token.empty() ? ""
                                                      : "GITHUB_TOKEN";
    spec.github_api = in_.base_url("GITHUB_API_URL", sent);
    if (spec.github_api.empty())
      spec.github_api = derived_api(spec.repo);
    read_fork();
  }

  void read_model() {
    auto& spec = out_.spec;
    const auto named = in_.raw("MODEL_PROVIDER");
    const auto provider =
      named.empty() ? provider_id::openai : provider_from(lowered(named));
    if (!provider) {
      in_.wrong("MODEL_PROVIDER", "use openai, anthropic or openrouter");
      return;
    }
    spec.provider = *provider;
    spec.model = in_.text("MODEL", default_model(*provider, models_),
                          longest_name, model_complaint);
    const auto key = key_variable(*provider);
    if (in_.raw(key).empty())
      in_.missing(key, "it is the key of MODEL_PROVIDER " +
                         std::string(to_string(*provider)));
    out_.secrets.model_key = in_.secret(key);
    spec.model_base_url = model_base_url(*provider);
    read_fallback();
    read_max_cost();
  }

  /// "provider/model"; OpenRouter's models have a '/' of their own.
  void read_fallback() {
    auto& spec = out_.spec;
    const auto named =
      in_.text("FALLBACK_MODEL", "", longest_name, nothing_wrong);
    if (named.empty())
      return;
    const auto slash = std::min(named.find('/'), named.size());
    const auto provider = provider_from(lowered(named.substr(0, slash)));
    const auto model = named.substr(std::min(slash + 1, named.size()));
    if (!provider || model.empty() || !model_complaint(model).empty()) {
      in_.wrong("FALLBACK_MODEL", "use provider/model, like "
                                  "anthropic/claude-sonnet-4-5");
      return;
    }
    if (*provider == spec.provider && model == spec.model) {
      in_.wrong("FALLBACK_MODEL", "it is the model itself");
      return;
    }
    spec.fallback_provider = *provider;
    spec.fallback_model = model;
    const auto key = key_variable(*provider);
    if (in_.raw(key).empty())
      in_.missing(key, "it is the key of FALLBACK_MODEL");
    out_.secrets.fallback_key = in_.secret(key);
    spec.fallback_base_url = *provider == spec.provider
                               ? spec.model_base_url
                               : model_base_url(*provider);
  }

  void read_max_cost() {
    out_.spec.max_cost_usd =
      in_.number("MAX_COST_USD", 0, least_dollars, most_dollars,
                 "use US dollars, more than 0, like 0.50");
    const auto& spec = out_.spec;
    if (spec.max_cost_usd <= 0)
      return;
    check_price(spec.provider, spec.model);
    if (!spec.fallback_model.empty())
      check_price(spec.fallback_provider, spec.fallback_model);
  }

  /// Without a price no bound can be kept.
  void check_price(provider_id provider, const std::string& model) {
    if (!model.empty() && !models_.find(provider, model).cost)
      in_.wrong("MAX_COST_USD", "the price of " +
                                  std::string(to_string(provider)) + "/" +
                                  model + " is not known: add it to " +
                                  "models.yaml in the configuration folder");
  }

  /// Servers of one's own often speak http, and the official clients let them.
  /// Azure's dated API wants its version behind the path.
  std::string model_base_url(provider_id provider) {
    const auto name = base_url_variable(provider);
    auto given = in_.base_url(name, "", "api-version");
    const auto url = split_url(given);
    if (!url)
      return std::string(default_base_url(provider));
    if (url->scheme == "http" && !is_loopback(url->host))
      out_.warnings.push_back(in_.label(name) +
                              " is http://: prompts and the key travel "
                              "unencrypted to " +
                              url->host);
    return given;
  }

  void read_texts() {
    auto& spec = out_.spec;
    spec.author_name = in_.text("GIT_AUTHOR_NAME", spec.author_name,
                                longest_name, author_complaint);
    spec.author_email = in_.text("GIT_AUTHOR_EMAIL", spec.author_email,
                                 longest_name, email_complaint);
    spec.title = in_.text("PR_TITLE", "Pithy Jaunt: " + spec.id, longest_name,
                          nothing_wrong);
    spec.workspace =
      in_.text("WORKSPACE_ID", spec.workspace, longest_name, nothing_wrong);
    spec.system_prompt_path =
      in_.text("SYSTEM_PROMPT_PATH", "", longest_path, nothing_wrong);
  }

  void read_pull_request() {
    auto& spec = out_.spec;
    auto& extras = spec.pr_extras;
    spec.pr_draft = in_.flag("PR_DRAFT");
    extras.labels = in_.list("PR_LABELS", label_complaint);
    extras.assignees = in_.list("PR_ASSIGNEES", login_complaint);
    extras.reviewers = in_.list("PR_REVIEWERS", login_complaint);
    extras.team_reviewers = in_.list("PR_TEAM_REVIEWERS", team_complaint);
    for (auto& team : extras.team_reviewers)
      team.erase(0, team.find('/') + 1);
    spec.pr_template_path =
      in_.text("PR_TEMPLATE_PATH", "", longest_path, nothing_wrong);
  }

  void read_fork() {
    auto& spec = out_.spec;
    spec.fork_owner = in_.text("FORK_OWNER", "", longest_name, login_complaint);
    spec.fork = in_.flag("FORK") || !spec.fork_owner.empty();
    if (spec.fork && spec.repo.owner != spec.github_owner)
      in_.problem(in_.label(in_.flag("FORK") ? "FORK" : "FORK_OWNER") +
                  " needs a TARGET_REPO on the GitHub server itself, like "
                  "https://github.com/owner/repo");
  }

  void read_app() {
    auto& app = out_.secrets.github_app;
    app.id = in_.text("GITHUB_APP_ID", "", longest_name, app_id_complaint);
    app.installation = in_.text("GITHUB_APP_INSTALLATION_ID", "", longest_name,
                                number_complaint);
    app.key_path =
      in_.text("GITHUB_APP_KEY_PATH", "", longest_path, nothing_wrong);
    constexpr std::array names = {"GITHUB_APP_ID", "GITHUB_APP_INSTALLATION_ID",
                                  "GITHUB_APP_KEY_PATH"};
    const auto unset = [this](const char* name) {
      return in_.raw(name).empty();
    };
    if (std::all_of(names.begin(), names.end(), unset))
      return;
    for (const auto* name : names)
      if (unset(name))
        in_.missing(name, "a GitHub App needs its id, its installation's id "
                          "and its private key file");
  }

  void read_webhook() {
    out_.spec.webhook_url = in_.url("WEBHOOK_URL");
    out_.spec.webhook_max_age = webhook_max_age(in_);
    out_.secrets.webhook_secret = in_.raw("WEBHOOK_SECRET");
    if (webhook::is_broken(out_.secrets.webhook_secret))
      out_.warnings.emplace_back(
        "WEBHOOK_SECRET begins with whsec_, but what follows is not base64: "
        "all of its text is the key, and receivers will not expect that");
    if (in_.raw("WEBHOOK_URL").empty())
      out_.warnings.emplace_back(
        "WEBHOOK_URL is not set: no events will be sent");
  }

  fields in_;
  const llm::model_table& models_;
  task_input out_;
};

} // namespace

result<task_input> read_task(const settings& from,
                             const llm::model_table& models) {
  return reader(from, models).read();
}

std::string default_model(provider_id provider,
                          const llm::model_table& models) {
  return provider == provider_id::openai ? "gpt-4o"
                                         : models.default_model(provider);
}

event_target read_event_target(const settings& from) {
  fields in(from);
  event_target out;
  out.url = in.url("WEBHOOK_URL");
  out.secret = in.raw("WEBHOOK_SECRET");
  out.task = in.text("TASK_ID", "", longest_path, task_id_complaint);
  out.workspace =
    in.text("WORKSPACE_ID", "unknown", longest_name, nothing_wrong);
  const auto branch = out.task.empty() ? "" : "pj/" + out.task;
  out.branch = in.text("BRANCH_NAME", branch, longest_path, branch_complaint);
  return out;
}

} // namespace pj
