#pragma once
#include "apps/mock/face.hpp"
#include "apps/mock/repositories.hpp"
#include "apps/mock/token_book.hpp"

#include <memory>
#include <string>
#include <vector>

namespace pj::doubles {

struct git_options {
  std::shared_ptr<token_book> tokens;
  bool anonymous_read = false; ///< like a public repository
  std::filesystem::path hooks; ///< a folder of our own for the update hooks
  std::vector<std::string> protected_branches;
};

/// git over smart HTTP by `git http-backend`. Basic auth: any user name, a
/// token as password; also `Bearer`. Throws when the hooks cannot be written.
std::unique_ptr<face> make_git_face(backstage tools, repositories where,
                                    git_options options);

} // namespace pj::doubles
