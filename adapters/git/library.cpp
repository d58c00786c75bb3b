#include "adapters/git/library.hpp"

#include "adapters/git/errors.hpp"
#include "adapters/git/libgit2_git.hpp"
#include "adapters/git/socket_stream.hpp"

#include <git2.h>

#include <algorithm>
#include <climits>

namespace pj::git {

namespace {

int as_int(std::chrono::milliseconds time) {
  return static_cast<int>(
    std::clamp<std::chrono::milliseconds::rep>(time.count(), 1, INT_MAX));
}

const char* or_null(const std::filesystem::path& path) {
  return path.empty() ? nullptr : path.c_str();
}

/// A proxy, an alias or a rewritten URL in somebody's configuration must not
/// change what a task does.
void ignore_configuration_of_this_machine() {
  for (int level : {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
                    GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL})
    git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
}

result<done> trust(const std::filesystem::path& file,
                   const std::filesystem::path& folder) {
  if (file.empty() && folder.empty())
    return done{};
  if (git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, or_null(file),
                       or_null(folder)) == 0)
    return done{};
  return final_failure("cannot read the certificates of SSL_CERT_FILE or "
                       "SSL_CERT_DIR: " +
                         (file.empty() ? folder : file).string(),
                       failure_code::configuration);
}

} // namespace

result<done> start_library(const git_options& options) {
  git_libgit2_init();
  ignore_configuration_of_this_machine();
  git_libgit2_opts(GIT_OPT_SET_SERVER_CONNECT_TIMEOUT,
                   as_int(options.connect_timeout));
  git_libgit2_opts(GIT_OPT_SET_SERVER_TIMEOUT, as_int(options.server_timeout));
  if (auto ok = use_our_sockets(); !ok)
    return ok;
  return trust(options.ca_file, options.ca_dir);
}

} // namespace pj::git
