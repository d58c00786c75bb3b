#pragma once
#include "apps/mock/github_visit.hpp"

#include <filesystem>
#include <functional>
#include <memory>

namespace pj::doubles {

/// `/orgs/O/repos`, `/users/U/repos` and `/search/repositories`, page by page.
/// An owner is there when it has a repository. A search knows words of the
/// name, `topic:`, `org:` and `user:`. A bare repository with a file
/// `pj-archived` is archived; `pj-topics` has its topics, one a line.
class github_listings {
public:
  /// Writes one repository's object.
  using writer =
    std::function<nlohmann::json(const github_visit&, const std::string&)>;

  github_listings(std::shared_ptr<pull_store> pulls, writer write)
    : pulls_(std::move(pulls)), write_(std::move(write)) {}

  /// False when the path is none of these. Throws `github_refusal`.
  bool route(const github_visit& v) const;

private:
  void list(const github_visit& v) const;
  void search(const github_visit& v) const;
  bool is_found(const std::string& name, const std::string& query) const;
  nlohmann::json page_of(const github_visit& v,
                         const std::vector<std::string>& names,
                         http_headers& more) const;

  std::shared_ptr<pull_store> pulls_;
  writer write_;
};

/// Whether a bare repository is archived.
bool is_archived(const std::filesystem::path& repository);

} // namespace pj::doubles
