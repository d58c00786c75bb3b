#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pj {

struct http_header {
  std::string name; ///< compared without case
  std::string value;
};

using http_headers = std::vector<http_header>;

/// The first value under this name, or an empty view.
std::string_view find_header(const http_headers& headers,
                             std::string_view name) noexcept;

struct http_request {
  std::string method = "GET";
  std::string url; ///< absolute, http or https, never with credentials
  http_headers headers;
  std::shared_ptr<const std::string> body; ///< null: no body
};

struct http_response {
  int status = 0; ///< 100..599
  http_headers headers;
  std::string body;
};

} // namespace pj
