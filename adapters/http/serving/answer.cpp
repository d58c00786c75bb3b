#include "adapters/http/serving/answer.hpp"

#include <boost/beast/http/status.hpp>

#include <array>
#include <cstdio>
#include <utility>

namespace pj::serving {

namespace asio = boost::asio;
namespace http = boost::beast::http;

answer::~answer() {
  if (!over_)
    door().run([g = guest_] { g->shut(false); });
}

template <class Job>
void answer::run(Job job) {
  if (!door().inside())
    return door().run(
      [self = shared_from_this(), job = std::move(job)]() mutable {
        self->run(std::move(job));
      });
  if (!over_)
    job();
}

void answer::reply(int status, http_headers headers, std::string body) {
  run([this, status, h = std::move(headers), b = std::move(body)] {
    if (begun_)
      return;
    const bool bare = status == 204 || status == 304 || status < 200;
    auto text = head(status, h);
    if (!bare)
      text += "content-length: " + std::to_string(b.size()) + "\r\n";
    text += "\r\n";
    if (!bare && !head_)
      text += b;
    guest_->send(text);
    finish(keep_ ? afterwards::read_on : afterwards::part);
  });
}

void answer::begin(int status, http_headers headers) {
  run([this, status, h = std::move(headers)] {
    if (std::exchange(begun_, true))
      return;
    keep_ = keep_ && chunks_;
    guest_->send(head(status, h) +
                 (chunks_ ? "transfer-encoding: chunked\r\n\r\n" : "\r\n"));
  });
}

void answer::write(std::string bytes) {
  run([this, bytes = std::move(bytes)] {
    if (!begun_ || head_ || bytes.empty())
      return;
    if (!chunks_)
      return guest_->send(bytes);
    std::array<char, 20> size{};
    const auto digits =
      std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
    guest_->send({size.data(), static_cast<std::size_t>(digits)});
    guest_->send(bytes);
    guest_->send("\r\n");
  });
}

void answer::end() {
  run([this] {
    if (!begun_)
      return;
    if (chunks_ && !head_)
      guest_->send("0\r\n\r\n");
    finish(keep_ ? afterwards::read_on : afterwards::part);
  });
}

void answer::reset() {
  run([this] { finish(afterwards::cut); });
}

void answer::after(std::chrono::milliseconds delay,
                   std::function<void()> then) {
  door().run([home = guest_->home(), delay, then = std::move(then)] {
    if (home->closed)
      return;
    auto timer = std::make_shared<asio::steady_timer>(home->door->io, delay);
    home->timers.insert(timer);
    timer->async_wait([home, timer, then](boost::system::error_code) {
      home->timers.erase(timer);
      if (!home->closed)
        then();
    });
  });
}

std::string answer::head(int status, const http_headers& headers) const {
  const auto reason =
    http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)));
  auto text = "HTTP/1.1 " + std::to_string(status) + ' ';
  text.append(reason.data(), reason.size()).append("\r\n");
  for (const auto& h : headers)
    text.append(h.name).append(": ").append(h.value).append("\r\n");
  if (!keep_)
    text += "connection: close\r\n";
  return text;
}

void answer::finish(afterwards what) {
  over_ = true;
  guest_->finish(what);
}

} // namespace pj::serving
