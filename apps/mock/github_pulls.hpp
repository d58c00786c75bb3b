#pragma once
#include "apps/mock/github_visit.hpp"

#include <memory>
#include <string>

namespace pj::doubles {

/// The routes below `/repos/O/R/pulls` and `/repos/O/R/issues`.
class github_pulls {
public:
  github_pulls(backstage tools, std::shared_ptr<pull_store> pulls,
               std::string login)
    : tools_(std::move(tools)), pulls_(std::move(pulls)),
      login_(std::move(login)) {}

  /// Answers now or later, or throws `github_refusal`.
  void route(const github_visit& v);

private:
  template <class Change>
  void show(const github_visit& v, int status, Change how);

  github_json out(const github_visit& v) const;
  void open(const github_visit& v);
  void list(const github_visit& v);
  void look(const github_visit& v);
  void edit(const github_visit& v);
  void merge(const github_visit& v);
  void ask_reviewers(const github_visit& v);
  void add_labels(const github_visit& v);
  void assign(const github_visit& v);
  void comment(const github_visit& v);

  backstage tools_;
  std::shared_ptr<pull_store> pulls_;
  std::string login_;
};

} // namespace pj::doubles
