#include "adapters/git/libgit2_git.hpp"

#include "adapters/git/check_out.hpp"
#include "adapters/git/fetch.hpp"
#include "adapters/git/ids.hpp"
#include "adapters/git/keep.hpp"
#include "adapters/git/library.hpp"
#include "adapters/git/memory_commit.hpp"
#include "adapters/git/push.hpp"

namespace pj {

namespace {

/// Hands every call to the part that knows how.
class libgit2_git final : public git_port {
public:
  explicit libgit2_git(git_options options)
    : options_(std::move(options)), cache_(options_.cache),
      started_(git::start_library(options_)), fetcher_(options_, cache_) {}

  result<snapshot> fetch(const fetch_request& what,
                         std::stop_token stop) override {
    if (!started_)
      return started_.error();
    return fetcher_.fetch(what, std::move(stop));
  }

  result<snapshot> reopen(const git_remote_spec& from, const std::string& base,
                          const std::string& commit,
                          std::stop_token stop) override {
    return fetcher_.reopen(from, base, commit, std::move(stop));
  }

  result<std::optional<branch_tip>> tip(const git_remote_spec& at,
                                        const std::string& branch,
                                        std::stop_token stop) override {
    if (!started_)
      return started_.error();
    return fetcher_.tip(at, branch, std::move(stop));
  }

  result<std::string> commit_id(const commit_request& what,
                                std::stop_token stop) override {
    if (stop.stop_requested())
      return git::cancelled();
    const auto scratch = git::scratch::open(what.parent);
    if (!scratch)
      return scratch.error();
    const auto id = git::make_commit(scratch->get(), what);
    if (!id)
      return id.error();
    return git::hex(*id);
  }

  result<std::string> push(const push_request& what,
                           std::stop_token stop) override {
    if (!started_)
      return started_.error();
    return git::push(what, options_, fetcher_, std::move(stop));
  }

  result<kept_commit> keep(const commit_request& what,
                           const std::string& branch,
                           const std::filesystem::path& folder) override {
    return git::keep(what, branch, folder);
  }

  result<done> check_out(const snapshot& from, const change_set* change,
                         const std::filesystem::path& folder,
                         std::stop_token stop) override {
    return git::check_out(from, change, folder, std::move(stop));
  }

private:
  git_options options_;
  git::mirrors cache_;
  result<done> started_;
  git::fetcher fetcher_;
};

} // namespace

std::shared_ptr<git_port> make_git(git_options options) {
  return std::make_shared<libgit2_git>(std::move(options));
}

} // namespace pj
