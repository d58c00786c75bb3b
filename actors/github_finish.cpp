#include "actors/github_finish.hpp"

#include "core/text.hpp"
#include "messages/error.hpp"

namespace pj {

namespace {

using namespace std::chrono_literals;
using end_of = finished_pull::end;

// GitHub works out in the background whether a merge is possible: looked for
// after 1, 2, 4 and 8 s.
constexpr int max_looks = 5;

// A write whose answer is lost may have been heard: it is looked for.
constexpr int max_tries = 3;
constexpr auto between_tries = 2s;

bool is_good(const result<http_response>& got) {
  return got && got->status / 100 == 2;
}

/// Many repositories delete the branches of merged ones themselves.
bool is_gone(const result<http_response>& got) {
  return got && got->status == 422 &&
         lowered(github::error_text(*got)).find("does not exist") !=
           std::string::npos;
}

} // namespace

github_finish::github_finish(tools with, finish_pull what,
                             caf::typed_response_promise<finished_pull> promise)
  : github_job(with, what.task, {}), what_(std::move(what)),
    promise_(std::move(promise)) {}

github::errand github_finish::errand(const char* deed) const {
  return {what_.where.owner + "/" + what_.where.name, deed,
          "pull_requests=write and contents=write", reply_.now.number > 0};
}

void github_finish::start() {
  if (with_.config.tokens)
    look();
  else
    give_up(no_token("no pull request can be merged or closed"));
}

void github_finish::look() {
  ask(github::pull_state_request(what_.where),
      [this](const result<http_response>& got) { looked(got); });
}

void github_finish::looked(const result<http_response>& got) {
  if (!got || got->status != 200)
    return give_up(why_not(errand("read the pull requests of"), got));
  auto now = github::read_pull_state(*got);
  if (!now)
    return give_up(now.error());
  reply_.now = *std::move(now);
  if (what_.how == pull_end::closed)
    close();
  else if (refused_.empty() || reply_.now.at == github::pull_standing::merged)
    merge();
  else
    leave(std::move(refused_));
}

void github_finish::merge() {
  if (reply_.now.at == github::pull_standing::merged) {
    const bool by_us = tries_ > 0 || !refused_.empty();
    reply_.how = by_us ? end_of::done : end_of::already;
    return done();
  }
  if (auto why = github::merge_obstacle(reply_.now, what_.commit); !why.empty())
    return leave(std::move(why));
  if (github::is_being_worked_out(reply_.now)) {
    if (++looks_ >= max_looks)
      return leave("GitHub has not worked out yet whether it can be merged: "
                   "try again in a while");
    return wake_after(std::chrono::seconds{1 << (looks_ - 1)});
  }
  write(github::merge_request(what_.where, what_.method, what_.commit),
        &github_finish::merged);
}

void github_finish::woken(bool) {
  look();
}

void github_finish::merged(const result<http_response>& got) {
  if (got && got->status == 200) {
    reply_.how = end_of::done;
    reply_.now.at = github::pull_standing::merged;
    return done();
  }
  auto deed = errand("merge a pull request of");
  deed.limits_in_a_row = with_.desk.limits_in_a_row();
  auto why = got ? github::merge_refusal(deed, *got, with_.config.unix_now())
                 : got.error();
  if (look_again(why))
    return;
  const bool no = got && (got->status == 405 || got->status == 409);
  if (!no || why.kind == failure_class::retry)
    return give_up(std::move(why));
  // So it says, too, when a request that was sent twice merged it.
  refused_ = std::move(why.what);
  look();
}

bool github_finish::look_again(const failure& why) {
  if (why.kind != failure_class::retry || why.retry_after > 0ms || stopping_ ||
      ++tries_ >= max_tries)
    return false;
  wake_after(between_tries);
  return true;
}

/// A merged one is as good as closed.
void github_finish::close() {
  if (github::is_open(reply_.now))
    return write(github::close_request(what_.where), &github_finish::closed);
  reply_.how = end_of::already;
  if (tries_ > 0 && reply_.now.at == github::pull_standing::closed)
    comment();
  else
    done();
}

void github_finish::closed(const result<http_response>& got) {
  if (!is_good(got)) {
    auto why = why_not(errand("close a pull request of"), got);
    if (!look_again(why))
      give_up(std::move(why));
    return;
  }
  reply_.now.at = github::pull_standing::closed;
  comment();
}

void github_finish::comment() {
  reply_.how = end_of::done;
  if (what_.comment.empty())
    return done();
  write(github::comment_request(what_.where, what_.comment),
        &github_finish::commented);
}

void github_finish::commented(const result<http_response>& got) {
  if (is_limited(got))
    return comment();
  if (!is_good(got))
    warn("it got no comment", got);
  done();
}

void github_finish::done() {
  if (what_.delete_branch && !reply_.now.head_repository.empty())
    look_at_branch();
  else
    deliver();
}

void github_finish::look_at_branch() {
  ask(github::head_request(what_.where, reply_.now),
      [this](const result<http_response>& got) { looked_at_branch(got); });
}

void github_finish::looked_at_branch(const result<http_response>& got) {
  if (!got || (got->status != 200 && got->status != 404)) {
    warn("its branch was not deleted", got);
    return deliver();
  }
  const auto at = github::read_head(*got);
  if (at && at->empty())
    return deliver();
  if (at && *at == what_.commit)
    return delete_branch();
  reply_.warnings.push_back(
    "its branch was not deleted: " +
    (at ? "somebody pushed to it" : std::string(at.error().what)));
  deliver();
}

void github_finish::delete_branch() {
  write(github::delete_head_request(what_.where, reply_.now),
        &github_finish::deleted);
}

void github_finish::deleted(const result<http_response>& got) {
  if (is_limited(got))
    return delete_branch();
  if (!is_good(got) && !is_gone(got))
    warn("its branch was not deleted", got);
  deliver();
}

void github_finish::write(http_request request, answered then) {
  if (stopping_)
    return stop_short();
  ask(
    std::move(request),
    [this, then](const result<http_response>& got) {
      out_ = false;
      (this->*then)(got);
    },
    true);
}

void github_finish::hold(bool now) {
  out_ = !now;
}

/// A limit refused the write: the desk waits, then lets it pass.
bool github_finish::is_limited(const result<http_response>& got) {
  if (!got || is_good(got))
    return false;
  const auto why = why_not(errand("write to a pull request of"), got);
  if (why.retry_after == 0ms || ++limits_ >= max_tries)
    return false;
  heeded(why);
  return true;
}

void github_finish::warn(const std::string& what,
                         const result<http_response>& got) {
  const auto why = heeded(why_not(errand("write to a pull request of"), got));
  reply_.warnings.push_back(what + ": " + why.what);
}

void github_finish::leave(std::string why) {
  reply_.how = end_of::left;
  reply_.why = std::move(why);
  deliver();
}

void github_finish::deliver() {
  end();
  promise_.deliver(std::move(reply_));
}

void github_finish::fail(failure why) {
  if (why.kind != failure_class::cancelled)
    give_up(std::move(why));
  else if (out_)
    stopping_ = true;
  else if (reply_.how == end_of::done)
    stop_short();
  else
    give_up(std::move(why));
}

/// The pull request is as wished; what belongs to it is left.
void github_finish::stop_short() {
  reply_.warnings.emplace_back("interrupted before all of it was done");
  deliver();
}

void github_finish::give_up(failure why) {
  end();
  promise_.deliver(make_error(heeded(std::move(why))));
}

} // namespace pj
