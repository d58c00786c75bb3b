#pragma once
#include "core/github/app_identity.hpp"
#include "core/github/rest.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace pj::github {

/// An installation's token.
struct app_token {
  std::string text; ///< secret
  std::chrono::sys_seconds ends;
};

/// How long a token is used no more before it ends: what was begun with it
/// must come to its end.
inline constexpr std::chrono::minutes app_token_reserve{5};

/// What an app signs (RS256) to say who it is: header and claims of a JSON Web
/// Token. Valid from a minute ago, for clocks that are behind, to nine minutes
/// ahead; GitHub takes ten at most.
std::string app_claims(const app_identity& app, std::int64_t now_epoch);

/// The whole JSON Web Token; `signature` is raw bytes.
std::string app_jwt(std::string_view claims, std::string_view signature);

/// POST for a new token. `api` is the base URL without trailing '/'.
http_request app_token_request(std::string_view api, const app_identity& app,
                               std::string_view jwt);

/// The answer to it. `now_epoch` is the wall clock in seconds.
result<app_token> read_app_token(const app_identity& app,
                                 const http_response& response,
                                 std::int64_t now_epoch);

} // namespace pj::github
