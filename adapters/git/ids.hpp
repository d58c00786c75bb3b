#pragma once
#include <git2.h>

#include <optional>
#include <string>
#include <string_view>

namespace pj::git {

/// 40 hex digits.
inline std::string hex(const git_oid& id) {
  std::string out(GIT_OID_SHA1_HEXSIZE, '0');
  git_oid_fmt(out.data(), &id);
  return out;
}

/// Inverse of `hex`; nothing when it is not 40 hex digits.
inline std::optional<git_oid> read_id(std::string_view text) {
  git_oid out;
  if (text.size() != GIT_OID_SHA1_HEXSIZE ||
      git_oid_fromstrn(&out, text.data(), text.size()) != 0)
    return std::nullopt;
  return out;
}

} // namespace pj::git
