#pragma once
#include "core/http.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pj::github {

/// What a pull request is to be.
struct pull_request {
  std::string api;   ///< base URL without trailing '/'
  std::string owner; ///< of the repository it goes to
  std::string name;
  std::string head_owner; ///< owner of the branch; empty: same as `owner`
  std::string head;       ///< branch name
  std::string base;       ///< branch name
  std::string title;
  std::string body;
  bool draft = false;

  /// An earlier run may have made it and a person closed or merged it since:
  /// look for those, too.
  bool any_state = false;
  std::vector<std::string> labels;
};

/// One that exists.
struct existing {
  std::int64_t number = 0;
  std::string url; ///< `html_url`
};

/// Why a request to make one was not answered with 201.
enum class refusal : std::uint8_t {
  none,
  already_exists, ///< 422: adopt the open one
  no_commits,     ///< 422: head and base are the same
  other,
};

/// GET the repository itself, with what the token's owner may do there.
http_request repository_request(const pull_request& what,
                                std::string_view token);

/// GET the pull requests of this head, whatever their base.
http_request lookup_request(const pull_request& what, std::string_view token);

/// POST a new one.
http_request create_request(const pull_request& what, std::string_view token);

/// POST labels onto one.
http_request label_request(const pull_request& what, std::int64_t number,
                           std::string_view token);

/// The first open pull request in the answer to `lookup_request`.
result<std::optional<existing>> read_lookup(const http_response& response);

/// The answer to `create_request` when it was 201.
result<existing> read_created(const http_response& response);

/// Which 422 this is; `none` for every other status.
refusal read_refusal(const http_response& response);

/// Where a 301, 302, 307 or 308 points, when that is the same scheme, host and
/// port as `asked`; empty otherwise (the token must not go elsewhere).
std::string same_host_redirect(std::string_view asked,
                               const http_response& response);

/// Every other answer as a failure: class, one line with cause and cure, and
/// how long to wait. `now_epoch` is the wall clock in seconds, for
/// `x-ratelimit-reset`.
failure classify(const pull_request& what, const http_response& response,
                 std::int64_t now_epoch);

} // namespace pj::github
