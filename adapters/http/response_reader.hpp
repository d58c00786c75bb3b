#pragma once
#include "core/http.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace pj {

/// Reads one HTTP/1 response, split anywhere. Interim (1xx) responses are
/// skipped. No I/O; not thread-safe.
class response_reader {
public:
  struct settings {
    bool no_body = false; ///< the answer to HEAD or CONNECT has none
    std::uint64_t max_body = 0;
    std::uint32_t max_head = 64u << 10; ///< also of a chunk's header
  };

  explicit response_reader(settings limits);
  ~response_reader();

  /// Takes what it can from the front of `bytes` and gives the body that was
  /// in it, pulled together in place: valid as long as `bytes` is. Bytes that
  /// were not taken must come again, with more behind them.
  struct step {
    std::string_view body;
    std::size_t taken = 0;
  };
  result<step> feed(std::span<char> bytes);

  /// The connection ended here.
  result<done> feed_end();

  bool has_head() const noexcept; ///< a final (not 1xx) head was read
  bool is_done() const noexcept;
  bool keeps_alive() const; ///< only when done
  int status() const noexcept;
  http_headers take_headers(); ///< once

private:
  class parser;
  std::unique_ptr<parser> parser_;
  settings limits_;
  int interim_ = 0;
};

} // namespace pj
