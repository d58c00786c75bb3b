#pragma once
#include "core/http.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace pj {

using wall_time = std::chrono::sys_time<std::chrono::milliseconds>;

/// A date as HTTP writes it ("Sun, 06 Nov 1994 08:49:37 GMT").
std::optional<wall_time> parse_http_date(std::string_view text) noexcept;

/// "2026-11-22T10:00:00Z", with fractions and offsets.
std::optional<wall_time> parse_rfc3339(std::string_view text) noexcept;

/// "2026-11-22T10:00:00.125Z".
std::string to_rfc3339(wall_time time);

/// "0.4 s", "12 s", "3:07", "1:02:45".
std::string shown_duration(std::chrono::milliseconds time);

/// "1s", "6m0s", "12ms", "1h2m3.5s": what OpenAI puts into reset headers. A
/// bare number counts seconds.
std::optional<std::chrono::milliseconds>
parse_go_duration(std::string_view text) noexcept;

/// How long the server asks to wait: `retry-after-ms`, `x-ms-retry-after-ms`,
/// then `retry-after` in seconds or as a date, measured against the response's
/// own `Date`. At most a day; nothing when absent, unreadable or past.
std::optional<std::chrono::milliseconds>
retry_after(const http_headers& headers) noexcept;

} // namespace pj
