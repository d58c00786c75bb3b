#include "core/policy/times.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace pj {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_wait = std::chrono::hours{24};

/// Takes text apart from the front; once something does not fit, all is lost.
class scanner {
public:
  explicit scanner(std::string_view text) : rest_(text) {}

  bool good() const { return good_; }
  bool at_end() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  void literal(std::string_view expected) {
    good_ = good_ && rest_.substr(0, expected.size()) == expected;
    if (good_)
      rest_.remove_prefix(expected.size());
  }

  bool accept(std::string_view text) {
    if (rest_.substr(0, text.size()) != text)
      return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  /// Exactly so many digits.
  int digits(std::size_t count) {
    int out = 0;
    const auto part = rest_.substr(0, count);
    const auto* end = part.data() + part.size();
    const auto got = std::from_chars(part.data(), end, out);
    good_ = good_ && part.size() == count && got.ptr == end && out >= 0 &&
            part.front() != '-';
    if (good_)
      rest_.remove_prefix(count);
    return good_ ? out : 0;
  }

  /// A number that is not negative, with an optional fraction.
  double number() {
    double out = 0;
    const auto* end = rest_.data() + rest_.size();
    const auto got =
      std::from_chars(rest_.data(), end, out, std::chars_format::fixed);
    good_ = good_ && got.ec == std::errc{} && std::isfinite(out) && out >= 0;
    if (good_)
      rest_.remove_prefix(static_cast<std::size_t>(got.ptr - rest_.data()));
    return good_ ? out : 0;
  }

  /// Index of the three letters in a list like "JanFeb…".
  unsigned name_in(std::string_view list) {
    const auto at =
      rest_.size() < 3 ? list.npos : list.find(rest_.substr(0, 3));
    good_ = good_ && at != list.npos && at % 3 == 0;
    if (good_)
      rest_.remove_prefix(3);
    return good_ ? static_cast<unsigned>(at / 3) : 0;
  }

private:
  std::string_view rest_;
  bool good_ = true;
};

struct civil {
  int year = 0;
  unsigned month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

std::optional<wall_time> to_time(const civil& c) noexcept {
  const std::chrono::year_month_day date{
    std::chrono::year{c.year}, std::chrono::month{c.month},
    std::chrono::day{static_cast<unsigned>(c.day)}};
  if (!date.ok() || c.hour > 23 || c.minute > 59 || c.second > 60)
    return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{c.hour} +
         std::chrono::minutes{c.minute} + std::chrono::seconds{c.second};
}

void read_clock(scanner& in, civil& out) {
  out.hour = in.digits(2);
  in.literal(":");
  out.minute = in.digits(2);
  in.literal(":");
  out.second = in.digits(2);
}

std::optional<milliseconds> to_wait(double ms) noexcept {
  if (!(ms > 0))
    return std::nullopt;
  const auto most = static_cast<double>(longest_wait.count());
  return milliseconds{std::llround(std::ceil(std::min(ms, most)))};
}

std::optional<double> plain_number(std::string_view text) noexcept {
  scanner in(trimmed(text));
  const double out = in.number();
  if (!in.good() || !in.at_end())
    return std::nullopt;
  return out;
}

std::string two_digits(std::int64_t n) {
  return (n < 10 ? "0" : "") + std::to_string(n);
}

} // namespace

std::optional<wall_time> parse_http_date(std::string_view text) noexcept {
  scanner in(trimmed(text));
  civil c;
  in.name_in("SunMonTueWedThuFriSat");
  in.literal(", ");
  c.day = in.digits(2);
  in.literal(" ");
  c.month = in.name_in("JanFebMarAprMayJunJulAugSepOctNovDec") + 1;
  in.literal(" ");
  c.year = in.digits(4);
  in.literal(" ");
  read_clock(in, c);
  in.literal(" GMT");
  if (!in.good() || !in.at_end())
    return std::nullopt;
  return to_time(c);
}

std::optional<wall_time> parse_rfc3339(std::string_view text) noexcept {
  scanner in(trimmed(text));
  civil c;
  c.year = in.digits(4);
  in.literal("-");
  c.month = static_cast<unsigned>(in.digits(2));
  in.literal("-");
  c.day = in.digits(2);
  if (!in.accept("T") && !in.accept("t"))
    in.literal(" ");
  read_clock(in, c);
  const double fraction = in.peek() == '.' ? in.number() : 0;
  std::chrono::minutes offset{0};
  if (!in.accept("Z") && !in.accept("z")) {
    const int sign = in.accept("-") ? -1 : 1;
    if (sign > 0)
      in.literal("+");
    offset = std::chrono::hours{in.digits(2)};
    in.literal(":");
    offset = sign * (offset + std::chrono::minutes{in.digits(2)});
  }
  const auto base = to_time(c);
  if (!in.good() || !in.at_end() || !base)
    return std::nullopt;
  return *base + milliseconds{std::llround(fraction * 1000)} - offset;
}

std::string to_rfc3339(wall_time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  char text[64];
  std::snprintf(
    text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
    static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
    static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
    static_cast<int>(clock.minutes().count()),
    static_cast<int>(clock.seconds().count()),
    static_cast<int>(clock.subseconds().count()));
  return text;
}

std::string shown_duration(milliseconds time) {
  const auto ms = std::max<std::int64_t>(time.count(), 0);
  const auto seconds = ms / 1'000;
  if (seconds < 10)
    return std::to_string(seconds) + '.' + std::to_string(ms % 1'000 / 100) +
           " s";
  if (seconds < 60)
    return std::to_string(seconds) + " s";
  const auto rest = two_digits(seconds % 60);
  if (seconds < 3'600)
    return std::to_string(seconds / 60) + ':' + rest;
  return std::to_string(seconds / 3'600) + ':' + two_digits(seconds / 60 % 60) +
         ':' + rest;
}

std::optional<milliseconds> parse_go_duration(std::string_view text) noexcept {
  scanner in(trimmed(text));
  double total = 0;
  do {
    const double n = in.number();
    if (in.accept("ms"))
      total += n;
    else if (in.accept("us") || in.accept("µs"))
      total += n / 1e3;
    else if (in.accept("ns"))
      total += n / 1e6;
    else if (in.accept("h"))
      total += n * 3'600'000;
    else if (in.accept("m"))
      total += n * 60'000;
    else if (in.accept("s") || in.at_end())
      total += n * 1000;
    else
      return std::nullopt;
  } while (in.good() && !in.at_end());
  const double most = static_cast<double>(longest_wait.count()) * 365;
  if (!in.good() || total > most)
    return std::nullopt;
  return milliseconds{std::llround(std::ceil(total))};
}

std::optional<milliseconds> retry_after(const http_headers& headers) noexcept {
  for (const auto name : {"retry-after-ms", "x-ms-retry-after-ms"})
    if (const auto ms = plain_number(find_header(headers, name)))
      return to_wait(*ms);
  const auto value = find_header(headers, "retry-after");
  if (const auto seconds = plain_number(value))
    return to_wait(*seconds * 1000);
  const auto then = parse_http_date(value);
  const auto now = parse_http_date(find_header(headers, "date"));
  if (!then || !now)
    return std::nullopt;
  return to_wait(static_cast<double>((*then - *now).count()));
}

} // namespace pj
