#include "tests/unit/adapters/git/stalling_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace pj::test {

namespace {

constexpr int look_for_stop = 20; ///< milliseconds

sockaddr_in loopback(int port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<std::uint16_t>(port));
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return at;
}

int check(int got) {
  if (got < 0)
    throw std::runtime_error("socket trouble");
  return got;
}

bool readable(int fd) {
  pollfd one{fd, POLLIN, 0};
  return ::poll(&one, 1, look_for_stop) > 0;
}

/// Where the digits of the port begin and end.
std::pair<std::size_t, std::size_t> port_in(const std::string& url) {
  const auto from = url.find(':', url.find("://") + 3) + 1;
  return {from, url.find('/', from)};
}

} // namespace

listener::listener() : fd_(check(::socket(AF_INET, SOCK_STREAM, 0))) {
  const auto at = loopback(0);
  check(::bind(fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at));
  check(::listen(fd_, 16));
}

listener::~listener() {
  ::close(fd_);
}

int listener::port() const {
  sockaddr_in at{};
  socklen_t n = sizeof at;
  check(::getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &n));
  return ntohs(at.sin_port);
}

stalling_proxy::stalling_proxy(const std::string& url, std::size_t after)
  : url_(url), left_(static_cast<long>(after)) {
  const auto [from, to] = port_in(url);
  target_port_ = std::stoi(url.substr(from, to - from));
  url_.replace(from, to - from, std::to_string(listener_.port()));
  thread_ = std::jthread([this](std::stop_token stop) { serve(stop); });
}

stalling_proxy::~stalling_proxy() {
  thread_.request_stop();
  thread_.join();
}

void stalling_proxy::wait_for_stall() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stalled_; });
}

void stalling_proxy::serve(std::stop_token stop) {
  std::vector<std::jthread> sessions;
  while (!stop.stop_requested())
    if (readable(listener_.descriptor()))
      sessions.emplace_back(
        [this, stop, fd = ::accept(listener_.descriptor(), nullptr, nullptr)] {
          pass(fd, stop);
        });
}

void stalling_proxy::pass(int client, std::stop_token stop) {
  const int server = check(::socket(AF_INET, SOCK_STREAM, 0));
  const auto at = loopback(target_port_);
  check(::connect(server, reinterpret_cast<const sockaddr*>(&at), sizeof at));
  bool open = true;
  while (open && !stop.stop_requested()) {
    pollfd both[] = {{client, POLLIN, 0}, {left_ > 0 ? server : -1, POLLIN, 0}};
    ::poll(both, 2, look_for_stop);
    for (int i = 0; i < 2; ++i) {
      if (!both[i].revents)
        continue;
      char part[4096];
      const auto n = ::recv(i == 0 ? client : server, part, sizeof part, 0);
      open = open && n > 0 &&
             ::send(i == 0 ? server : client, part, static_cast<std::size_t>(n),
                    MSG_NOSIGNAL) == n;
      if (i == 0)
        sent_ += n;
      if (i == 1 && (left_ -= n) <= 0) {
        const std::lock_guard lock(mutex_);
        stalled_ = true;
        changed_.notify_all();
      }
    }
  }
  ::close(client);
  ::close(server);
}

redirecting_server::redirecting_server(std::string location)
  : location_(std::move(location)),
    thread_([this](std::stop_token stop) { serve(stop); }) {}

redirecting_server::~redirecting_server() {
  thread_.request_stop();
  thread_.join();
}

std::string redirecting_server::url() const {
  return "http://127.0.0.1:" + std::to_string(listener_.port()) + "/o/r.git";
}

void redirecting_server::serve(std::stop_token stop) {
  const auto answer = "HTTP/1.1 301 Moved\r\nLocation: " + location_ +
                      "/info/refs?service=git-upload-pack\r\n"
                      "Content-Length: 0\r\nConnection: close\r\n\r\n";
  while (!stop.stop_requested()) {
    if (!readable(listener_.descriptor()))
      continue;
    const int client = ::accept(listener_.descriptor(), nullptr, nullptr);
    char request[4096];
    if (::recv(client, request, sizeof request, 0) > 0)
      ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
    ::close(client);
  }
}

} // namespace pj::test
