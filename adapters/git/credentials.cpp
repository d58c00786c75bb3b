#include "adapters/git/credentials.hpp"

#include "core/text.hpp"

#include <cstdlib>

namespace pj::git {

namespace {

std::vector<std::filesystem::path> ssh_keys() {
  std::vector<std::filesystem::path> out;
  const char* home = std::getenv("HOME");
  if (!home)
    return out;
  for (const char* name : {"id_ecdsa", "id_rsa", "id_ed25519"}) {
    auto path = std::filesystem::path(home) / ".ssh" / name;
    std::error_code ignored;
    if (std::filesystem::is_regular_file(path, ignored))
      out.push_back(std::move(path));
  }
  return out;
}

/// The host of `http://host[:port]/…`, with the brackets of an IPv6 address.
std::string host_of(std::string_view url) {
  const auto from = url.find("://") + 3;
  auto rest = url.substr(from, url.find('/', from) - from);
  const auto colon = rest.rfind(':');
  if (colon != rest.npos && rest.find(']', colon) == rest.npos)
    rest = rest.substr(0, colon);
  return lowered(rest);
}

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") &&
          host.find_first_not_of("0123456789.") == host.npos);
}

} // namespace

credentials::credentials(std::string url, std::string token)
  : url_(std::move(url)), token_(std::move(token)), keys_(ssh_keys()) {}

bool credentials::would_leak() const {
  return !token_.empty() && lowered(url_).starts_with("http://") &&
         !is_this_machine(host_of(url_));
}

int credentials::answer(git_credential** to, const char* user, unsigned allowed,
                        conversation& about) {
  about.asked = true;
  if (allowed & GIT_CREDENTIAL_USERNAME)
    return git_credential_username_new(to, user ? user : "git");
  if (allowed & GIT_CREDENTIAL_SSH_KEY)
    return offer_ssh_key(to, user ? user : "git", about);
  if (allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT)
    return offer_token(to, about);
  return GIT_EAUTH;
}

int credentials::offer_token(git_credential** to, conversation& about) {
  const bool for_http = lowered(url_).starts_with("http");
  if (token_.empty() || about.offered || !for_http)
    return GIT_EAUTH;
  about.offered = true;
  return git_credential_userpass_plaintext_new(to, "x-access-token",
                                               token_.c_str());
}

int credentials::offer_ssh_key(git_credential** to, const char* user,
                               conversation& about) {
  if (!agent_tried_ && std::getenv("SSH_AUTH_SOCK")) {
    agent_tried_ = true;
    return git_credential_ssh_key_from_agent(to, user);
  }
  if (keys_.empty())
    return GIT_EAUTH;
  const auto key = keys_.back();
  keys_.pop_back();
  about.offered = true;
  return git_credential_ssh_key_new(to, user, nullptr, key.c_str(), nullptr);
}

} // namespace pj::git
