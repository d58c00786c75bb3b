#include "actors/github_desk.hpp"

#include "actors/post_to.hpp"

#include <caf/actor_clock.hpp>

#include <algorithm>

namespace pj {

namespace {

constexpr int max_redirects = 3;

// GitHub serves 100 requests of one account at a time, other programs' too.
constexpr std::size_t max_reading = 50;

http_limits limits() {
  http_limits x;
  x.total = std::chrono::seconds{60};
  x.idle = std::chrono::seconds{30};
  x.max_body = 4u << 20;
  return x;
}

} // namespace

github_desk::github_desk(github_actor::pointer self,
                         std::shared_ptr<http_port> http,
                         std::shared_ptr<token_source> tokens, github_pace pace)
  : self_(self), http_(std::move(http)), tokens_(std::move(tokens)),
    pacer_(pace) {}

std::uint64_t github_desk::ask(http_request request, listener then, bool first,
                               hold_listener held) {
  const auto id = ++last_id_;
  const bool reads = request.method == "GET";
  exchanges_.emplace(
    id, exchange{std::move(request), std::move(then), std::move(held)});
  if (reads) {
    reads_.push_back(id);
    read_next();
    return id;
  }
  writes_.insert(first ? writes_.begin() : writes_.end(), id);
  write_next();
  if (const auto i = exchanges_.find(id); i->second.held)
    i->second.held(true);
  return id;
}

void github_desk::drop(std::uint64_t id) {
  exchanges_.erase(id);
}

void github_desk::get_token(std::uint64_t id) {
  tokens_->get(
    [post = post_to(github_actor{self_}), id](result<std::string> got) {
      post(github_token{id,
                        std::make_shared<result<std::string>>(std::move(got))});
    });
}

void github_desk::send(const github_token& x) {
  const auto i = exchanges_.find(x.id);
  if (i == exchanges_.end())
    return is_over(x.id);
  if (!*x.text)
    return end(x.id, x.text->error());
  hide_.add(**x.text);
  fetch(*http_, github::authorized(i->second.request, **x.text), limits(),
        [post = post_to(github_actor{self_}),
         id = x.id](result<http_response> got) {
          post(github_answered{
            id, std::make_shared<result<http_response>>(std::move(got))});
        });
}

void github_desk::settle(const github_answered& x) {
  const auto i = exchanges_.find(x.id);
  if (i == exchanges_.end())
    return is_over(x.id);
  auto& e = i->second;
  if (!*x.response) {
    auto why = x.response->error();
    why.code = failure_code::github;
    why.what = "GitHub cannot be reached: " + why.what;
    return end(x.id, std::move(why));
  }
  if (e.request.method != "GET" && (*x.response)->status / 100 == 2)
    limits_in_a_row_ = 0;
  auto url = github::same_host_redirect(e.request.url, **x.response);
  if (url.empty() || ++e.redirects > max_redirects)
    return end(x.id, std::move(*x.response));
  e.request.url = std::move(url);
  get_token(x.id);
}

void github_desk::end(std::uint64_t id, result<http_response> how) {
  const auto then = std::move(exchanges_.at(id).then);
  exchanges_.erase(id);
  then(std::move(how));
  is_over(id);
}

void github_desk::is_over(std::uint64_t id) {
  if (reading_.erase(id) > 0)
    return read_next();
  if (id != writing_)
    return;
  writing_ = 0;
  write_next();
}

void github_desk::read_next() {
  while (!reads_.empty() && reading_.size() < max_reading) {
    const auto id = reads_.front();
    reads_.pop_front();
    if (!exchanges_.contains(id))
      continue;
    reading_.insert(id);
    get_token(id);
  }
}

void github_desk::write_next() {
  while (!writes_.empty() && writing_ == 0) {
    const auto id = writes_.front();
    if (!exchanges_.contains(id)) {
      writes_.pop_front();
      continue;
    }
    const auto now = self_->clock().now();
    const auto wait =
      std::chrono::ceil<std::chrono::milliseconds>(pacer_.next(now) - now);
    if (wait.count() > 0) {
      if (!waking_)
        self_->delayed_send(self_, wait, github_wake{});
      waking_ = true;
      return;
    }
    writes_.pop_front();
    pacer_.wrote(now);
    writing_ = pacer_.is_on() ? id : 0;
    if (auto held = std::exchange(exchanges_.at(id).held, {}))
      held(false);
    get_token(id);
  }
}

void github_desk::wake() {
  waking_ = false;
  write_next();
}

void github_desk::pause(const failure& why) {
  const auto now = self_->clock().now();
  if (why.shared_limit && !pacer_.is_paused(now))
    ++limits_in_a_row_;
  pacer_.pause_until(now + why.retry_after);
}

int github_desk::limits_in_a_row() const {
  // Requests that were under way together meet one limit, not several.
  const bool paused = pacer_.is_paused(self_->clock().now());
  return std::max(limits_in_a_row_ - (paused ? 1 : 0), 0);
}

std::chrono::milliseconds github_desk::forecast(std::size_t writes) const {
  return pacer_.forecast(writes, self_->clock().now());
}

failure github_desk::hidden(failure why) const {
  why.what = hide_(why.what);
  why.details = hide_(why.details);
  return why;
}

} // namespace pj
