#include "apps/pj/doctor/services.hpp"

#include "apps/pj/doctor/judge.hpp"
#include "apps/pj/run_task.hpp"
#include "core/url.hpp"

namespace pj {

namespace {

using namespace std::chrono_literals;

using std::chrono::milliseconds;
using answer = result<http_response>;

http_limits limits() {
  http_limits x;
  x.connect = 10s;
  x.idle = 15s;
  x.total = 30s;
  return x;
}

bool wants_pull_request(const task_spec& spec) {
  return !spec.skip_push && !spec.skip_pr && !spec.dry_run;
}

finding no_token(const task_spec& spec, bool has_repository) {
  if (has_repository && wants_pull_request(spec))
    return {"token rights", verdict::wrong,
            "GITHUB_TOKEN is not set, so no pull request can be opened: set "
            "it, or SKIP_PR_CREATION=true"};
  return {"token rights", verdict::skipped, "GITHUB_TOKEN is not set"};
}

finding judge_webhook(const std::string& url, const answer& reached) {
  if (!reached)
    return {"webhook", verdict::wrong,
            "events cannot be delivered: " + reached.error().what +
              "; check WEBHOOK_URL and the network"};
  const auto parts = split_url(url);
  return {"webhook", verdict::good,
          (parts ? parts->host : "its host") + " takes connections" +
            (url.starts_with("https:") ? ", its certificate is trusted" : "") +
            "; no event was sent"};
}

/// Asks when made, listens when told to.
class questions {
public:
  questions(const task_input& task, const task_parts& has, http_port& http)
    : task_(task), has_(has), where_(endpoint_of(task)),
      fallback_(fallback_of(task)) {
    const auto& spec = task.spec;
    target_.api = spec.github_api;
    target_.owner = spec.github_owner;
    target_.name = spec.github_name;
    if (fallback_)
      fallback_key_ = fetch_later(http, key_request(*fallback_), limits());
    if (has.key)
      key_ = fetch_later(http, key_request(where_), limits());
    if (has.repository && !token().empty() && !target_.owner.empty())
      rights_ = fetch_later(
        http, github::authorized(github::repository_request(target_), token()),
        limits());
    auto touch = limits();
    touch.connect_only = true;
    if (!spec.webhook_url.empty())
      webhook_ = fetch_later(http, {"GET", spec.webhook_url, {}, {}}, touch);
  }

  finding key() {
    if (key_.valid())
      return judge_key(where_, task_.spec.model, heard(key_));
    return {"model key", has_.repository ? verdict::wrong : verdict::skipped,
            std::string(key_variable(where_.provider)) +
              " is not set: it is the key of MODEL_PROVIDER " +
              std::string(to_string(where_.provider))};
  }

  /// Nothing without a fall-back.
  findings fallback(const llm::model_table& models) {
    if (!fallback_)
      return {};
    const auto& model = task_.spec.fallback_model;
    return {
      judge_key(*fallback_, model, heard(fallback_key_), "fallback key"),
      judge_model(models.find(fallback_->provider, model), "fallback model")};
  }

  finding rights() {
    if (rights_.valid())
      return judge_rights(target_, token(), heard(rights_), unix_now(),
                          !task_.spec.fork);
    if (token().empty())
      return no_token(task_.spec, has_.repository);
    return {"token rights", verdict::skipped,
            has_.repository ? "no repository on GitHub is named"
                            : "TARGET_REPO is not set"};
  }

  finding webhook() {
    if (webhook_.valid())
      return judge_webhook(task_.spec.webhook_url, webhook_.get());
    return {"webhook", verdict::skipped,
            "WEBHOOK_URL is not set, events would not be sent"};
  }

  /// Of those heard so far; the first that tells counts.
  finding clock() const { return clock_; }

private:
  const std::string& token() const { return task_.secrets.github_token; }

  static std::int64_t unix_now() {
    using wall = std::chrono::system_clock;
    return wall::to_time_t(wall::now());
  }

  answer heard(std::future<answer>& from) {
    auto got = from.get();
    if (got && clock_.how == verdict::skipped)
      clock_ = judge_clock(*got, std::chrono::time_point_cast<milliseconds>(
                                   std::chrono::system_clock::now()));
    return got;
  }

  const task_input& task_;
  const task_parts& has_;
  const llm::endpoint where_;
  const std::optional<llm::endpoint> fallback_;
  github::pull_request target_;
  std::future<answer> key_;
  std::future<answer> fallback_key_;
  std::future<answer> rights_;
  std::future<answer> webhook_;
  finding clock_{"clock", verdict::skipped, "no server told the time"};
};

} // namespace

findings check_services(const task_input& task, const task_parts& has,
                        const llm::model_table& models, http_port& http) {
  questions ask(task, has, http);
  findings out{ask.key()};
  out.push_back(judge_model(models.find(task.spec.provider, task.spec.model)));
  const auto fallback = ask.fallback(models);
  out.insert(out.end(), fallback.begin(), fallback.end());
  out.push_back(ask.rights());
  out.push_back(ask.webhook());
  out.push_back(ask.clock());
  return out;
}

} // namespace pj
