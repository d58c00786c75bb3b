#pragma once
#include "adapters/http/server.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace pj::doubles {

/// One request that reached a face. Values of secret headers are masked.
struct seen_request {
  std::uint64_t id = 0;
  std::string face;
  std::string method;
  std::string target;
  http_headers headers;
  std::string body;  ///< its first bytes; empty for git
  int status = 0;    ///< 0: no answer yet
  std::string fault; ///< what was made to go wrong, or empty
};

/// The request journal and the counters. Thread-safe.
class recorder {
public:
  /// Keeps the last `requests` requests.
  explicit recorder(std::size_t requests) : keep_(requests) {}

  /// Writes a request down; gives its id.
  std::uint64_t arrived(std::string_view face, const server_request& request);
  void answered(std::uint64_t id, std::string_view face, int status);
  void troubled(std::uint64_t id, std::string_view kind);

  /// Adds to a counter; `labels` as Prometheus writes them, e.g. `a="b"`.
  void count(std::string_view name, std::string_view labels, double by = 1);

  std::vector<seen_request> requests() const;
  std::string metrics() const;

private:
  seen_request* find(std::uint64_t id);

  mutable std::mutex mutex_;
  std::size_t keep_;
  std::uint64_t last_id_ = 0;
  std::deque<seen_request> requests_;
  std::map<std::string, std::map<std::string, double>, std::less<>> counters_;
};

/// The journal as JSON, oldest first.
std::string to_json(const std::vector<seen_request>& requests);

} // namespace pj::doubles
