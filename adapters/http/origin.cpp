#include "adapters/http/origin.hpp"

#include "adapters/http/network_failure.hpp"
#include "core/text.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <charconv>

namespace pj {

namespace {

std::string bracketed(const std::string& host) {
  return host.find(':') == host.npos ? host : "[" + host + "]";
}

} // namespace

std::string origin::authority() const {
  const std::uint16_t usual = https ? 443 : 80;
  return port == usual ? bracketed(host) : host_and_port();
}

std::string origin::host_and_port() const {
  return bracketed(host) + ":" + std::to_string(port);
}

std::string origin::name() const {
  return (https ? "https://" : "http://") + authority();
}

std::optional<std::uint16_t> read_port(std::string_view digits,
                                       std::uint16_t usual) {
  if (digits.empty())
    return usual;
  std::uint16_t port = 0;
  const auto* end = digits.data() + digits.size();
  const auto [stop, ec] = std::from_chars(digits.data(), end, port);
  if (ec != std::errc{} || stop != end || port == 0)
    return std::nullopt;
  return port;
}

result<origin> parse_origin(std::string_view url) {
  const auto parsed = boost::urls::parse_uri({url.data(), url.size()});
  if (!parsed)
    return misconfigured("a URL cannot be read: write https://host/path, other "
                         "characters percent-encoded");
  const auto& u = *parsed;
  origin found;
  found.https = u.scheme_id() == boost::urls::scheme::https;
  if (!found.https && u.scheme_id() != boost::urls::scheme::http)
    return misconfigured("a URL is neither http nor https: " +
                         printable(std::string(u.scheme()), 20));
  if (u.has_userinfo())
    return misconfigured(
      "a URL holds credentials: take them out and set them on their "
      "own");
  found.host = lowered(std::string(u.host_address()));
  if (found.host.empty() || printable(found.host, 1000) != found.host ||
      found.host.find_first_of(" /\\@%") != found.host.npos)
    return misconfigured(
      "a URL has no host that can be used: write https://host/path");
  const auto port = read_port(std::string(u.port()), found.https ? 443 : 80);
  if (!port)
    return misconfigured("a URL has a port that is not between 1 and 65535");
  found.port = *port;
  found.target = std::string(u.encoded_path());
  if (found.target.empty())
    found.target = "/";
  if (u.has_query())
    found.target += "?" + std::string(u.encoded_query());
  return found;
}

} // namespace pj
