#include "adapters/git/errors.hpp"

#include "core/text.hpp"

#include <git2.h>

#include <charconv>

namespace pj::git {

namespace {

struct raw_error {
  int code = 0;
  int area = GIT_ERROR_NONE;
  std::string text = "no reason given";

  bool says(std::string_view words) const {
    return text.find(words) != std::string::npos;
  }
};

raw_error last_error(int code) {
  raw_error out{.code = code};
  const git_error* e = git_error_last();
  if (e && e->message && *e->message) {
    out.area = e->klass;
    out.text = printable(e->message);
  }
  return out;
}

failure make_failure(failure_class kind, failure_code code, std::string what) {
  failure out;
  out.kind = kind;
  out.code = code;
  out.what = std::move(what);
  return out;
}

failure again(std::string what) {
  return make_failure(failure_class::retry, failure_code::network,
                      std::move(what));
}

failure who_are_you(const conversation& about) {
  if (!about.where.starts_with("http"))
    return final_failure(about.where +
                         " refused every ssh key: load one into ssh-agent or "
                         "put it into ~/.ssh");
  if (!about.has_token)
    return final_failure(about.where + " wants a token: set GITHUB_TOKEN");
  if (!about.offered)
    return final_failure(about.where +
                         " wants to be told who we are, but not by a token");
  return final_failure(about.where +
                       " refused the token: wrong, expired or without the "
                       "right to this repository; check GITHUB_TOKEN");
}

/// A server may say no before it asks for the token.
failure not_allowed(const conversation& about) {
  auto what = about.where + " answered 403: ";
  if (!about.has_token)
    what += "not allowed without a token; set GITHUB_TOKEN";
  else if (about.is_push)
    what += "the token has no right to push; give it read and write access to "
            "contents";
  else
    what += "the token has no right to read this; give it access to contents";
  return final_failure(std::move(what));
}

failure by_status(int status, const conversation& about) {
  const auto& where = about.where;
  if (status == 401)
    return who_are_you(about);
  if (status == 403)
    return not_allowed(about);
  if (status == 404 || status == 410)
    return final_failure(where + " does not exist, or " +
                         (about.has_token ? "the token has no right to it"
                                          : "needs a token to be seen"));
  auto what = where + " answered with HTTP status " + std::to_string(status);
  const bool passing = status == 408 || status == 429 || status >= 500;
  return passing ? again(std::move(what)) : final_failure(std::move(what));
}

/// 0 when the text does not name an HTTP status.
int http_status(std::string_view text) {
  constexpr std::string_view before = "unexpected http status code: ";
  const auto at = text.find(before);
  int status = 0;
  if (at != text.npos)
    std::from_chars(text.data() + at + before.size(), text.data() + text.size(),
                    status);
  return status;
}

bool is_disk_full(const raw_error& e) {
  return e.says("No space left") || e.says("Disk quota exceeded");
}

failure untrusted(const raw_error& e, const conversation& about) {
  return final_failure("the TLS certificate of " + about.where +
                         " is not trusted (" + e.text +
                         "): name its authority in SSL_CERT_FILE",
                       failure_code::network);
}

failure unknown_host_key(const conversation& about) {
  return final_failure("the ssh host key of " + about.where +
                         " is not the one in ~/.ssh/known_hosts, or missing "
                         "there: check it and connect once with ssh",
                       failure_code::network);
}

failure network_failure(const raw_error& e, const conversation& about) {
  const auto& where = about.where;
  if (e.says("failed to resolve address"))
    return again("cannot find the host of " + where + " (" + e.text +
                 "): check the URL and the network");
  if (e.code == GIT_TIMEOUT || e.says("timed out"))
    return again(where + " did not answer in time (" + e.text + ")");
  if (e.says("cannot redirect") || e.says("unexpected redirect"))
    return final_failure(where + " has moved to another host (" + e.text +
                         "): use the new URL");
  if (e.says("content-type"))
    return final_failure(where + " is not a git server (" + e.text + ")");
  return again("talking to " + where + " failed: " + e.text);
}

bool is_network(const raw_error& e) {
  switch (e.area) {
  case GIT_ERROR_NET:
  case GIT_ERROR_HTTP:
  case GIT_ERROR_SSL:
  case GIT_ERROR_SSH:
  case GIT_ERROR_ZLIB:
  case GIT_ERROR_INDEXER:
    return true;
  default:
    return e.code == GIT_TIMEOUT || e.code == GIT_EEOF ||
           e.says("failed to connect") || e.says("socket");
  }
}

} // namespace

failure final_failure(std::string what, failure_code code) {
  return make_failure(failure_class::fail, code, std::move(what));
}

std::string shown(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const auto scheme = url.find("://");
  const auto from = scheme == url.npos ? 0 : scheme + 3;
  const auto host_end = url.find('/', from);
  const auto at = url.substr(from, host_end - from).rfind('@');
  std::string out(url);
  if (scheme != url.npos && at != url.npos)
    out.erase(from, at + 1);
  return printable(out);
}

failure remote_failure(int code, const conversation& about) {
  const auto e = last_error(code);
  if (about.unknown_host_key)
    return unknown_host_key(about);
  if (about.bad_certificate || code == GIT_ECERTIFICATE)
    return untrusted(e, about);
  if (about.too_big)
    return final_failure(about.where + " is bigger than this engine fetches",
                         failure_code::network);
  if (code == GIT_EAUTH)
    return who_are_you(about);
  if (is_disk_full(e))
    return final_failure("the disk with the git cache is full");
  if (code == GIT_ENOTFOUND && e.area == GIT_ERROR_ODB)
    return incomplete("the git cache lacks something of " + about.where);
  if (const int status = http_status(e.text))
    return by_status(status, about);
  if (is_network(e))
    return network_failure(e, about);
  if (about.where.starts_with("file:") && e.says("failed to resolve path"))
    return final_failure("there is no repository at " + about.where);
  return final_failure(about.where + ": " + e.text);
}

failure local_failure(std::string_view doing) {
  const auto e = last_error(0);
  if (is_disk_full(e))
    return final_failure("the disk with the git cache is full");
  return final_failure(std::string(doing) + ": " + e.text);
}

failure incomplete(std::string_view doing) {
  auto out = local_failure(doing);
  out.kind = failure_class::retry;
  return out;
}

failure cache_failure(const std::filesystem::path& at, const std::string& why) {
  return final_failure("cannot use the git cache at " + at.string() + ": " +
                       why);
}

failure cancelled() {
  return make_failure(failure_class::cancelled, failure_code::interrupted,
                      "stopped while git was at work");
}

} // namespace pj::git
