#pragma once
#include "core/http.hpp"
#include "core/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace pj::github {

/// A request as GitHub wants them. No token: `authorized` adds it as late as
/// can be, since some tokens end while a request waits for its turn.
http_request request(std::string method, std::string url);

http_request with_json(http_request request, const nlohmann::json& body);

/// Empty tokens add nothing.
http_request authorized(http_request request, std::string_view token);

/// `API/repos/OWNER/NAME`.
std::string repository_url(std::string_view api, std::string_view owner,
                           std::string_view name);

/// The body as JSON; `discarded` when it is none. Never throws.
nlohmann::json parse_body(const http_response& response);

/// A string member of an object; empty when it is not there or no string.
std::string text_member(const nlohmann::json& object, std::string_view name);

/// `message` and every entry of `errors`, from a body that is not trusted;
/// fit for one line.
std::string error_text(const http_response& response);

/// Where a 301, 302, 307 or 308 points, when that is the same scheme, host and
/// port as `asked`; empty otherwise (the token must not go elsewhere).
std::string same_host_redirect(std::string_view asked,
                               const http_response& response);

/// What a request was for, to say it when it fails.
struct errand {
  std::string repository; ///< owner/name
  std::string deed;       ///< "open a pull request in"
  std::string rights;     ///< what a token needs for it
  bool seen = false;      ///< the token could read the repository before
  std::string token = "GITHUB_TOKEN"; ///< how people know the token
  int limits_in_a_row = 0; ///< times a limit stood in the way just before
};

/// A good status with a body that is not what was asked for.
failure unreadable(const http_response& response);

/// Every refusal as a failure: class, one line with cause and cure, and how
/// long to wait. `now_epoch` is the wall clock in seconds, for
/// `x-ratelimit-reset`.
failure classify(const errand& what, const http_response& response,
                 std::int64_t now_epoch);

} // namespace pj::github
