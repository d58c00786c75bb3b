#pragma once
#include "adapters/git/port.hpp"
#include "core/changed_tree.hpp"
#include "tests/support/memory_tree.hpp"

#include <fstream>
#include <memory>

namespace pj {

/// Checks out trees held in memory; everything else fails.
class checkout_git : public git_port {
public:
  result<snapshot> fetch(const fetch_request&, std::stop_token) override {
    return no();
  }
  result<snapshot> reopen(const git_remote_spec&, const std::string&,
                          const std::string&, std::stop_token) override {
    return no();
  }
  result<std::optional<branch_tip>>
  tip(const git_remote_spec&, const std::string&, std::stop_token) override {
    return no();
  }
  result<std::string> commit_id(const commit_request&,
                                std::stop_token) override {
    return no();
  }
  result<std::string> push(const push_request&, std::stop_token) override {
    return no();
  }
  result<kept_commit> keep(const commit_request&, const std::string&,
                           const std::filesystem::path&) override {
    return no();
  }

  result<done> check_out(const snapshot& from, const change_set* change,
                         const std::filesystem::path& folder,
                         std::stop_token) override {
    ++checkouts;
    const change_set none;
    const changed_tree tree(*from.tree, change ? *change : none);
    for (const auto& entry : tree.entries()) {
      const auto path = folder / entry.path;
      std::filesystem::create_directories(path.parent_path());
      std::ofstream(path, std::ios::binary) << *tree.read(entry.path);
    }
    return done{};
  }

  int checkouts = 0;

private:
  static failure no() {
    return {failure_class::fail, failure_code::git, "not in this test", {}, {}};
  }
};

inline snapshot snapshot_of(memory_tree tree) {
  snapshot out;
  out.tree = std::make_shared<const memory_tree>(std::move(tree));
  return out;
}

} // namespace pj
