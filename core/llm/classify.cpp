#include "core/llm/error_body.hpp"
#include "core/policy/times.hpp"
#include "core/redactor.hpp"
#include "core/text.hpp"

namespace pj::llm {

namespace {

/// A body that is no error object is shown up to here.
constexpr std::size_t shown_body = 300;

bool has(std::string_view text, std::string_view part) noexcept {
  return text.find(part) != text.npos;
}

bool is_retryable_status(int status) noexcept {
  return status == 408 || status == 409 || status == 429 || status >= 500;
}

bool is_too_long(const error_facts& e) {
  return e.code == "context_length_exceeded" ||
         has(e.message, "maximum context length") ||
         has(e.message, "prompt is too long");
}

/// What a person can do, as the end of the line; empty: nothing special.
std::string cure(const endpoint& where, int status, const error_facts& e) {
  const std::string key(key_variable(where.provider));
  const std::string base(base_url_variable(where.provider));
  if (status == 402 || is_billing(e))
    return "billing: the account's credit or spending limit is used up; pay or "
           "raise the limit, then try again";
  if (status == 401)
    return "the key was not accepted; set " + key + " to a valid key";
  if (status == 403 && e.is_moderation)
    return "its moderation refuses the prompt; word the task otherwise";
  if (status == 403)
    return "the key behind " + key + " may not do this; check its rights";
  if (status == 404)
    return "no such model or address; check MODEL and " + base;
  if (status == 413 || is_too_long(e))
    return "the prompt is too long for this model; use one with a larger "
           "window or name fewer files";
  if (status >= 300 && status < 400)
    return "redirects are not followed; correct " + base;
  return {};
}

bool is_number(const std::string& text) {
  return text.find_first_not_of("0123456789") == text.npos;
}

/// The most telling name of the error; a number says no more than the status.
std::string label(const error_facts& e) {
  return is_number(e.code) ? e.type : e.code;
}

/// "openai answered 429 (rate_limit_exceeded): Slow down".
std::string line(const endpoint& where, std::string_view happened,
                 const error_facts& e, const std::string& help) {
  std::string out(to_string(where.provider));
  out.append(" ").append(happened);
  if (const auto name = label(e); !name.empty())
    out.append(" (").append(name).append(")");
  if (!e.message.empty())
    out.append(": ").append(e.message);
  if (!help.empty())
    out.append("; ").append(help);
  redactor hide;
  hide.add(where.key);
  return hide(out);
}

std::optional<bool> asked_to_retry(const http_headers& headers) {
  const auto value = find_header(headers, "x-should-retry");
  if (value == "true")
    return true;
  if (value == "false")
    return false;
  return std::nullopt;
}

failure_class class_of(int status, const http_headers& headers,
                       const error_facts& e) {
  if (status == 402 || is_billing(e))
    return failure_class::fail;
  return asked_to_retry(headers).value_or(is_retryable_status(status))
           ? failure_class::retry
           : failure_class::fail;
}

std::string request_id(const http_headers& headers) {
  for (const auto name : {"request-id", "x-request-id", "x-generation-id",
                          "apim-request-id", "cf-ray"})
    if (const auto value = find_header(headers, name); !value.empty())
      return "request id: " + printable(value, 100);
  return {};
}

/// Anything but a JSON error: a proxy's page, plain text, nothing.
error_facts unreadable(std::string_view body) {
  error_facts out;
  const auto text = trimmed(body);
  if (text.substr(0, 1) == "<")
    out.message = "a web page instead of an API error (a proxy in between?)";
  else
    out.message = printable(text, shown_body);
  return out;
}

/// OpenRouter gives a status as the code of an error inside a stream.
std::optional<int> status_in(const error_facts& e) {
  return e.code.size() == 3 && is_number(e.code)
           ? std::optional(std::stoi(e.code))
           : std::nullopt;
}

/// Without a status there are the words of OpenAI and Anthropic.
bool is_final_in_stream(const error_facts& e) {
  if (const auto status = status_in(e))
    return !is_retryable_status(*status);
  for (const auto* word :
       {"invalid", "authentication", "permission", "not_found",
        "content_filter", "content_policy", "context_length", "too_large"})
    if (has(e.type, word) || has(e.code, word))
      return true;
  return is_billing(e);
}

} // namespace

failure classify_error(const endpoint& where, int status,
                       const http_headers& headers, std::string_view body) {
  const auto facts = read_error(body).value_or(unreadable(body));
  failure out{class_of(status, headers, facts), failure_code::model,
              line(where, "answered " + std::to_string(status), facts,
                   cure(where, status, facts)),
              request_id(headers)};
  out.hits_all = status == 401 || status == 402 || is_billing(facts);
  if (out.kind == failure_class::retry)
    out.retry_after = retry_after(headers).value_or(out.retry_after);
  out.another_may_answer = status == 404 || out.kind == failure_class::retry;
  return out;
}

failure classify_stream_error(const endpoint& where, const error_facts& facts) {
  const auto status = status_in(facts).value_or(200);
  failure out{is_final_in_stream(facts) ? failure_class::fail
                                        : failure_class::retry,
              failure_code::model,
              line(where, "failed in the middle of its answer", facts,
                   cure(where, status, facts)),
              {}};
  out.hits_all = status == 401 || status == 402 || is_billing(facts);
  return out;
}

} // namespace pj::llm
