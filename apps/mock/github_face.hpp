#pragma once
#include "apps/mock/face.hpp"
#include "apps/mock/pull_store.hpp"
#include "apps/mock/token_book.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace pj::doubles {

struct github_options {
  std::shared_ptr<token_book> tokens;
  app_options app;
  std::string login = "pj-mock";   ///< who the token belongs to
  std::string scheme = "http";     ///< of the addresses in answers
  std::uint64_t limit = 1'000'000; ///< requests per hour

  /// Where clones come from; set before the first request.
  std::shared_ptr<std::string> git = std::make_shared<std::string>();
};

/// GitHub's REST API under `/` and `/api/v3`, as far as pull requests,
/// forks, lists of repositories and the tokens of a GitHub App go.
std::unique_ptr<face> make_github_face(backstage tools,
                                       std::shared_ptr<pull_store> pulls,
                                       github_options options);

} // namespace pj::doubles
