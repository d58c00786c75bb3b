#include "actors/github_fork.hpp"

#include "core/text.hpp"
#include "messages/error.hpp"

namespace pj {

namespace {

using namespace std::chrono_literals;

// GitHub: five minutes at most; pauses of 1, 2, 4, 8, 10, 10, … s.
constexpr int max_looks = 33;
constexpr std::chrono::seconds longest_pause = 10s;

failure final(std::string what) {
  return {failure_class::fail, failure_code::github, std::move(what), {}, {}};
}

failure not_ready(const std::string& name) {
  return {failure_class::retry,
          failure_code::github,
          "GitHub is still making the fork " + name,
          {},
          60s};
}

} // namespace

github_fork::github_fork(tools with, prepare_fork what,
                         caf::typed_response_promise<prepared_fork> promise)
  : github_job(with, what.task, what.held), what_(std::move(what)),
    promise_(std::move(promise)) {}

void github_fork::start() {
  const auto& wish = what_.what;
  if (!with_.config.tokens)
    return fail(no_token("no fork can be made"));
  if (equal_ignoring_case(wish.organization, wish.owner))
    return fail(final("FORK_OWNER owns " + wish.owner + "/" + wish.name +
                      " itself: leave it out"));
  if (wish.organization.empty())
    return make();
  ask(github::find_fork_request(wish), [this](result<http_response> got) {
    if (!got)
      return fail(got.error());
    if (auto one = github::read_found_fork(what_.what, *got))
      return found(*std::move(one));
    make();
  });
}

void github_fork::make() {
  ask(github::make_fork_request(what_.what), [this](result<http_response> got) {
    if (!got || got->status != 202)
      return fail(why_not(github::errand_of(what_.what), got));
    auto one = github::read_made_fork(*got);
    if (!one)
      return fail(one.error());
    found(*std::move(one));
  });
}

void github_fork::found(github::fork one) {
  made_ = std::move(one);
  if (equal_ignoring_case(made_.owner, what_.what.owner))
    return fail(final(made_.owner + "/" + made_.name +
                      " belongs to the token's owner, so it cannot be forked "
                      "there: leave FORK out or set FORK_OWNER"));
  wait();
}

void github_fork::wait() {
  ask(github::fork_ready_request(what_.what, made_),
      [this](result<http_response> got) { looked(got); });
}

void github_fork::looked(const result<http_response>& got) {
  if (got && got->status == 200)
    return compare();
  // 404: not there yet; 409: there, but empty.
  if (got && got->status != 404 && got->status != 409)
    return fail(why_not(github::errand_of(what_.what), got));
  if (!got && got.error().kind != failure_class::retry)
    return fail(got.error());
  if (++looks_ >= max_looks)
    return fail(not_ready(made_.owner + "/" + made_.name));
  wake_after(std::min<std::chrono::seconds>(
    std::chrono::seconds{1 << std::min(looks_ - 1, 4)}, longest_pause));
}

void github_fork::woken(bool) {
  wait();
}

void github_fork::compare() {
  ask(github::fork_branch_request(what_.what, made_),
      [this](const result<http_response>& got) {
        if (got && github::is_up_to_date(what_.what, *got))
          deliver();
        else
          update();
      });
}

/// A fork that lags behind may lack the commit that the change is made on. What
/// cannot be brought up to date is left as it is: the push will tell.
void github_fork::update() {
  ask(github::sync_fork_request(what_.what, made_),
      [this](const result<http_response>& got) {
        if (!got || got->status / 100 != 2) {
          auto why = why_not(github::errand_of(what_.what), got);
          if (why.kind == failure_class::retry)
            return fail(std::move(why));
        }
        deliver();
      });
}

void github_fork::deliver() {
  end();
  promise_.deliver(prepared_fork{made_});
}

void github_fork::fail(failure why) {
  end();
  promise_.deliver(make_error(heeded(std::move(why))));
}

} // namespace pj
