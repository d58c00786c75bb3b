#pragma once
#include "adapters/http/client.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>

namespace pj::test {

/// Keeps what a handler is told and lets the test wait for it.
class recorder final : public http_handler {
public:
  struct seen {
    int heads = 0;
    int ends = 0;
    int status = 0;
    http_headers headers;
    std::string body;
    int pieces = 0;
    std::optional<failure> why;
  };

  /// `enough`: after this many bytes, no more is wanted.
  explicit recorder(std::size_t enough = ~std::size_t{0}) : enough_(enough) {}

  void head(int status, const http_headers& headers) override {
    const std::lock_guard lock(mutex_);
    ++seen_.heads;
    seen_.status = status;
    seen_.headers = headers;
    changed_.notify_all();
  }

  bool data(std::string_view bytes) override {
    const std::lock_guard lock(mutex_);
    seen_.body += bytes;
    ++seen_.pieces;
    changed_.notify_all();
    return seen_.body.size() < enough_;
  }

  void end(const failure* why) override {
    const std::lock_guard lock(mutex_);
    ++seen_.ends;
    if (why)
      seen_.why = *why;
    changed_.notify_all();
  }

  /// Waits until `ready` says yes; what was seen then.
  template <class F>
  seen wait(F ready) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ready(seen_); });
    return seen_;
  }

  seen wait_for_end() {
    return wait([](const seen& s) { return s.ends > 0; });
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  seen seen_;
  std::size_t enough_;
};

/// A request and all that came of it.
inline recorder::seen ask(http_port& http, http_request request,
                          http_limits limits = {}) {
  const auto handler = std::make_shared<recorder>();
  http.start(std::move(request), limits, handler);
  return handler->wait_for_end();
}

inline http_request get(std::string url) {
  return {"GET", std::move(url), {}, nullptr};
}

inline http_request post(std::string url, std::string body) {
  return {"POST",
          std::move(url),
          {},
          std::make_shared<const std::string>(std::move(body))};
}

} // namespace pj::test
