#include "adapters/http/connector.hpp"

#include "adapters/http/network_failure.hpp"
#include "adapters/http/request_text.hpp"
#include "adapters/http/response_reader.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace pj {

namespace asio = boost::asio;

namespace {

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);

failure explain_proxy(int status) {
  const auto number = std::to_string(status);
  if (status == 407)
    return refused("the proxy wants a user and password (407): put them into "
                   "the proxy URL");
  if (status >= 500 || status == 408 || status == 429)
    return broken("the proxy cannot reach the host now (" + number + ")");
  return refused("the proxy does not allow this host (" + number + ")");
}

} // namespace

exchange_world::exchange_world(http_client_options given,
                               std::shared_ptr<tls_context> roots)
  : options(std::move(given)), tls(std::move(roots)),
    kept({options.max_kept, options.max_kept_per_origin, options.kept_for}),
    openings(options.max_opening_per_origin), names(options.look_up) {}

connector::connector(std::shared_ptr<exchange_world> world, const route& way,
                     settings limits)
  : world_(std::move(world)), way_(way), limits_(limits), timer_(world_->io) {}

connector::~connector() {
  if (has_turn_)
    world_->openings.leave(way_.key);
}

connector::awaitable connector::wait_for_turn() {
  has_turn_ = world_->openings.enter(way_.key, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self || self->stopped_)
      return false;
    self->has_turn_ = true;
    self->timer_.cancel();
    return true;
  });
  if (!has_turn_) {
    timer_.expires_at(std::chrono::steady_clock::time_point::max());
    co_await timer_.async_wait(as_values);
  }
  if (stopped_ || !has_turn_)
    co_return broken("stopped");
  co_return done{};
}

connection::awaitable<std::shared_ptr<connection>> connector::connect() {
  const auto target = way_.where.port;
  tunnel_target_ = way_.where.host_and_port();
  if (way_.tunnels && limits_.public_only) {
    auto checked = co_await find(way_.where.host, true);
    if (!checked)
      co_return std::move(checked).error();
    const auto text = to_string(found_.front());
    tunnel_target_ = origin{true, text, target, {}}.host_and_port();
  }
  auto known =
    co_await find(way_.first_host(), limits_.public_only && !way_.through);
  if (!known)
    co_return std::move(known).error();
  auto dialled = co_await dial();
  if (!dialled)
    co_return std::move(dialled).error();
  auto secured = co_await secure();
  if (!secured)
    co_return std::move(secured).error();
  co_return connection_;
}

void connector::stop() {
  stopped_ = true;
  timer_.cancel();
  if (connection_)
    connection_->close();
}

connector::awaitable connector::find(std::string host, bool checked) {
  if (const auto literal = parse_ip(host))
    co_return take(addresses{*literal}, checked);
  answer_.reset();
  timer_.expires_at(std::chrono::steady_clock::time_point::max());
  world_->names.resolve(
    host, [weak = weak_from_this(),
           there = std::weak_ptr(world_)](const result<addresses>& answer) {
      if (const auto world = there.lock())
        asio::post(world->io, [weak, answer] {
          if (const auto self = weak.lock()) {
            self->answer_ = answer;
            self->timer_.cancel();
          }
        });
    });
  co_await timer_.async_wait(as_values);
  if (stopped_ || !answer_)
    co_return broken("stopped");
  co_return take(*answer_, checked);
}

result<done> connector::take(const result<addresses>& answer, bool checked) {
  if (!answer)
    return answer.error();
  found_ = *answer;
  if (!checked)
    return done{};
  for (const auto& address : found_)
    if (const auto what = why_not_public(address); !what.empty())
      return refused("the host leads to " + to_string(address) + " (" +
                     std::string(what) +
                     "): only public addresses may be asked here");
  return done{};
}

connector::awaitable connector::dial() {
  result<done> dialled = broken("no address");
  for (std::size_t i = 0; i < found_.size(); ++i) {
    dialled = co_await try_address(found_[i], found_.size() - i);
    if (dialled || stopped_)
      break;
  }
  co_return dialled;
}

connector::awaitable connector::try_address(ip_address address,
                                            std::size_t left) {
  connection_ = std::make_shared<connection>(world_->io);

  // The last address may use all that is left of the whole bound.
  if (limits_.bound.count() > 0 && left > 1) {
    timer_.expires_after(limits_.bound / static_cast<long>(left));
    timer_.async_wait([weak = std::weak_ptr(connection_)](auto ec) {
      const auto slow = weak.lock();
      if (!ec && slow && slow->is_dialling())
        slow->close();
    });
  }
  auto dialled = co_await connection_->dial(address, way_.first_port());
  timer_.cancel();
  co_return dialled;
}

connector::awaitable connector::secure() {
  if (way_.tunnels) {
    auto through = co_await tunnel();
    if (!through)
      co_return through;
  }
  if (!way_.where.https || stopped_)
    co_return done{};
  co_return co_await connection_->start_tls(*world_->tls, way_.where.host);
}

connector::awaitable connector::tunnel() {
  const auto head =
    tunnel_head(tunnel_target_, *way_.through, world_->options.user_agent);
  auto sent = co_await connection_->write(head);
  if (!sent)
    co_return sent;
  co_return co_await read_tunnel_answer();
}

connector::awaitable connector::read_tunnel_answer() {
  response_reader reader({true, 0});
  auto& input = connection_->input();
  while (!reader.is_done()) {
    auto got = co_await connection_->read();
    if (!got)
      co_return std::move(got).error();
    if (*got == 0)
      co_return broken("the proxy closed the connection");
    auto step = reader.feed(input.bytes());
    if (!step)
      co_return std::move(step).error();
    input.consume(step->taken);
  }
  if (reader.status() / 100 != 2)
    co_return explain_proxy(reader.status());
  if (!input.bytes().empty())
    co_return broken("the proxy sent more than its answer");
  co_return done{};
}

} // namespace pj
