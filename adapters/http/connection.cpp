#include "adapters/http/connection.hpp"

#include "adapters/http/network_failure.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>

namespace pj {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t max_record = 16u << 10;

asio::ip::address to_asio(const ip_address& address) {
  if (address.is_v6)
    return asio::ip::address_v6(address.bytes);
  asio::ip::address_v4::bytes_type bytes;
  std::copy_n(address.bytes.begin(), 4, bytes.begin());
  return asio::ip::address_v4(bytes);
}

failure explain(const error_code& ec) {
  if (ec == asio::error::no_descriptors)
    return broken("too many open files: raise `ulimit -n` or run fewer tasks "
                  "at once");
  return broken(ec.message());
}

} // namespace

connection::awaitable<done> connection::dial(ip_address address,
                                             std::uint16_t port) {
  const tcp::endpoint peer(to_asio(address), port);
  error_code ec;
  socket_.open(peer.protocol(), ec);
  if (ec)
    co_return explain(ec);
  is_dialling_ = true;
  const auto [failed] = co_await socket_.async_connect(peer, as_values);
  is_dialling_ = false;
  if (failed == asio::error::operation_aborted)
    co_return broken("no answer from " + to_string(address));
  if (failed)
    co_return broken("cannot connect to " + to_string(address) + " (" +
                     failed.message() + ")");
  socket_.set_option(tcp::no_delay(true), ec);
  co_return done{};
}

connection::awaitable<done> connection::start_tls(tls_context& context,
                                                  const std::string& host) {
  auto made = context.connect(host);
  if (!made)
    co_return std::move(made).error();
  tls_ = *std::move(made);
  for (;;) {
    auto finished = tls_->handshake();
    auto flushed = co_await flush();
    if (!finished)
      co_return std::move(finished).error();
    if (!flushed || *finished)
      co_return flushed;
    auto got = co_await read_raw(encrypted_.space());
    if (!got)
      co_return std::move(got).error();
    if (*got == 0)
      co_return broken("the connection was closed during the TLS handshake");
    encrypted_.commit(*got);
    tls_->feed(encrypted_.bytes());
    encrypted_.consume(*got);
  }
}

connection::awaitable<done> connection::write(std::string_view bytes) {
  if (!tls_)
    co_return co_await write_raw(bytes);
  while (!bytes.empty()) {
    auto written = tls_->write(bytes.substr(0, max_record));
    if (!written)
      co_return written;
    bytes.remove_prefix(std::min(max_record, bytes.size()));
    auto flushed = co_await flush();
    if (!flushed)
      co_return flushed;
  }
  co_return done{};
}

connection::awaitable<std::size_t> connection::read() {
  if (tls_)
    co_return co_await read_decrypted();
  auto got = co_await read_raw(input_.space());
  if (got)
    input_.commit(*got);
  co_return got;
}

connection::awaitable<std::size_t> connection::read_decrypted() {
  std::size_t total = 0;
  for (;;) {
    auto got = tls_->read(input_.space());
    if (!got)
      co_return got;
    if (*got > 0) {
      input_.commit(*got);
      total += *got;
      if (total < max_record)
        continue;
    }
    if (total > 0 || tls_->is_closed())
      co_return total;
    auto flushed = co_await flush();
    if (!flushed)
      co_return std::move(flushed).error();
    auto raw = co_await read_raw(encrypted_.space());
    if (!raw)
      co_return raw;
    if (*raw == 0)
      co_return broken("the connection was cut (no TLS close)");
    encrypted_.commit(*raw);
    tls_->feed(encrypted_.bytes());
    encrypted_.consume(*raw);
  }
}

connection::awaitable<done> connection::flush() {
  const auto out = tls_->take_output();
  co_return co_await write_raw(out);
}

connection::awaitable<done> connection::write_raw(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto [ec, n] = co_await socket_.async_write_some(
      asio::buffer(bytes.data(), bytes.size()), as_values);
    if (ec)
      co_return explain(ec);
    sent_ += n;
    bytes.remove_prefix(n);
  }
  co_return done{};
}

connection::awaitable<std::size_t> connection::read_raw(std::span<char> space) {
  const auto [ec, n] = co_await socket_.async_read_some(
    asio::buffer(space.data(), space.size()), as_values);
  if (ec && ec != asio::error::eof)
    co_return explain(ec);
  co_return n;
}

void connection::rest() {
  input_.release();
  encrypted_.release();
}

bool connection::is_idle() {
  char byte = 0;
  const auto n =
    recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void connection::close() {
  error_code ec;
  if (tls_ && socket_.is_open()) {
    tls_->close();
    const auto farewell = tls_->take_output();
    send(socket_.native_handle(), farewell.data(), farewell.size(),
         MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  socket_.close(ec);
}

} // namespace pj
