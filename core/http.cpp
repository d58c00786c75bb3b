#include "core/http.hpp"

#include "core/text.hpp"

namespace pj {

std::string_view find_header(const http_headers& headers,
                             std::string_view name) noexcept {
  for (const auto& h : headers)
    if (equal_ignoring_case(h.name, name))
      return h.value;
  return {};
}

} // namespace pj
