#include "core/policy/rate_headers.hpp"

#include "core/policy/times.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace pj {

namespace {

using std::chrono::milliseconds;

std::optional<double> count(std::string_view text) noexcept {
  text = trimmed(text);
  double out = 0;
  const auto got = std::from_chars(text.data(), text.data() + text.size(), out);
  if (got.ec != std::errc{} || got.ptr != text.data() + text.size() ||
      !std::isfinite(out) || out < 0)
    return std::nullopt;
  return out;
}

std::optional<milliseconds> until(std::string_view text,
                                  const http_headers& headers) {
  if (const auto span = parse_go_duration(text))
    return span;
  const auto then = parse_rfc3339(text);
  const auto now = parse_http_date(find_header(headers, "date"));
  if (!then || !now)
    return std::nullopt;
  return std::max(milliseconds{0},
                  std::chrono::duration_cast<milliseconds>(*then - *now));
}

limit_reading read_limit(const http_headers& headers, const std::string& limit,
                         const std::string& remaining,
                         const std::string& reset) {
  limit_reading out;
  out.limit = count(find_header(headers, limit)).value_or(0);
  out.remaining = count(find_header(headers, remaining));
  out.reset = until(find_header(headers, reset), headers);
  return out;
}

limit_reading openai(const http_headers& headers, const std::string& what) {
  return read_limit(headers, "x-ratelimit-limit-" + what,
                    "x-ratelimit-remaining-" + what,
                    "x-ratelimit-reset-" + what);
}

limit_reading anthropic(const http_headers& headers, const std::string& what) {
  const auto stem = "anthropic-ratelimit-" + what;
  return read_limit(headers, stem + "-limit", stem + "-remaining",
                    stem + "-reset");
}

} // namespace

rate_reading read_rate_headers(const http_headers& headers) {
  rate_reading out{openai(headers, "requests"), openai(headers, "tokens")};
  if (out.requests.limit <= 0)
    out.requests = anthropic(headers, "requests");
  if (out.tokens.limit <= 0)
    out.tokens = anthropic(headers, "tokens");
  if (out.tokens.limit <= 0)
    out.tokens = anthropic(headers, "input-tokens");
  return out;
}

} // namespace pj
