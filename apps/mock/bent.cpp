#include "apps/mock/bent.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace pj::doubles {
namespace {

using std::chrono::milliseconds;

class watched_responder final : public responder {
public:
  watched_responder(std::shared_ptr<responder> inner,
                    std::function<void(int)> answered)
    : inner_(std::move(inner)), answered_(std::move(answered)) {}

  void reply(int status, http_headers headers, std::string body) override {
    answered_(status);
    inner_->reply(status, std::move(headers), std::move(body));
  }

  void begin(int status, http_headers headers) override {
    answered_(status);
    inner_->begin(status, std::move(headers));
  }

  void write(std::string bytes) override { inner_->write(std::move(bytes)); }
  void end() override { inner_->end(); }
  void reset() override { inner_->reset(); }
  bool closed() const override { return inner_->closed(); }

  void after(milliseconds delay, std::function<void()> then) override {
    inner_->after(delay, std::move(then));
  }

private:
  std::shared_ptr<responder> inner_;
  std::function<void(int)> answered_;
};

/// Keeps a connection open without a word until the client leaves.
void hold(std::shared_ptr<responder> answer) {
  if (!answer->closed())
    answer->after(milliseconds{200}, [answer] { hold(answer); });
}

class bent_responder final
  : public responder,
    public std::enable_shared_from_this<bent_responder> {
public:
  bent_responder(std::shared_ptr<responder> inner, fault how,
                 std::shared_ptr<playbook> book)
    : inner_(std::move(inner)), how_(std::move(how)), book_(std::move(book)) {}

  void reply(int status, http_headers headers, std::string body) override {
    begin(status, std::move(headers));
    write(std::move(body));
    end();
  }

  void begin(int status, http_headers headers) override {
    if (how_.kind == fault_kind::lost)
      return inner_->reset();
    if (how_.kind == fault_kind::content_type)
      for (auto& h : headers)
        if (equal_ignoring_case(h.name, "content-type"))
          h.value = how_.body.empty() ? "text/html" : how_.body;
    inner_->begin(status, std::move(headers));
    write({});
  }

  void write(std::string bytes) override {
    std::lock_guard lock{mutex_};
    waiting_ += bytes;
    pump();
  }

  void end() override {
    std::lock_guard lock{mutex_};
    ended_ = true;
    pump();
  }

  void reset() override { inner_->reset(); }
  bool closed() const override { return inner_->closed(); }

  void after(milliseconds delay, std::function<void()> then) override {
    inner_->after(delay, std::move(then));
  }

private:
  void pump() {
    if (silent_ || pausing_)
      return;
    switch (how_.kind) {
    case fault_kind::reset:
    case fault_kind::stall:
    case fault_kind::truncate:
      return pump_to_the_limit();
    case fault_kind::trickle:
      return pump_one(how_.bytes);
    case fault_kind::split:
      return pump_one(1 + book_->below(how_.bytes));
    default:
      return pass(waiting_.size());
    }
  }

  /// Passes bytes on; the end too, when nothing is left.
  void pass(std::size_t count) {
    passed_ += count;
    inner_->write(waiting_.substr(0, count));
    waiting_.erase(0, count);
    if (ended_ && waiting_.empty()) {
      silent_ = true;
      inner_->end();
    }
  }

  void pump_to_the_limit() {
    if (passed_ + waiting_.size() < how_.after && !ended_)
      return pass(waiting_.size());
    const auto room =
      std::min<std::uint64_t>(how_.after - passed_, waiting_.size());
    const auto was_ended = std::exchange(ended_, false);
    pass(static_cast<std::size_t>(room));
    ended_ = was_ended;
    give_up();
  }

  void give_up() {
    silent_ = true;
    if (how_.kind == fault_kind::reset)
      return inner_->reset();
    if (how_.kind == fault_kind::truncate)
      return inner_->end();
    if (how_.delay <= 0)
      return hold(inner_);
    inner_->after(milliseconds_of(how_.delay), [self = shared_from_this()] {
      std::lock_guard lock{self->mutex_};
      self->silent_ = false;
      self->how_.kind = fault_kind::slow;
      self->pump();
    });
  }

  void pump_one(std::uint64_t bytes) {
    if (waiting_.empty() && !ended_)
      return;
    pass(static_cast<std::size_t>(
      std::min<std::uint64_t>(bytes, waiting_.size())));
    pausing_ = true;
    inner_->after(milliseconds_of(how_.delay), [self = shared_from_this()] {
      std::lock_guard lock{self->mutex_};
      self->pausing_ = false;
      self->pump();
    });
  }

  std::mutex mutex_;
  std::shared_ptr<responder> inner_;
  fault how_;
  std::shared_ptr<playbook> book_;
  std::string waiting_;
  std::uint64_t passed_ = 0;
  bool ended_ = false;
  bool silent_ = false;  ///< nothing more is passed on
  bool pausing_ = false; ///< until the timer fires
};

} // namespace

std::shared_ptr<responder> watched(std::shared_ptr<responder> inner,
                                   std::function<void(int status)> answered) {
  return std::make_shared<watched_responder>(std::move(inner),
                                             std::move(answered));
}

bool bends(fault_kind kind) noexcept {
  return kind >= fault_kind::reset && kind <= fault_kind::lost;
}

std::shared_ptr<responder> bent(std::shared_ptr<responder> inner, fault how,
                                std::shared_ptr<playbook> book) {
  return std::make_shared<bent_responder>(std::move(inner), std::move(how),
                                          std::move(book));
}

} // namespace pj::doubles
