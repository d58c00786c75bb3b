#pragma once
#include "core/github/extras.hpp"
#include "core/github/rest.hpp"

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
  std::string head_name;  ///< name of the fork; empty: no fork
  std::string head;       ///< branch name
  std::string base;       ///< branch name
  std::string title;
  std::string body;
  bool draft = false;

  /// An earlier run may have made it and a person closed or merged it since:
  /// look for those, too.
  bool any_state = false;
  extras more;
};

/// One that exists.
struct existing {
  std::int64_t number = 0;
  std::string url; ///< `html_url`
  bool open = true;
  extras has;
};

/// Why a request to make one was not answered with 201.
enum class refusal : std::uint8_t {
  none,
  already_exists, ///< 422: adopt the open one
  no_commits,     ///< 422: head and base are the same
  other,
};

/// GET the repository itself, with what the token's owner may do there.
http_request repository_request(const pull_request& what);

/// GET the pull requests of this head, whatever their base.
http_request lookup_request(const pull_request& what);

/// POST a new one.
http_request create_request(const pull_request& what);

/// A request that gives a pull request one kind of extras.
struct dressing {
  std::string what; ///< for people: "labels bug, ui"
  http_request request;
  std::string rights; ///< what a token needs for it
  std::string key;    ///< "labels", "assignees", …
  std::vector<std::string> names;
};

/// Everything in `what.more` that `found` does not have, a request per kind,
/// so that one bad name spoils no more than its kind.
std::vector<dressing> dressings(const pull_request& what,
                                const existing& found);

/// GitHub leaves people without access out and says nothing: those assignees
/// that are not in its answer, "ada, bob". Empty for other kinds.
std::string not_assigned(const dressing& what, const http_response& response);

/// The first pull request in the answer to `lookup_request`.
result<std::optional<existing>> read_lookup(const http_response& response);

/// The answer to `create_request` when it was 201.
result<existing> read_created(const http_response& response);

/// Which 422 this is; `none` for every other status.
refusal read_refusal(const http_response& response);

/// What opening a pull request is, for `classify`.
errand errand_of(const pull_request& what);

} // namespace pj::github
