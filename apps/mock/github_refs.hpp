#pragma once
#include "apps/mock/github_visit.hpp"

#include <memory>

namespace pj::doubles {

/// The routes `/repos/O/R/git/ref/heads/…` and `/repos/O/R/git/refs/heads/…`.
class github_refs {
public:
  github_refs(backstage tools, std::shared_ptr<pull_store> pulls)
    : tools_(std::move(tools)), pulls_(std::move(pulls)) {}

  /// False: it is none of them. Answers now or later, or throws
  /// `github_refusal`.
  bool route(const github_visit& v);

private:
  void show(const github_visit& v, const std::string& branch);
  void remove(const github_visit& v, const std::string& branch);

  backstage tools_;
  std::shared_ptr<pull_store> pulls_;
};

} // namespace pj::doubles
