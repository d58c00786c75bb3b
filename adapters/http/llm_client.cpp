#include "adapters/http/llm_client.hpp"

#include "core/llm/error_body.hpp"

#include <algorithm>

namespace pj {

namespace {

constexpr std::size_t max_error_body = 64u << 10;

/// A piece of text comes in an event many times its size.
constexpr std::uint64_t wire_bytes_per_byte = 256;
constexpr std::uint64_t max_overhead = 1u << 20;
constexpr std::uint64_t any_answer = std::uint64_t{1} << 40;

failure too_large(std::uint64_t max) {
  return {failure_class::fail,
          failure_code::model,
          "the model's answer is larger than " + std::to_string(max) +
            " bytes: ask for less at once",
          {},
          {}};
}

/// One answer as it arrives.
class answer_reader final : public http_handler {
public:
  answer_reader(llm::endpoint where, std::uint64_t max_answer,
                llm_handler handler)
    : where_(std::move(where)), max_answer_(max_answer),
      handler_(std::move(handler)) {}

  void head(int status, const http_headers& headers) override {
    status_ = status;
    headers_ = headers;
    if (status != 200)
      return;
    auto made = llm::make_decoder(where_, find_header(headers, "content-type"));
    if (made)
      decoder_ = *std::move(made);
    else
      unusable_ = std::move(made).error();
  }

  bool data(std::string_view bytes) override {
    if (unusable_ && decoder_)
      return false;
    return decoder_ ? decode(bytes) : keep(bytes);
  }

  /// A stream lives by its lines, comments among them: a byte now and then is
  /// a stall.
  bool progressed() override {
    const auto lines = decoder_ ? decoder_->lines() : 0;
    return std::exchange(lines_, lines) != lines;
  }

  void end(const failure* why) override {
    auto answer = conclude(why);
    llm_outcome outcome{std::move(answer),      std::move(headers_), status_,
                        std::move(error_body_), status_ / 100 == 2,  size_};
    handler_.end(std::move(outcome));
  }

private:
  bool decode(std::string_view bytes) {
    text_.clear();
    if (auto fed = decoder_->feed(bytes, text_); !fed) {
      unusable_ = std::move(fed).error();
      return false;
    }
    size_ += text_.size();
    if (size_ > max_answer_) {
      unusable_ = too_large(max_answer_);
      return false;
    }
    if (!text_.empty() && handler_.text)
      handler_.text(text_);
    return !decoder_->finished();
  }

  bool keep(std::string_view bytes) {
    error_body_ += bytes.substr(0, max_error_body - error_body_.size());
    return error_body_.size() < max_error_body;
  }

  /// What the server said counts more than how the connection ended.
  result<llm::completion> conclude(const failure* why) {
    if (why && why->kind == failure_class::cancelled)
      return *why;
    if (unusable_ && !decoder_) // an error may come with 200 all the same
      if (const auto facts = llm::read_error(error_body_))
        return llm::classify_stream_error(where_, *facts);
    if (unusable_)
      return *std::move(unusable_);
    if (status_ != 0 && !decoder_)
      return llm::classify_error(where_, status_, headers_, error_body_);
    if (why)
      return *why;
    auto finished = decoder_->finish();
    if (auto id = request_id(); finished && !id.empty())
      finished->request_id = std::move(id);
    return finished;
  }

  std::string request_id() const {
    for (const auto* name : {"x-request-id", "request-id", "x-generation-id"})
      if (const auto id = find_header(headers_, name); !id.empty())
        return std::string(id.substr(0, 200));
    return {};
  }

  llm::endpoint where_;
  std::uint64_t max_answer_;
  llm_handler handler_;
  int status_ = 0;
  http_headers headers_;
  std::unique_ptr<llm::decoder> decoder_;
  std::optional<failure> unusable_;
  std::string text_;
  std::uint64_t size_ = 0;
  std::uint64_t lines_ = 0; ///< of the stream, when it was last asked for
  std::string error_body_;
};

class llm_client final : public llm_port {
public:
  explicit llm_client(std::shared_ptr<http_port> http)
    : http_(std::move(http)) {}

  llm_operation start(llm_call call, llm_handler handler) override {
    auto request = llm::build_request(call.where, *call.what, call.model);
    http_limits limits;
    limits.idle = call.idle;
    limits.total = call.total;
    limits.max_body = max_overhead + std::min(call.max_answer, any_answer) *
                                       wire_bytes_per_byte;
    return http_->start(std::move(request), limits,
                        std::make_shared<answer_reader>(std::move(call.where),
                                                        call.max_answer,
                                                        std::move(handler)));
  }

  void cancel(llm_operation op) override { http_->cancel(op); }

private:
  std::shared_ptr<http_port> http_;
};

} // namespace

std::shared_ptr<llm_port> make_llm_client(std::shared_ptr<http_port> http) {
  return std::make_shared<llm_client>(std::move(http));
}

} // namespace pj
