#include "adapters/http/client.hpp"

#include "adapters/http/exchange.hpp"
#include "adapters/http/network_failure.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <mutex>
#include <stdexcept>
#include <thread>
#include <unordered_map>

namespace pj {

namespace asio = boost::asio;

namespace {

constexpr auto sweep_every = std::chrono::seconds(5);

failure cancelled() {
  return {
    failure_class::cancelled, failure_code::interrupted, "cancelled", {}, {}};
}

/// Everything the thread needs; lives as long as the thread does.
class loop : public std::enable_shared_from_this<loop> {
public:
  loop(http_client_options options, std::shared_ptr<tls_context> tls)
    : world_(
        std::make_shared<exchange_world>(std::move(options), std::move(tls))),
      work_(world_->io.get_executor()), sweeper_(world_->io) {}

  void run() { world_->io.run(); }

  template <class F>
  void post(F f) {
    asio::post(world_->io, std::move(f));
  }

  void start(http_operation op, http_request request, http_limits limits,
             std::shared_ptr<http_handler> handler) {
    auto made = std::make_shared<exchange>(world_, std::move(request), limits,
                                           std::move(handler));
    running_.emplace(op, made);
    if (!is_sweeping_)
      sweep();
    made->start([self = shared_from_this(), op] { self->running_.erase(op); });
  }

  void cancel(http_operation op) {
    const auto found = running_.find(op);
    if (found != running_.end())
      found->second->stop(cancelled());
  }

  /// Lets `run` return once every exchange has ended.
  void close() {
    is_closed_ = true;
    sweeper_.cancel();
    world_->kept.close_all();
    const auto all = running_;
    for (const auto& [op, which] : all)
      which->stop(cancelled());
    work_.reset();
  }

private:
  void sweep() {
    is_sweeping_ = !is_closed_;
    if (is_closed_)
      return;
    sweeper_.expires_after(sweep_every);
    sweeper_.async_wait([weak = weak_from_this()](auto ec) {
      const auto self = weak.lock();
      if (ec || !self)
        return;
      self->world_->kept.sweep(std::chrono::steady_clock::now());
      self->is_sweeping_ = false;
      if (!self->world_->kept.empty() || !self->running_.empty())
        self->sweep();
    });
  }

  std::shared_ptr<exchange_world> world_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  asio::steady_timer sweeper_;
  std::unordered_map<http_operation, std::shared_ptr<exchange>> running_;
  bool is_sweeping_ = false;
  bool is_closed_ = false;
};

class client final : public http_client {
public:
  client(http_client_options options, std::shared_ptr<tls_context> tls)
    : loop_(std::make_shared<loop>(std::move(options), std::move(tls))),
      thread_([l = loop_] { l->run(); }) {}

  ~client() override { shutdown(); }

  http_operation start(http_request request, http_limits limits,
                       std::shared_ptr<http_handler> handler) override {
    std::unique_lock lock(mutex_);
    const auto op = ++last_;
    if (is_down_) {
      lock.unlock();
      const auto why = cancelled();
      handler->end(&why);
      return op;
    }
    loop_->post([l = loop_.get(), op, request = std::move(request), limits,
                 handler = std::move(handler)]() mutable {
      l->start(op, std::move(request), limits, std::move(handler));
    });
    return op;
  }

  void cancel(http_operation op) override {
    const std::lock_guard lock(mutex_);
    if (!is_down_)
      loop_->post([l = loop_.get(), op] { l->cancel(op); });
  }

  void shutdown() override {
    std::unique_lock lock(mutex_);
    if (!std::exchange(is_down_, true))
      loop_->post([l = loop_.get()] { l->close(); });
    auto thread = std::move(thread_);
    lock.unlock();
    if (!thread.joinable())
      return;
    if (thread.get_id() == std::this_thread::get_id())
      thread.detach();
    else
      thread.join();
  }

private:
  std::mutex mutex_;
  http_operation last_ = 0;
  bool is_down_ = false;
  std::shared_ptr<loop> loop_;
  std::thread thread_;
};

} // namespace

result<done> http_client_options::validate() const {
  if (auto usable = proxy.validate(); !usable)
    return usable;
  if (max_opening_per_origin == 0)
    return misconfigured("the HTTP client may open no connection");
  if (!look_up)
    return misconfigured("the HTTP client has no way to look names up");
  return done{};
}

std::shared_ptr<http_client> make_http_client(http_client_options options) {
  if (const auto usable = options.validate(); !usable)
    throw std::invalid_argument(usable.error().what);
  auto tls = tls_context::make(options.tls);
  if (!tls)
    throw std::invalid_argument(tls.error().what);
  return std::make_shared<client>(std::move(options), *std::move(tls));
}

} // namespace pj
