#pragma once
#include "core/failure.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace pj::git {

/// What was seen of a conversation with a server; makes its failure clear.
struct conversation {
  std::string where;      ///< the URL, fit to show
  bool has_token = false; ///< one was given to us
  bool is_push = false;
  bool asked = false;            ///< the server wanted to know who we are
  bool offered = false;          ///< and was told
  bool bad_certificate = false;  ///< refused by us
  bool unknown_host_key = false; ///< refused by us
  bool too_big = false;          ///< we stopped a download that was too long
};

/// A URL without what may be a secret: user, password, query.
std::string shown(std::string_view url);

/// Class `fail` with this line.
failure final_failure(std::string what, failure_code code = failure_code::git);

/// Why talking to a server failed, from libgit2's last error on this thread.
failure remote_failure(int code, const conversation& about);

/// Why something here failed, from libgit2's last error on this thread:
/// "DOING: REASON". A broken disk or mirror, or a bug.
failure local_failure(std::string_view doing);

/// The same for a mirror that lacks what it should have: class `retry`.
failure incomplete(std::string_view doing);

/// "cannot use the git cache at AT: WHY".
failure cache_failure(const std::filesystem::path& at, const std::string& why);

failure cancelled();

} // namespace pj::git
