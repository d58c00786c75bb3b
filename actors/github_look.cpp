#include "actors/github_look.hpp"

#include "messages/error.hpp"

namespace pj {

namespace {

constexpr std::chrono::seconds between_looks{1};

github::errand errand_of(const github::pull_place& where) {
  return {where.owner + "/" + where.name, "read the pull requests of",
          "pull_requests=read"};
}

/// The open one of a head branch.
github::pull_request wish_of(const github::pull_place& where) {
  github::pull_request out;
  out.api = where.api;
  out.owner = where.owner;
  out.name = where.name;
  out.head_owner = where.head_owner;
  out.head = where.head;
  return out;
}

} // namespace

github_look::github_look(tools with, look_at_pull what,
                         caf::typed_response_promise<seen_pull> promise)
  : github_job(with, what.task, {}), what_(std::move(what)),
    promise_(std::move(promise)) {}

void github_look::start() {
  if (!with_.config.tokens)
    return fail(no_token("no pull request can be looked at"));
  if (what_.where.number > 0)
    look();
  else
    find();
}

void github_look::find() {
  ask(github::lookup_request(wish_of(what_.where)),
      [this](const result<http_response>& got) {
        if (!got || got->status != 200)
          return fail(why_not(errand_of(what_.where), got));
        const auto found = github::read_lookup(*got);
        if (!found)
          return fail(found.error());
        if (!*found)
          return deliver({});
        what_.where.number = (*found)->number;
        look();
      });
}

void github_look::look() {
  ask(github::pull_state_request(what_.where),
      [this](const result<http_response>& got) {
        if (!got || got->status != 200)
          return fail(why_not(errand_of(what_.where), got));
        auto now = github::read_pull_state(*got);
        if (!now)
          return fail(now.error());
        if (what_.twice && github::is_being_worked_out(*now)) {
          what_.twice = false;
          return wake_after(between_looks);
        }
        deliver({*std::move(now)});
      });
}

void github_look::woken(bool) {
  look();
}

void github_look::deliver(seen_pull x) {
  end();
  promise_.deliver(std::move(x));
}

void github_look::fail(failure why) {
  end();
  promise_.deliver(make_error(heeded(std::move(why))));
}

} // namespace pj
