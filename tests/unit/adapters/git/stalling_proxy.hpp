#pragma once
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace pj::test {

/// A TCP listener on a free port of loopback with a thread of its own.
class listener {
public:
  listener();
  ~listener();
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  int port() const;
  int descriptor() const { return fd_; }

private:
  int fd_;
};

/// Passes bytes between a client and a server and falls silent after so many
/// bytes of answers.
class stalling_proxy {
public:
  stalling_proxy(const std::string& url, std::size_t after);
  ~stalling_proxy();

  /// The URL given, at this proxy's port.
  const std::string& url() const { return url_; }

  /// Bytes that came from clients.
  long sent() const { return sent_; }

  void let_all_through() { left_ = 1u << 30; }
  void wait_for_stall();

private:
  void serve(std::stop_token stop);
  void pass(int client, std::stop_token stop);

  listener listener_;
  int target_port_;
  std::string url_;
  std::atomic<long> left_;
  std::atomic<long> sent_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stalled_ = false;
  std::jthread thread_;
};

/// Answers every request with a redirect to a fixed place.
class redirecting_server {
public:
  explicit redirecting_server(std::string location);
  ~redirecting_server();
  std::string url() const;

private:
  void serve(std::stop_token stop);

  listener listener_;
  std::string location_;
  std::jthread thread_;
};

} // namespace pj::test
