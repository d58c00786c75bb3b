#include "adapters/http/request_text.hpp"

#include "adapters/http/network_failure.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace pj {

namespace {

/// What the client itself decides.
constexpr std::array<std::string_view, 6> own_headers = {
  "host",       "content-length",      "transfer-encoding",
  "connection", "proxy-authorization", "expect"};

bool is_token(std::string_view text) {
  static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || marks.find(c) != marks.npos;
  });
}

bool is_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

bool is_own(std::string_view name) {
  return std::any_of(own_headers.begin(), own_headers.end(),
                     [&](auto own) { return equal_ignoring_case(own, name); });
}

void add(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

result<done> check(const http_request& request) {
  if (!is_token(request.method))
    return misconfigured("the request's method is not a word");
  for (const auto& h : request.headers) {
    if (!is_token(h.name) || is_own(h.name))
      return misconfigured("the request header '" + printable(h.name, 40) +
                           "' cannot be set");
    if (!is_value(h.value))
      return misconfigured("the value of the request header '" + h.name +
                           "' has control characters: look for a line end "
                           "in it");
  }
  return done{};
}

bool wants_length(const http_request& request) {
  return request.body || request.method == "POST" || request.method == "PUT" ||
         request.method == "PATCH";
}

} // namespace

bool may_repeat(const http_request& request) noexcept {
  constexpr std::array<std::string_view, 6> safe = {"GET",   "HEAD", "OPTIONS",
                                                    "TRACE", "PUT",  "DELETE"};
  return std::find(safe.begin(), safe.end(), request.method) != safe.end();
}

result<std::string> request_head(const http_request& request,
                                 const origin& where, const proxy* through,
                                 const std::string& user_agent) {
  if (auto checked = check(request); !checked)
    return std::move(checked).error();
  std::string head = request.method + " ";
  head += through ? where.name() + where.target : where.target;
  head += " HTTP/1.1\r\n";
  add(head, "host", where.authority());
  for (const auto& h : request.headers)
    add(head, h.name, h.value);
  if (find_header(request.headers, "user-agent").empty())
    add(head, "user-agent", user_agent);
  if (find_header(request.headers, "accept-encoding").empty())
    add(head, "accept-encoding", "identity");
  if (through && !through->authorization.empty())
    add(head, "proxy-authorization", through->authorization);
  if (wants_length(request))
    add(head, "content-length",
        std::to_string(request.body ? request.body->size() : 0));
  return head + "\r\n";
}

std::string tunnel_head(const std::string& target, const proxy& through,
                        const std::string& user_agent) {
  std::string head = "CONNECT " + target + " HTTP/1.1\r\n";
  add(head, "host", target);
  add(head, "user-agent", user_agent);
  if (!through.authorization.empty())
    add(head, "proxy-authorization", through.authorization);
  return head + "\r\n";
}

} // namespace pj
