#include "adapters/http/exchange.hpp"

#include "adapters/http/network_failure.hpp"
#include "adapters/http/request_text.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>

namespace pj {

namespace asio = boost::asio;

namespace {

using bound = watchdog::bound;

constexpr std::size_t max_joined = 16u << 10; ///< body sent with the head
constexpr std::size_t max_piece = 64u << 10;  ///< body sent between two looks
constexpr int max_drained_reads = 8;
constexpr auto drain_time = std::chrono::milliseconds(500);

std::string seconds(std::chrono::milliseconds time) {
  const auto ms = time.count();
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s"
                        : std::to_string(ms) + " ms";
}

} // namespace

exchange::exchange(std::shared_ptr<exchange_world> world, http_request request,
                   http_limits limits, std::shared_ptr<http_handler> handler)
  : world_(std::move(world)), request_(std::move(request)), limits_(limits),
    handler_(std::move(handler)),
    watchdog_(std::make_shared<watchdog>(world_->io)),
    repeatable_(may_repeat(request_)) {}

void exchange::start(std::function<void()> gone) {
  watchdog_->start([weak = weak_from_this()](bound which) {
    if (const auto self = weak.lock())
      self->ran_out(which);
  });
  watchdog_->set(bound::total, limits_.total);
  asio::co_spawn(world_->io, live(),
                 [self = shared_from_this(),
                  gone = std::move(gone)](const std::exception_ptr& thrown) {
                   if (thrown)
                     self->end(broken("the exchange broke off"));
                   self->watchdog_->stop();
                   gone();
                 });
}

asio::awaitable<void> exchange::live() {
  const auto how = co_await run();
  end(how);
}

void exchange::stop(failure why) {
  if (why_)
    return;
  why_ = std::move(why);
  if (connector_)
    connector_->stop();
  if (connection_)
    connection_->close();
}

exchange::awaitable exchange::run() {
  auto ready = prepare();
  if (!ready)
    co_return ready;
  if (!limits_.connect_only)
    connection_ = world_->kept.take(way_.key);
  if (connection_) {
    auto answered = co_await converse();
    if (answered || !may_send_again())
      co_return answered;
  }
  auto connected = co_await connect();
  if (!connected || limits_.connect_only)
    co_return connected;
  co_return co_await converse();
}

result<done> exchange::prepare() {
  auto way =
    plan_route(request_.url, world_->options.proxy, limits_.public_only);
  if (!way)
    return std::move(way).error();
  way_ = *std::move(way);
  auto head = request_head(request_, way_.where, way_.forwarder(),
                           world_->options.user_agent);
  return head ? result<done>(done{}) : std::move(head).error();
}

exchange::awaitable exchange::connect() {
  if (why_)
    co_return *why_;
  watchdog_->clear(bound::idle);
  connector_ = std::make_shared<connector>(
    world_, way_, connector::settings{limits_.public_only, limits_.connect});
  auto admitted = co_await connector_->wait_for_turn();
  if (!admitted) {
    connector_.reset();
    co_return admitted;
  }
  watchdog_->set(bound::connect, limits_.connect);
  auto made = co_await connector_->connect();
  connector_.reset();
  watchdog_->clear(bound::connect);
  if (!made)
    co_return std::move(made).error();
  connection_ = *std::move(made);
  co_return done{};
}

exchange::awaitable exchange::converse() {
  if (why_)
    co_return *why_;
  sent_before_ = connection_->sent();
  auto sent = co_await send();

  // A server may answer and close before it took the whole request.
  auto received = co_await receive();
  if (!received && !sent && !got_byte_)
    received = sent;
  if (had_enough_) {
    end(received);
    co_await drain();
  }
  if (sent && is_clean())
    world_->kept.keep(way_.key, connection_, watchdog::clock::now());
  else
    connection_->close();
  co_return received;
}

exchange::awaitable exchange::send() {
  auto head = request_head(request_, way_.where, way_.forwarder(),
                           world_->options.user_agent);
  if (!head)
    co_return std::move(head).error();
  auto text = *std::move(head);
  const auto body = request_.body;
  std::string_view rest = body ? *body : std::string_view{};
  if (rest.size() <= max_joined)
    text += std::exchange(rest, {});
  auto sent = co_await write(text);
  while (sent && !rest.empty()) {
    sent = co_await write(rest.substr(0, max_piece));
    rest.remove_prefix(std::min(max_piece, rest.size()));
  }
  if (sent && !repeatable_) {
    request_.body.reset();
    request_.headers = {};
  }
  co_return sent;
}

exchange::awaitable exchange::write(std::string_view bytes) {
  watchdog_->set(bound::idle, limits_.idle);
  co_return co_await connection_->write(bytes);
}

exchange::awaitable exchange::receive() {
  reader_.emplace(
    response_reader::settings{request_.method == "HEAD", limits_.max_body});
  watchdog_->set(bound::idle, limits_.idle);
  bool goes_on = true;
  while (goes_on && !had_enough_) {
    auto stepped = co_await step();
    if (!stepped)
      co_return std::move(stepped).error();
    goes_on = *stepped;
  }
  co_return done{};
}

connection::awaitable<bool> exchange::step() {
  auto got = co_await connection_->read();
  if (!got)
    co_return std::move(got).error();
  if (*got == 0) {
    auto ended = reader_->feed_end();
    if (!ended)
      co_return std::move(ended).error();
    co_return false;
  }
  got_byte_ = true;
  auto& input = connection_->input();
  auto fed = reader_->feed(input.bytes());
  if (!fed)
    co_return std::move(fed).error();
  hand_on(fed->body);
  input.consume(fed->taken);
  co_return !reader_->is_done();
}

void exchange::hand_on(std::string_view body) {
  if (!handler_)
    return;
  const bool head = reader_->has_head() && !std::exchange(gave_head_, true);
  if (head)
    handler_->head(reader_->status(), reader_->take_headers());
  if (!body.empty() && !handler_->data(body))
    had_enough_ = true;
  if (head || (!body.empty() && handler_->progressed()))
    watchdog_->set(bound::idle, limits_.idle);
}

asio::awaitable<void> exchange::drain() {
  watchdog_->clear(bound::idle);
  watchdog_->set(bound::total, drain_time);
  for (int i = 0; i < max_drained_reads && !reader_->is_done(); ++i) {
    const auto stepped = co_await step();
    if (!stepped || !*stepped)
      break;
  }
}

bool exchange::may_send_again() const {
  const bool none_taken = connection_->sent() == sent_before_;
  return !why_ && !got_byte_ && (repeatable_ || none_taken);
}

bool exchange::is_clean() const {
  return !why_ && reader_->is_done() && reader_->keeps_alive() &&
         connection_->input().bytes().empty();
}

void exchange::end(const result<done>& how) {
  const auto handler = std::exchange(handler_, nullptr);
  if (!handler)
    return;
  if (how)
    return handler->end(nullptr);
  auto failure = why_ ? *why_ : how.error();
  if (!way_.where.host.empty())
    failure.what = way_.where.name() + ": " + failure.what;
  handler->end(&failure);
}

void exchange::ran_out(bound which) {
  if (which == bound::connect)
    stop(broken("no connection within " + seconds(limits_.connect)));
  else if (which == bound::idle)
    stop(broken("nothing came for " + seconds(limits_.idle)));
  else
    stop(broken("not over after " + seconds(limits_.total)));
}

} // namespace pj
