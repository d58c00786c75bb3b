#include "actors/webhook.hpp"

#include "actors/post_to.hpp"
#include "actors/supervised.hpp"
#include "core/policy/times.hpp"

#include <caf/actor_clock.hpp>

#include <algorithm>

namespace pj {

using namespace std::chrono_literals;

namespace {

constexpr auto load_again_after = 1s;

/// No schedule pauses longer; what says so was written before the wall clock
/// was set back.
constexpr auto longest_pause = 30h;

constexpr std::size_t longest_body = 64u << 10;

/// Status and headers are all that counts of an answer; what follows is read
/// for the connection's sake, up to a bound.
class head_listener final : public http_handler {
public:
  explicit head_listener(std::function<void(result<http_response>)> then)
    : then_(std::move(then)) {}

  void head(int status, const http_headers& headers) override {
    head_.status = status;
    head_.headers = headers;
  }

  bool data(std::string_view bytes) override {
    read_ += bytes.size();
    return read_ < longest_body;
  }

  void end(const failure* why) override {
    if (why && head_.status == 0)
      then_(*why);
    else
      then_(std::move(head_));
  }

private:
  http_response head_;
  std::size_t read_ = 0;
  std::function<void(result<http_response>)> then_;
};

/// One line for people and the journal; the body is not trusted.
std::string why_not(const result<http_response>& got) {
  return got ? "the receiver answered " + std::to_string(got->status)
             : got.error().what;
}

/// Svix's way to say that this event is not wanted.
bool is_declined(const result<http_response>& got) {
  return got &&
         find_header(got->headers, "webhook-delivery") == "abort-message";
}

} // namespace

webhook_actor::behavior_type
webhook_service(webhook_actor::stateful_pointer<webhook_state> self,
                std::shared_ptr<http_port> http, journal_actor journal,
                webhook_config config) {
  supervised(self);
  auto& state = state_of(self);
  state.http = std::move(http);
  state.journal = std::move(journal);
  state.config = std::move(config);
  state.load();
  return state.behavior();
}

webhook_actor::behavior_type webhook_state::behavior() {
  return {
    [this](deliver_event& x) { accept(std::move(x.row)); },
    [this](reload_outbox) { load(); },
    [this](drain_events) { return drain(); },
    [this](const delivery_due& x) {
      if (x.task.empty())
        ask_for_outbox();
      else
        try_next(x.task);
    },
    [this](const event_answered& x) { settle(x); },
  };
}

void webhook_state::load() {
  ++loading;
  ask_for_outbox();
}

void webhook_state::ask_for_outbox() {
  self->request(journal, 60s, recall_outbox{})
    .then([this](recalled_outbox& x) { loaded(std::move(x.rows)); },
          [this](const caf::error&) {
            self->delayed_send(self, load_again_after, delivery_due{});
          });
}

void webhook_state::loaded(std::vector<outbox_row> rows) {
  --loading;
  for (auto& row : rows)
    if (!closed.contains(row.id))
      line_up(std::move(row));
  if (loading > 0)
    return;
  for (const auto& id : std::exchange(recorded_closed, {}))
    closed.erase(id);
  for (auto& row : std::exchange(early, {}))
    line_up(std::move(row));
  answer_drains();
}

void webhook_state::accept(outbox_row row) {
  if (loading > 0)
    early.push_back(std::move(row));
  else
    line_up(std::move(row));
}

void webhook_state::line_up(outbox_row row) {
  const auto task = row.task;
  if (row.url == named_receiver && config.url.empty())
    return;
  auto& [events, busy] = lines[task];
  const auto place = std::lower_bound(
    events.begin(), events.end(), row.sequence,
    [](const entry& e, std::int64_t s) { return e.row.sequence < s; });
  if (place != events.end() && place->row.id == row.id)
    return;
  // The event under way stays first: its answer is about to come.
  const bool first_stays = place == events.begin() && busy;
  events.insert(first_stays ? place + 1 : place, timed(std::move(row)));
  if (!busy)
    try_next(task);
}

webhook_state::entry webhook_state::timed(outbox_row row) const {
  const auto wall = config.now();
  const auto now = self->clock().now();
  const auto age = std::max<wall_clock::duration>(0ms, wall - row.created);
  const bool is_new = row.attempts == 0; // what was never tried need not wait
  const auto pause =
    is_new
      ? wall_clock::duration{}
      : std::clamp<wall_clock::duration>(row.next - wall, 0ms, longest_pause);
  return {std::move(row), now - age, now + pause};
}

caf::result<drained_events> webhook_state::drain() {
  auto promise = self->make_response_promise<drained_events>();
  drains.push_back(promise);
  answer_drains();
  return promise;
}

void webhook_state::try_next(const std::string& task) {
  const auto i = lines.find(task);
  if (i == lines.end())
    return;
  auto& queue = i->second;
  queue.busy = true;
  auto& first = queue.events.front();
  if (gone.contains(first.row.url)) {
    first.row.last_error = "the receiver answered 410: it is gone";
    return close(task, delivery_state::given_up);
  }
  const auto rest = resting.find(first.row.url);
  if (rest != resting.end())
    first.due = std::max(first.due, rest->second);
  const auto pause = std::chrono::ceil<std::chrono::milliseconds>(
    first.due - self->clock().now());
  if (pause > 0ms) {
    self->delayed_send(self, pause, delivery_due{task});
    return;
  }
  waiting.push_back(task);
  start_waiting();
}

void webhook_state::start_waiting() {
  while (!waiting.empty() && in_flight < config.width) {
    const auto task = std::move(waiting.front());
    waiting.pop_front();
    ++in_flight;
    attempt(task);
  }
}

void webhook_state::attempt(const std::string& task) {
  const auto& row = lines.at(task).events.front().row;
  const auto now = std::chrono::system_clock::to_time_t(config.now());
  http_request request;
  request.method = "POST";
  request.url = row.url == named_receiver ? config.url : row.url;
  request.headers = config.headers(row.id, now, row.body);
  request.body = std::make_shared<const std::string>(row.body);
  http_limits limits;
  limits.connect = limits.idle = limits.total = config.timeout;
  limits.public_only = row.url != named_receiver && !config.internal_receivers;
  http->start(
    std::move(request), limits,
    std::make_shared<head_listener>([post = post_to(webhook_actor{self}), task,
                                     id = row.id](result<http_response> got) {
      post(event_answered{
        task, id, std::make_shared<result<http_response>>(std::move(got))});
    }));
}

void webhook_state::settle(const event_answered& x) {
  --in_flight;
  const auto& got = *x.response;
  auto& row = lines.at(x.task).events.front().row;
  ++row.attempts;
  if (got && got->status / 100 == 2) {
    row.last_error.clear();
    close(x.task, delivery_state::delivered);
  } else if (got && got->status == 410) {
    gone.insert(row.url);
    row.last_error = why_not(got);
    close(x.task, delivery_state::given_up);
  } else if (is_declined(got)) {
    row.last_error = why_not(got) + ": it does not want this event";
    close(x.task, delivery_state::given_up);
  } else {
    retry_later(x.task, got);
  }
  start_waiting();
}

void webhook_state::retry_later(const std::string& task,
                                const result<http_response>& got) {
  auto& [row, created, due] = lines.at(task).events.front();
  row.last_error = why_not(got);
  auto pause = config.schedule.pause(row.attempts + 1, config.random);
  const auto asked = got ? retry_after(got->headers).value_or(0ms) : 0ms;
  const auto now = self->clock().now();
  if (asked > 0ms)
    resting[row.url] = now + asked;
  if (pause)
    pause = std::max(*pause, asked);
  if (!pause ||
      (config.max_age > 0ms && now + *pause > created + config.max_age))
    return close(task, delivery_state::given_up);
  due = now + *pause;
  row.next = config.now() + *pause;
  record(row);
  tell(row, " is not delivered yet: " + row.last_error, row.attempts == 1);
  self->delayed_send(self, *pause, delivery_due{task});
}

void webhook_state::close(const std::string& task, delivery_state how) {
  auto& queue = lines.at(task);
  auto row = std::move(queue.events.front().row);
  queue.events.pop_front();
  row.state = how;
  closed.insert(row.id);
  record(row);
  if (how == delivery_state::given_up) {
    ++given_up;
    tell(row, " is given up: " + row.last_error, true);
  } else {
    tell(row, " is delivered", false);
  }
  if (queue.events.empty())
    lines.erase(task);
  else
    try_next(task);
  answer_drains();
}

void webhook_state::record(const outbox_row& row) {
  unrecorded.push_back(
    outbox_update{row.id, row.state, row.attempts, row.next, row.last_error});
  if (recording == 0)
    write_down(std::exchange(unrecorded, {}));
}

/// What comes meanwhile goes together: there is a message less for each, and
/// nothing waits for them.
void webhook_state::write_down(std::vector<store_write> rows) {
  ++recording;
  self->request(journal, 60s, record_rows{rows})
    .then(
      [this, rows](const recorded&) {
        recorded_ends(rows);
        over();
      },
      [this, rows](const caf::error& error) {
        if (rows.size() > 1)
          for (const auto& row : rows) // one may spoil the others
            write_down({row});
        else if (config.log)
          // At worst the event is delivered once more after a restart.
          config.log("the outbox cannot be written: " + to_failure(error).what);
        over();
      });
}

/// What was asked for before that may still come and show them open.
void webhook_state::recorded_ends(const std::vector<store_write>& rows) {
  for (const auto& row : rows) {
    const auto& [id, state, attempts, next, error] =
      std::get<outbox_update>(row);
    if (state == delivery_state::pending)
      continue;
    if (loading > 0)
      recorded_closed.push_back(id);
    else
      closed.erase(id);
  }
}

void webhook_state::tell(const outbox_row& row, const std::string& became,
                         bool urgent) {
  const auto told = row.id + became;
  if (config.watch)
    config.watch->note(row.task, log_kind::event, told);
  if (config.log && urgent)
    config.log("event " + told);
}

/// What became of some events is written down, or never will be.
void webhook_state::over() {
  if (--recording == 0 && !unrecorded.empty())
    write_down(std::exchange(unrecorded, {}));
  answer_drains();
}

void webhook_state::answer_drains() {
  if (loading > 0 || !lines.empty() || recording > 0)
    return;
  for (auto& promise : std::exchange(drains, {}))
    promise.deliver(drained_events{given_up});
}

webhook_state::~webhook_state() {
  for (auto& promise : drains)
    promise.deliver(make_error(restarting("webhook")));
}

} // namespace pj
