#pragma once
#include <string>
#include <vector>

namespace pj::github {

/// What a pull request gets once it is open. None of it is worth losing the
/// pull request for.
struct extras {
  std::vector<std::string> labels;
  std::vector<std::string> assignees;      ///< login names
  std::vector<std::string> reviewers;      ///< login names
  std::vector<std::string> team_reviewers; ///< slugs, without the organization
};

} // namespace pj::github
