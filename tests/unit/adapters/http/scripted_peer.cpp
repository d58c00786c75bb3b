#include "scripted_peer.hpp"

#include "core/text.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace pj::test {

namespace {

std::size_t announced(const std::string& head) {
  const auto small = lowered(head);
  const auto at = small.find("content-length: ");
  return at == small.npos ? 0 : std::stoul(small.substr(at + 16));
}

int listen_anywhere() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd, reinterpret_cast<sockaddr*>(&any), sizeof any) != 0 ||
      listen(fd, 64) != 0)
    throw std::runtime_error("cannot listen on loopback");
  return fd;
}

std::uint16_t port_of(int fd) {
  sockaddr_in bound{};
  socklen_t size = sizeof bound;
  getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size);
  return ntohs(bound.sin_port);
}

} // namespace

std::string scripted_peer::read_some() {
  std::array<char, 65536> buffer;
  const auto n = recv(fd_, buffer.data(), buffer.size(), 0);
  return {buffer.data(), n > 0 ? static_cast<std::size_t>(n) : 0};
}

std::string scripted_peer::read_request() {
  std::string all;
  for (;;) {
    const auto end = all.find("\r\n\r\n");
    if (end != all.npos &&
        all.size() >= end + 4 + announced(all.substr(0, end)))
      return all;
    const auto more = read_some();
    if (more.empty())
      return all;
    all += more;
  }
}

void scripted_peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0)
      return;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void scripted_peer::trickle(std::string_view bytes) {
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  for (const char& c : bytes) {
    send({&c, 1});
    std::this_thread::yield();
  }
}

void scripted_peer::wait_for_end() {
  while (!read_some().empty()) {
  }
}

void scripted_peer::reset() {
  const linger now{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

void scripted_peer::close() {
  const std::lock_guard lock(closing_);
  if (fd_ >= 0)
    ::close(fd_);
  fd_ = -1;
}

void scripted_peer::hang_up() {
  const std::lock_guard lock(closing_);
  if (fd_ >= 0)
    shutdown(fd_, SHUT_RDWR);
}

scripted_server::scripted_server(std::vector<script> scripts)
  : listener_(listen_anywhere()), port_(port_of(listener_)) {
  acceptor_ = std::thread([this, s = std::move(scripts)] { accept_all(s); });
}

scripted_server::~scripted_server() {
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  for (const auto& peer : peers_)
    peer->hang_up();
  for (auto& player : players_)
    player.join();
}

std::string scripted_server::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

std::size_t scripted_server::accepted() {
  const std::lock_guard lock(mutex_);
  return peers_.size();
}

void scripted_server::accept_all(const std::vector<script>& scripts) {
  for (std::size_t i = 0;; ++i) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0)
      return;

    auto peer = std::make_shared<scripted_peer>(fd);
    if (i >= scripts.size()) {
      peer->close();
      continue;
    }
    const std::lock_guard lock(mutex_);
    peers_.push_back(peer);
    players_.emplace_back([play = scripts[i], peer] {
      play(*peer);
      peer->close();
    });
  }
}

std::string ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\ncontent-length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

} // namespace pj::test
