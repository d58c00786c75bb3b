#pragma once
#include "apps/mock/pull_store.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace pj::doubles {

/// Writes GitHub's objects. `base_url` is the address of the API, `origin` the
/// one of the pages for people.
class github_json {
public:
  github_json(std::string base_url, std::string origin, std::string login)
    : base_(std::move(base_url)), origin_(std::move(origin)),
      login_(std::move(login)) {}

  nlohmann::json user(const std::string& login) const;
  nlohmann::json repository(const std::string& name,
                            const std::string& default_branch) const;
  nlohmann::json pull_request(const pull& p) const;

  /// As in lists: without what GitHub has to work out.
  nlohmann::json listed_pull_request(const pull& p) const;
  nlohmann::json issue(const pull& p) const;
  nlohmann::json labels(const pull& p) const;

  /// The page of a pull request for people.
  static std::string page(const pull& p);

private:
  nlohmann::json users(const std::vector<std::string>& logins) const;
  nlohmann::json end(const std::string& repository, const std::string& branch,
                     const std::string& sha) const;

  std::string base_;
  std::string origin_;
  std::string login_;
};

/// As GitHub writes times.
std::string github_time(std::int64_t seconds);

/// A body with `message`, as GitHub refuses.
nlohmann::json github_error(int status, const std::string& message,
                            const std::vector<field_error>& errors = {});

} // namespace pj::doubles
