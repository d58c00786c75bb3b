#include "actors/github.hpp"

#include "actors/post_to.hpp"
#include "actors/supervised.hpp"
#include "core/redactor.hpp"

#include <caf/actor_clock.hpp>

namespace pj {

namespace {

constexpr int max_redirects = 3;

http_limits limits() {
  http_limits x;
  x.total = std::chrono::seconds{60};
  x.idle = std::chrono::seconds{30};
  x.max_body = 4u << 20;
  return x;
}

} // namespace

github_actor::behavior_type
github_service(github_actor::stateful_pointer<github_state> self,
               std::shared_ptr<http_port> http, github_config config) {
  supervised(self);
  state_of(self).http = std::move(http);
  state_of(self).pacer = github_pacer(config.pace);
  state_of(self).config = std::move(config);
  return state_of(self).behavior();
}

github_actor::behavior_type github_state::behavior() {
  return {
    [this](open_pull_request& x) { return open(std::move(x)); },
    [this](const abandon& x) { forget(x.task); },
    [this](const github_answered& x) { settle(x); },
    [this](github_wake) { write_next(); },
  };
}

caf::result<opened_pull_request> github_state::open(open_pull_request what) {
  auto promise = self->make_response_promise<opened_pull_request>();
  const auto id = ++last_id;
  auto& w = open_work[id];
  w.what = std::move(what);
  w.promise = promise;
  if (config.token.empty())
    fail(id, {failure_class::fail,
              failure_code::github,
              "GITHUB_TOKEN is not set, so no pull request can be opened; set "
              "it, or SKIP_PR_CREATION=true",
              {},
              {}});
  else
    enter(id, phase::lookup);
  return promise;
}

void github_state::enter(std::uint64_t id, phase next) {
  auto& w = open_work.at(id);
  w.now = next;
  const auto& what = w.what.what;
  switch (next) {
  case phase::lookup:
  case phase::adopt:
    return send(id, github::lookup_request(what, config.token));
  case phase::create:
    return write(id, github::create_request(what, config.token));
  case phase::label:
    return write(id, github::label_request(what, w.found.number, config.token));
  }
}

void github_state::send(std::uint64_t id, http_request request) {
  open_work.at(id).asked = request;
  pj::fetch(
    *http, std::move(request), limits(),
    [post = post_to(github_actor{self}), id](result<http_response> got) {
      post(github_answered{
        id, std::make_shared<result<http_response>>(std::move(got))});
    });
}

void github_state::write(std::uint64_t id, http_request request) {
  open_work.at(id).asked = std::move(request);
  writes.push_back(id);
  if (writes.size() == 1)
    write_next();
}

void github_state::write_next() {
  while (!writes.empty()) {
    const auto now = self->clock().now();
    const auto pause =
      std::chrono::ceil<std::chrono::milliseconds>(pacer.next(now) - now);
    if (pause.count() > 0) {
      self->delayed_send(self, pause, github_wake{});
      return;
    }
    const auto id = writes.front();
    writes.pop_front();
    if (!open_work.contains(id))
      continue;
    pacer.wrote(now);
    send(id, open_work.at(id).asked);
  }
}

void github_state::settle(const github_answered& x) {
  const auto i = open_work.find(x.id);
  if (i == open_work.end())
    return;
  auto& w = i->second;
  if (!*x.response) {
    auto why = x.response->error();
    why.code = failure_code::github;
    why.what = "GitHub cannot be reached: " + why.what;
    return fail(x.id, std::move(why));
  }
  const auto& response = **x.response;
  if (auto url = github::same_host_redirect(w.asked.url, response);
      !url.empty() && ++w.redirects <= max_redirects) {
    auto again = w.asked;
    again.url = std::move(url);
    return send(x.id, std::move(again));
  }
  switch (w.now) {
  case phase::lookup:
  case phase::adopt:
    return looked_up(x.id, response);
  case phase::create:
    return created(x.id, response);
  case phase::label:
    // A label that cannot be set is not worth losing the pull request.
    return opened(x.id, w.found);
  }
}

void github_state::looked_up(std::uint64_t id, const http_response& response) {
  auto& w = open_work.at(id);
  if (response.status != 200)
    return fail(id, github::classify(w.what.what, response, config.unix_now()));
  auto found = github::read_lookup(response);
  if (!found)
    return fail(id, found.error());
  if (*found)
    return opened(id, {(*found)->url, (*found)->number, true});
  if (w.now == phase::lookup)
    return enter(id, phase::create);
  fail(id, {failure_class::retry,
            failure_code::github,
            "GitHub says the pull request exists, but does not list it",
            {},
            {}});
}

void github_state::created(std::uint64_t id, const http_response& response) {
  auto& w = open_work.at(id);
  if (response.status == 201) {
    auto made = github::read_created(response);
    if (!made)
      return fail(id, made.error());
    w.found = {made->url, made->number, false};
    return w.what.what.labels.empty() ? opened(id, w.found)
                                      : enter(id, phase::label);
  }
  if (github::read_refusal(response) == github::refusal::already_exists)
    return enter(id, phase::adopt);
  fail(id, github::classify(w.what.what, response, config.unix_now()));
}

void github_state::opened(std::uint64_t id, opened_pull_request found) {
  auto promise = open_work.at(id).promise;
  open_work.erase(id);
  promise.deliver(std::move(found));
}

void github_state::fail(std::uint64_t id, failure why) {
  if (why.retry_after.count() > 0)
    pacer.pause_until(self->clock().now() + why.retry_after);
  redactor hide; // GitHub's words are quoted
  hide.add(config.token);
  why.what = hide(why.what);
  why.details = hide(why.details);
  auto promise = open_work.at(id).promise;
  open_work.erase(id);
  promise.deliver(make_error(why));
}

void github_state::forget(const std::string& task) {
  for (auto i = open_work.begin(); i != open_work.end();) {
    if (i->second.what.task != task) {
      ++i;
      continue;
    }
    i->second.promise.deliver(make_error(abandoned()));
    i = open_work.erase(i);
  }
}

github_state::~github_state() {
  for (auto& [id, w] : open_work)
    w.promise.deliver(make_error(restarting("github")));
}

} // namespace pj
