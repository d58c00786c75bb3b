#include "actors/github_pull.hpp"

#include "core/text.hpp"
#include "messages/error.hpp"

#include <caf/actor_clock.hpp>

namespace pj {

namespace {

using namespace std::chrono_literals;

// Labels and reviewers are worth a second and a third try, not a long wait.
constexpr int max_tries = 3;
constexpr auto between_tries = 2s;

failure not_listed() {
  return {failure_class::retry,
          failure_code::github,
          "GitHub says the pull request exists, but does not list it",
          {},
          {}};
}

} // namespace

github_pull::github_pull(
  tools with, open_pull_request what,
  caf::typed_response_promise<opened_pull_request> promise)
  : github_job(with, what.task, what.held), what_(std::move(what)),
    promise_(std::move(promise)),
    dressed_by_(what_.dressed_by, what_.held != nullptr) {}

void github_pull::start() {
  if (with_.config.tokens)
    look_up();
  else
    fail(no_token("no pull request can be opened; set it, or "
                  "SKIP_PR_CREATION=true"));
}

void github_pull::look_up() {
  ask(github::lookup_request(what_.what),
      [this](result<http_response> got) { looked_up(got); });
}

void github_pull::looked_up(const result<http_response>& got) {
  if (!got || got->status != 200)
    return fail(why_not(github::errand_of(what_.what), got));
  auto found = github::read_lookup(*got);
  if (!found)
    return fail(found.error());
  if (*found)
    return opened(**found, true);
  if (refused_)
    return fail(not_listed());
  create();
}

void github_pull::create() {
  ask(github::create_request(what_.what),
      [this](result<http_response> got) { created(got); });
}

void github_pull::created(const result<http_response>& got) {
  if (got && got->status == 201) {
    if (auto made = github::read_created(*got))
      return opened(*std::move(made), false);

    // It is there, whatever became of the answer: GitHub lists it.
    refused_ = true;
    return look_up();
  }
  if (got && github::read_refusal(*got) == github::refusal::already_exists) {
    refused_ = true;
    return look_up();
  }
  auto what = github::errand_of(what_.what);
  what.seen = true;
  fail(why_not(std::move(what), got));
}

void github_pull::opened(github::existing found, bool adopted) {
  open_ = true;
  reply_ = {found.url, found.number, adopted, {}};
  if (found.open)
    for (auto& one : github::dressings(what_.what, found))
      to_do_.push_back(std::move(one));
  if (!to_do_.empty())
    wait_for_end();
  dress_next();
}

void github_pull::wait_for_end() {
  if (what_.dressed_by.time_since_epoch().count() > 0)
    wake_after(std::max(dressed_by_.left(with_.self->clock().now()), 1ms),
               true);
}

void github_pull::hold(bool now) {
  const auto time = with_.self->clock().now();
  github_job::hold(now);
  if (now)
    return dressed_by_.hold(time);
  if (!dressed_by_.is_held())
    return;
  dressed_by_.let_go(time);
  if (open_)
    wait_for_end();
}

void github_pull::dress_next() {
  if (to_do_.empty())
    return deliver();
  // A pull request is finished before the next one is begun.
  ask(
    to_do_.front().request, [this](result<http_response> got) { dressed(got); },
    true);
}

void github_pull::dressed(const result<http_response>& got) {
  const auto& now = to_do_.front();
  if (got && got->status / 100 == 2) {
    if (const auto names = github::not_assigned(now, *got); !names.empty())
      reply_.warnings.push_back(
        "GitHub did not assign " + names +
        ": only people with access to the repository can be assigned");
    tries_ = 0;
    to_do_.pop_front();
    return dress_next();
  }
  const auto why = heeded(why_not({what_.what.owner + "/" + what_.what.name,
                                   "set " + now.what + " in",
                                   now.rights,
                                   true,
                                   {}},
                                  got));
  if (why.kind == failure_class::retry && ++tries_ < max_tries)
    return wake_after(between_tries);
  skip(why.what);
  dress_next();
}

void github_pull::woken(bool late) {
  if (!late)
    return dress_next();
  if (dressed_by_.left(with_.self->clock().now()) > 0ms)
    return; // it was held back meanwhile
  while (!to_do_.empty())
    skip("the task's time is almost up");
  deliver();
}

void github_pull::skip(const std::string& why) {
  reply_.warnings.push_back("the pull request is open but did not get its " +
                            to_do_.front().what + ": " + why);
  tries_ = 0;
  to_do_.pop_front();
}

void github_pull::deliver() {
  end();
  promise_.deliver(std::move(reply_));
}

void github_pull::fail(failure why) {
  end();
  promise_.deliver(make_error(heeded(std::move(why))));
}

std::size_t github_pull::writes_left() const {
  if (open_)
    return to_do_.size();
  const auto& more = what_.what.more;
  std::size_t n = 1;
  for (const auto* kind :
       {&more.labels, &more.assignees, &more.reviewers, &more.team_reviewers})
    n += kind->empty() ? 0u : 1u;
  return n;
}

} // namespace pj
