#pragma once
#include "core/http.hpp"
#include "core/llm/chat.hpp"
#include "core/llm/models.hpp"
#include "core/llm/wire.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace pj {

/// One streamed question.
struct llm_call {
  llm::endpoint where;
  std::shared_ptr<const llm::chat> what;
  llm::model_entry model;
  std::chrono::milliseconds idle{120'000}; ///< between lines of the stream
  std::chrono::milliseconds total{0};      ///< 0: no bound
  std::uint64_t max_answer = 8u << 20;     ///< bytes of answer text
};

/// What came of it.
struct llm_outcome {
  result<llm::completion> answer;
  http_headers headers; ///< of the response; rate limits are read from here
  int status = 0;       ///< 0: no response
  std::string body;     ///< of a response that was not 200; at most 64 KiB

  /// A 2xx response began: the provider may charge for it even when `answer`
  /// is a failure.
  bool may_be_paid = false;
  std::uint64_t text_bytes = 0; ///< of the answer, as far as it came
};

/// Called on the I/O thread. `text` gets one piece per network read.
struct llm_handler {
  std::function<void(std::string_view text)> text; ///< may be empty
  std::function<void(llm_outcome)> end;            ///< exactly once
};

using llm_operation = std::uint64_t;

/// Streams completions. Thread-safe. Never retries: the caller decides.
class llm_port {
public:
  virtual ~llm_port() = default;
  virtual llm_operation start(llm_call call, llm_handler handler) = 0;
  virtual void cancel(llm_operation op) = 0;
};

} // namespace pj
