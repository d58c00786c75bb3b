#pragma once
#include "adapters/http/serving/guest.hpp"

#include <atomic>
#include <memory>
#include <string>

namespace pj::serving {

/// One request's answer. Holds the connection; any thread may call. Dropped
/// without an end, it closes the connection.
class answer final : public responder,
                     public std::enable_shared_from_this<answer> {
public:
  /// `head`: no body is sent. `keep`: the connection may serve the next
  /// request. `chunks`: the client knows HTTP/1.1.
  answer(std::shared_ptr<guest> whose, bool head, bool keep, bool chunks)
    : guest_(std::move(whose)), head_(head), keep_(keep), chunks_(chunks) {}
  ~answer() override;

  void reply(int status, http_headers headers, std::string body) override;
  void begin(int status, http_headers headers) override;
  void write(std::string bytes) override;
  void end() override;
  void reset() override;
  bool closed() const override { return over_; }
  void after(std::chrono::milliseconds delay,
             std::function<void()> then) override;

  /// The client is gone. On the I/O thread.
  void lost() { over_ = true; }

private:
  gate& door() const { return *guest_->home()->door; }

  /// Runs on the I/O thread unless it is over.
  template <class Job>
  void run(Job job);

  std::string head(int status, const http_headers& headers) const;
  void finish(afterwards what);

  std::shared_ptr<guest> guest_;
  std::atomic<bool> over_ = false;
  bool begun_ = false;
  const bool head_;
  bool keep_;
  const bool chunks_;
};

} // namespace pj::serving
