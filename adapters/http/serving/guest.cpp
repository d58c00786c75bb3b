#include "adapters/http/serving/guest.hpp"

#include "adapters/http/serving/answer.hpp"

#include <boost/asio/post.hpp>

#include <array>
#include <utility>

namespace pj::serving {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;
using tcp = asio::ip::tcp;

constexpr auto request_time = seconds{120}; // to read one request, or idle
constexpr auto write_time = seconds{120};   // for one write to be taken
constexpr auto parting_time = seconds{2};   // for the client to close, too
constexpr std::size_t keep_capacity = 4u << 10;

} // namespace

void guest::send(std::string_view bytes) {
  if (dead_)
    return;
  out_ += bytes;
  if (std::exchange(writing_, true))
    return;
  asio::post(house_->door->io, [self = shared_from_this()] {
    if (!self->dead_)
      self->flush();
  });
}

void guest::flush() {
  sending_.swap(out_);
  lowest().expires_after(write_time);
  write(sending_);
}

void guest::wrote(error_code ec) {
  writing_ = false;
  sending_.clear();
  if (sending_.capacity() > keep_capacity)
    sending_ = {};
  if (ec)
    return shut(false);
  if (!out_.empty()) {
    writing_ = true;
    return flush();
  }
  finish(then_);
}

void guest::finish(afterwards what) {
  then_ = what;
  if (dead_ || writing_ || what == afterwards::stay)
    return;
  then_ = afterwards::stay;
  if (std::exchange(expecting_, false))
    return read_body();
  if (what == afterwards::read_on)
    return next();
  if (what == afterwards::cut)
    return shut(true);
  lowest().expires_after(parting_time);
  part();
}

void guest::next() {
  lowest().expires_after(request_time);
  read_header();
}

void guest::got_header(trouble why, bool expects_continue) {
  if (why != trouble::none)
    return refuse(why);
  expecting_ = expects_continue;
  if (!expecting_)
    return read_body();
  send("HTTP/1.1 100 Continue\r\n\r\n");
  finish(afterwards::read_on);
}

void guest::got_request(server_request request, bool keep_alive, bool chunks) {
  auto reply = std::make_shared<answer>(
    shared_from_this(), request.method == "HEAD", keep_alive, chunks);
  current_ = reply;
  lowest().expires_never();
  watch();
  try {
    house_->handler(std::move(request), reply);
  } catch (const std::exception& e) {
    reply->reply(500, {{"content-type", "text/plain"}}, e.what());
  }
}

/// Notices a client that goes away while it waits for its answer.
void guest::watch() {
  if (std::exchange(watching_, true))
    return;
  auto seen = [self = shared_from_this()](error_code ec) {
    self->watching_ = false;
    if (ec || self->dead_)
      return;
    char byte = 0;
    error_code why;
    auto& socket = self->lowest().socket();
    socket.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, why);
    if (why && why != asio::error::would_block)
      self->shut(false);
  };
  lowest().socket().async_wait(tcp::socket::wait_read, std::move(seen));
}

/// Answers what could not be read as a request, if anyone still listens.
void guest::refuse(trouble why) {
  if (why == trouble::gone)
    return shut(false);
  const auto status = why == trouble::body_too_large     ? 413
                      : why == trouble::header_too_large ? 431
                                                         : 400;
  auto reply = std::make_shared<answer>(shared_from_this(), false, false, true);
  current_ = reply;
  reply->reply(status, {{"content-type", "text/plain"}},
               "This is not a request that can be read.\n");
}

void guest::drain() {
  auto room = std::make_shared<std::array<char, 4096>>();
  auto again = [self = shared_from_this(), room](error_code ec, std::size_t) {
    ec ? self->shut(false) : self->drain();
  };
  lowest().async_read_some(asio::buffer(*room), std::move(again));
}

void guest::shut(bool hard) {
  if (std::exchange(dead_, true))
    return;
  if (auto reply = current_.lock())
    reply->lost();
  error_code ignored;
  if (hard)
    lowest().socket().set_option(asio::socket_base::linger(true, 0), ignored);
  lowest().close();
  house_->guests.erase(shared_from_this());
}

} // namespace pj::serving
