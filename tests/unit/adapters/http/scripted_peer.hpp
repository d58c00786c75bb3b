#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace pj::test {

/// One accepted connection in the hands of a script. Everything blocks; a peer
/// that is gone makes reads come back empty and sends do nothing.
class scripted_peer {
public:
  explicit scripted_peer(int fd) : fd_(fd) {}

  /// A whole request: head, and the body that its content-length announces.
  std::string read_request();
  std::string read_some();
  void send(std::string_view bytes);

  /// Every byte in a packet of its own.
  void trickle(std::string_view bytes);

  /// Until the other side closes.
  void wait_for_end();

  /// RST instead of FIN.
  void reset();
  void close();
  int fd() const { return fd_; }

  /// From another thread: what blocks comes back.
  void hang_up();

private:
  std::mutex closing_;
  std::atomic<int> fd_;
};

/// Listens on loopback; the n-th connection plays the n-th script on a thread
/// of its own, later ones are closed at once.
class scripted_server {
public:
  using script = std::function<void(scripted_peer&)>;

  explicit scripted_server(std::vector<script> scripts);
  ~scripted_server();

  std::uint16_t port() const { return port_; }
  std::string url(std::string_view path = "/") const;
  std::size_t accepted();

private:
  void accept_all(const std::vector<script>& scripts);

  int listener_;
  std::uint16_t port_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<scripted_peer>> peers_;
  std::vector<std::thread> players_;
  std::thread acceptor_;
};

/// "HTTP/1.1 200 OK" with a content-length.
std::string ok(std::string_view body);

} // namespace pj::test
