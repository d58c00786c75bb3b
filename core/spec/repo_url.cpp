#include "core/escape.hpp"
#include "core/spec/environment.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

#include <algorithm>

namespace pj {

namespace {

constexpr std::size_t longest_url = 2048;

constexpr std::string_view accepted =
  "use https://host/owner/repo, git@host:owner/repo.git, ssh://… or "
  "file:///path";

failure refused(std::string_view text, std::string_view why) {
  return {failure_class::fail,
          failure_code::configuration,
          '"' + shown_url(text) + "\": " + std::string(why),
          "",
          {}};
}

/// A query is not shown, so it is named.
failure not_accepted(std::string_view text, std::string_view otherwise) {
  return refused(text, text.find_first_of("?#") == text.npos
                         ? otherwise
                         : "leave out its '?' or '#' and what follows");
}

/// Sets owner and name from the end of the path.
void name_parts(repo_url& url, std::string_view path) {
  auto parts = split(path, '/');
  if (parts.size() > 1 && parts.back() == ".git")
    parts.pop_back();
  auto name = parts.back();
  if (name.ends_with(".git"))
    name.remove_suffix(4);
  url.name = name;
  if (parts.size() > 1 && url.scheme != repo_scheme::file)
    url.owner = parts[parts.size() - 2];
}

/// A path without a leading '/' that names something and stays where it is.
bool is_local_path(std::string_view path) {
  const auto parts = split(path, '/');
  return path != ".git" && std::none_of(parts.begin(), parts.end(), [](auto p) {
           return p.empty() || p == "." || p == "..";
         });
}

/// Nothing that a shell at the other end would mind, either.
bool is_remote_path(std::string_view path) {
  return is_local_path(path) && !path.ends_with("/.git") &&
         std::all_of(path.begin(), path.end(), [](char c) {
           return is_alnum(c) || std::string_view("-._~/%+@,=:").find(c) !=
                                   std::string_view::npos;
         });
}

bool is_login(std::string_view user) {
  return !user.starts_with('-') &&
         std::all_of(user.begin(), user.end(), [](char c) {
           return is_alnum(c) ||
                  std::string_view("-._+").find(c) != std::string_view::npos;
         });
}

std::string_view without_slashes_at_end(std::string_view text) {
  while (text.ends_with('/'))
    text.remove_suffix(1);
  return text;
}

/// `git@host:owner/repo.git`; the caller knows that there is no "://".
result<repo_url> read_scp_form(std::string_view text) {
  const auto at = text.find('@');
  const auto colon = text.find(':');
  if (colon < at && at != text.npos)
    return refused(text, "credentials inside the URL are refused");
  if (at == text.npos || at == 0 || colon == text.npos || text[0] == '-')
    return refused(text, accepted);
  repo_url out{std::string(text), repo_scheme::ssh,
               lowered(text.substr(at + 1, colon - at - 1)), "", ""};
  auto path = text.substr(colon + 1);
  if (path.starts_with('/'))
    path.remove_prefix(1);

  // The rules of other URLs hold for the rest, so they are asked.
  const auto same =
    "ssh://" + std::string(text.substr(0, colon)) + '/' + std::string(path);
  const auto url = split_url(same);
  if (!url || !url->query.empty() || path.starts_with('-') ||
      !is_remote_path(path) || !is_login(url->user))
    return not_accepted(text, accepted);
  name_parts(out, path);
  return out;
}

result<repo_url> read_file_form(std::string_view text, std::string_view path) {
  const bool plain = is_valid_utf8(path) && escaped(path) == path &&
                     path.find_first_of("?#") == path.npos;
  if (!path.starts_with('/') || !plain || !is_local_path(path.substr(1)))
    return not_accepted(text, "a local repository is file:///absolute/path");
  repo_url out{"file://" + std::string(path), repo_scheme::file, "", "", ""};
  name_parts(out, path.substr(1));
  return out;
}

/// What is wrong with the part before the path; empty when nothing is.
std::string_view authority_complaint(const url_parts& url, repo_scheme scheme,
                                     bool token_would_be_sent) {
  if (!url.user.empty() && (scheme != repo_scheme::ssh || !is_login(url.user)))
    return "credentials inside the URL are refused: set GITHUB_TOKEN";
  if (scheme == repo_scheme::http && token_would_be_sent &&
      !is_loopback(url.host))
    return "http:// would send GITHUB_TOKEN unencrypted: use https://";
  return {};
}

result<repo_url> read_network_form(std::string_view text,
                                   bool token_would_be_sent) {
  const auto url = split_url(text);
  if (!url)
    return not_accepted(text, accepted);
  const auto scheme = url->scheme == "https"  ? repo_scheme::https
                      : url->scheme == "http" ? repo_scheme::http
                                              : repo_scheme::ssh;
  const auto complaint = authority_complaint(*url, scheme, token_would_be_sent);
  if (!complaint.empty())
    return refused(text, complaint);
  if (!url->query.empty() || url->path.size() < 2 ||
      !is_remote_path(url->path.substr(1)))
    return not_accepted(text, accepted);
  repo_url out{url->scheme + "://", scheme, url->host, "", ""};
  out.text += url->user.empty() ? "" : url->user + '@';
  out.text += url->host + (url->port.empty() ? "" : ':' + url->port);
  out.text += url->path;
  name_parts(out, std::string_view(url->path).substr(1));
  return out;
}

} // namespace

result<repo_url> parse_repo_url(std::string_view text,
                                bool token_would_be_sent) {
  text = trimmed(text);
  if (text.size() > longest_url)
    return refused(text, "longer than 2048 bytes");
  const auto bare = without_slashes_at_end(text);
  const auto mark = bare.find("://");
  if (mark == bare.npos)
    return read_scp_form(bare);
  const auto scheme = lowered(bare.substr(0, mark));
  if (scheme == "file")
    return read_file_form(bare, bare.substr(mark + 3));
  if (scheme == "https" || scheme == "http" || scheme == "ssh")
    return read_network_form(bare, token_would_be_sent);
  return refused(text, accepted);
}

} // namespace pj
