#include "adapters/git/connection.hpp"

#include "adapters/git/ids.hpp"
#include "adapters/git/libgit2_git.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace pj::git {

namespace {

constexpr std::size_t most_said = 4096; ///< bytes of a server's own words kept

connection& self(void* payload) {
  return *static_cast<connection*>(payload);
}

failure refused(const std::string& branch, const std::string& reason,
                const std::string& said) {
  auto out =
    final_failure("the server refused branch " + branch + ": " + reason);
  for (const auto line : split(said, '\n'))
    if (!trimmed(line).empty())
      out.details += "remote: " + printable(trimmed(line)) + "\n";
  return out;
}

failure moved(const std::string& branch, const std::string& to) {
  auto out = final_failure("branch " + branch + " on the server " +
                           (to.empty() ? "is gone" : "is at " + to) +
                           ": somebody else changed it meanwhile");
  out.lease_lost = true;
  return out;
}

} // namespace

const git_oid* advertisement::branch(std::string_view name) const {
  const auto i = refs.find("refs/heads/" + std::string(name));
  return i == refs.end() ? nullptr : &i->second;
}

connection::connection(git_repository* repository, const git_remote_spec& to,
                       const git_options& options, std::stop_token stop)
  : repository_(repository), url_(to.url), options_(options),
    stop_(std::move(stop)), wake_(stop_),
    credentials_(to.url, to.token), about_{.where = shown(to.url),
                                           .has_token = !to.token.empty()} {}

git_remote_callbacks connection::callbacks() {
  auto out = defaults(git_remote_init_callbacks, GIT_REMOTE_CALLBACKS_VERSION);
  out.payload = this;
  out.credentials = [](git_credential** to, const char*, const char* user,
                       unsigned allowed, void* p) {
    auto& c = self(p);
    const int stop = c.stopped();
    return stop ? stop : c.credentials_.answer(to, user, allowed, c.about_);
  };
  out.certificate_check = [](git_cert* cert, int valid, const char*, void* p) {
    return self(p).check_certificate(*cert, valid != 0);
  };
  out.transfer_progress = [](const git_indexer_progress* so_far, void* p) {
    return self(p).progress(*so_far);
  };
  out.sideband_progress = [](const char* text, int size, void* p) {
    return self(p).listen({text, static_cast<std::size_t>(size)});
  };
  out.pack_progress = [](int, std::uint32_t, std::uint32_t, void* p) {
    return self(p).stopped();
  };
  out.push_transfer_progress = [](unsigned, unsigned, std::size_t, void* p) {
    return self(p).stopped();
  };
  out.push_negotiation = [](const git_push_update** updates, std::size_t,
                            void* p) {
    return self(p).check_lease(*updates[0]);
  };
  out.push_update_reference = [](const char*, const char* status, void* p) {
    if (status)
      self(p).refusal_ = printable(status);
    return 0;
  };
  return out;
}

git_proxy_options connection::proxy() const {
  auto out = defaults(git_proxy_options_init, GIT_PROXY_OPTIONS_VERSION);
  out.type = options_.proxy.empty() ? GIT_PROXY_AUTO : GIT_PROXY_SPECIFIED;
  out.url = options_.proxy.empty() ? nullptr : options_.proxy.c_str();
  return out;
}

int connection::progress(const git_indexer_progress& so_far) {
  about_.too_big = so_far.received_bytes > options_.max_download;
  return about_.too_big ? GIT_EUSER : stopped();
}

int connection::listen(std::string_view text) {
  said_ += text.substr(0, most_said - std::min(most_said, said_.size()));
  return stopped();
}

int connection::check_certificate(const git_cert& certificate, bool valid) {
  if (valid)
    return stopped();
  const bool ssh = certificate.cert_type == GIT_CERT_HOSTKEY_LIBSSH2;
  (ssh ? about_.unknown_host_key : about_.bad_certificate) = true;
  return GIT_PASSTHROUGH;
}

int connection::check_lease(const git_push_update& update) {
  if (git_oid_equal(&update.src, &lease_))
    return stopped();
  moved_to_ = git_oid_is_zero(&update.src) ? "" : hex(update.src);
  return GIT_EMODIFIED;
}

failure connection::why(int code) const {
  return stop_.stop_requested() ? cancelled() : remote_failure(code, about_);
}

result<advertisement> connection::open(git_direction direction) {
  if (stopped())
    return cancelled();
  if (credentials_.would_leak())
    return final_failure("the token is not sent to " + about_.where +
                           " in the clear: use https",
                         failure_code::configuration);
  about_.is_push = direction == GIT_DIRECTION_PUSH;
  auto how = defaults(git_remote_connect_options_init,
                      GIT_REMOTE_CONNECT_OPTIONS_VERSION);
  how.callbacks = callbacks();
  how.proxy_opts = proxy();
  // Redirects on the same host are followed also with "none".
  how.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
  remote_ =
    make<remote_ptr>(git_remote_create_anonymous, repository_, url_.c_str());
  const int code =
    remote_ ? git_remote_connect_ext(remote_.get(), direction, &how) : -1;
  if (code != 0)
    return why(code);
  return list();
}

result<advertisement> connection::list() {
  const git_remote_head** heads = nullptr;
  std::size_t n = 0;
  if (const int code = git_remote_ls(&heads, &n, remote_.get()); code != 0)
    return why(code);
  advertisement out;
  for (std::size_t i = 0; i < n; ++i) {
    out.refs.emplace(heads[i]->name, heads[i]->oid);
    if (heads[i]->symref_target && heads[i]->name == std::string_view("HEAD"))
      out.head = heads[i]->symref_target;
  }
  return out;
}

result<done> connection::download(const std::string& reference) {
  auto how = defaults(git_fetch_options_init, GIT_FETCH_OPTIONS_VERSION);
  how.callbacks = callbacks();
  how.proxy_opts = proxy();
  how.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
  how.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
  // Neither the local transport of libgit2 nor the one over ssh (its issue
  // 6889) can be told a depth.
  how.depth = url_.starts_with("http") ? 1 : GIT_FETCH_DEPTH_FULL;
  char* one = const_cast<char*>(reference.c_str());
  const git_strarray wanted{&one, 1};
  if (const int code = git_remote_download(remote_.get(), &wanted, &how);
      code != 0)
    return why(code);
  return done{};
}

result<done> connection::upload(const git_oid& commit,
                                const std::string& branch,
                                const git_oid& lease) {
  auto how = defaults(git_push_options_init, GIT_PUSH_OPTIONS_VERSION);
  how.callbacks = callbacks();
  how.proxy_opts = proxy();
  how.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
  how.pb_parallelism = 1;
  lease_ = lease;
  moved_to_ = hex(lease);
  auto spec = "+" + hex(commit) + ":refs/heads/" + branch;
  char* one = spec.data();
  const git_strarray wanted{&one, 1};
  const int code = git_remote_upload(remote_.get(), &wanted, &how);
  if (code == GIT_EMODIFIED)
    return moved(branch, moved_to_);
  if (!refusal_.empty())
    return refused(branch, refusal_, said_);
  if (code != 0)
    return why(code);
  return done{};
}

} // namespace pj::git
