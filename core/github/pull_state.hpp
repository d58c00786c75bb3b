#pragma once
#include "core/github/rest.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pj::github {

/// Which pull request is meant.
struct pull_place {
  std::string api;   ///< base URL without trailing '/'
  std::string owner; ///< of the repository it goes to
  std::string name;
  std::int64_t number = 0; ///< 0: the open one of `head`
  std::string head_owner;  ///< owner of the branch; empty: same as `owner`
  std::string head;        ///< branch
};

enum class pull_standing : std::uint8_t { open, draft, merged, closed };

/// "open", "draft", "merged" or "closed".
std::string_view to_string(pull_standing at) noexcept;

/// A pull request as GitHub has it now.
struct pull_state {
  std::int64_t number = 0;
  std::string url; ///< for people
  std::string title;
  pull_standing at = pull_standing::open;
  std::optional<bool> mergeable; ///< empty: GitHub works it out just now
  std::string merge_state;     ///< "clean", "dirty", "blocked", "unstable", …
  std::string head_repository; ///< "owner/name"; empty: it was deleted
  std::string head;
  std::string head_commit;
  std::string base;
};

/// Drafts are open, too.
inline bool is_open(const pull_state& x) {
  return x.at == pull_standing::open || x.at == pull_standing::draft;
}

enum class merge_method : std::uint8_t { merge, squash, rebase };

/// Fails for an unknown name, telling the known ones.
result<merge_method> merge_method_from(std::string_view name);

http_request pull_state_request(const pull_place& at);

/// The answer to it, when it was 200.
result<pull_state> read_pull_state(const http_response& response);

/// GitHub refuses it with 409 once the head is no longer at `commit`.
http_request merge_request(const pull_place& at, merge_method how,
                           const std::string& commit);
http_request close_request(const pull_place& at);
http_request comment_request(const pull_place& at, const std::string& text);

/// GET what the head branch is at.
http_request head_request(const pull_place& at, const pull_state& of);

/// The commit in the answer to it; empty: there is no such branch.
result<std::string> read_head(const http_response& response);

http_request delete_head_request(const pull_place& at, const pull_state& of);

/// Why it cannot be merged now, for people; empty: it can, or has to be tried.
/// `commit`: what the engine pushed.
std::string merge_obstacle(const pull_state& of, const std::string& commit);

/// GitHub has to be asked again before `merge_obstacle` can tell.
bool is_being_worked_out(const pull_state& of);

/// What GitHub says of merging an open one: "ready", "conflicts", …
std::string_view readiness(const pull_state& of) noexcept;

/// A merge that was answered with something else than 200.
failure merge_refusal(const errand& what, const http_response& response,
                      std::int64_t now_epoch);

/// Number of a pull request in its address for people; 0: it has none.
std::int64_t number_in(std::string_view url) noexcept;

} // namespace pj::github
