#include "adapters/http/proxy.hpp"

#include "adapters/http/network_failure.hpp"
#include "adapters/http/origin.hpp"
#include "core/base64.hpp"
#include "core/policy/public_address.hpp"
#include "core/text.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <charconv>
#include <cstdlib>

namespace pj {

namespace {

result<proxy> parse_proxy(std::string_view setting) {
  std::string text(setting);
  if (text.find("://") == text.npos)
    text = "http://" + text;
  const auto u = boost::urls::parse_uri(text);
  if (!u || u->host_address().empty())
    return misconfigured("the proxy URL cannot be read: write "
                         "http://user:password@host:port, other characters "
                         "percent-encoded");
  if (u->scheme_id() != boost::urls::scheme::http)
    return misconfigured("the proxy URL starts with '" +
                         printable(std::string(u->scheme()), 20) +
                         "': only http:// proxies are supported");
  proxy found;
  found.host = lowered(std::string(u->host_address()));
  const auto port = read_port(std::string(u->port()), 80);
  if (!port)
    return misconfigured("the proxy URL has a port that is not between 1 and "
                         "65535");
  found.port = *port;
  const auto secret = std::string(u->user()) + ":" + std::string(u->password());
  if (u->has_userinfo())
    found.authorization = "Basic " + to_base64(secret);
  return found;
}

bool is_loopback(std::string_view host) {
  if (const auto address = parse_ip(host))
    return why_not_public(*address) == "loopback";
  return host == "localhost" || host.ends_with(".localhost");
}

std::optional<unsigned> number(std::string_view text) {
  unsigned n = 0;
  const auto [end, ec] =
    std::from_chars(text.data(), text.data() + text.size(), n);
  if (ec != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return n;
}

/// Takes ":8080" off the end; an IPv6 address without brackets has no port.
std::optional<unsigned> split_port(std::string_view& entry) {
  const auto colon = entry.rfind(':');
  const auto bracket = entry.rfind(']');
  if (colon == entry.npos || (bracket != entry.npos && colon < bracket) ||
      (bracket == entry.npos && entry.find(':') != colon))
    return std::nullopt;
  const auto port = number(entry.substr(colon + 1));
  entry = entry.substr(0, colon);
  return port.value_or(0);
}

bool covers_address(std::string_view entry, const ip_address& address) {
  const auto slash = entry.find('/');
  const auto network = parse_ip(entry.substr(0, slash));
  if (!network)
    return false;
  const unsigned all = network->is_v6 ? 128 : 32;
  const auto bits = slash == entry.npos ? all : number(entry.substr(slash + 1));
  return bits && *bits <= all && in_network(address, *network, *bits);
}

bool covers_name(std::string_view entry, std::string_view host) {
  if (entry.starts_with("*."))
    entry.remove_prefix(2);
  else if (entry.starts_with('.'))
    entry.remove_prefix(1);
  if (entry.empty() || !host.ends_with(entry))
    return false;
  const auto rest = host.size() - entry.size();
  return rest == 0 || host[rest - 1] == '.';
}

bool covers(std::string_view entry, std::string_view host, std::uint16_t port) {
  if (entry == "*")
    return true;
  const auto only = split_port(entry);
  if (only && *only != port)
    return false;
  if (entry.size() > 1 && entry.front() == '[' && entry.back() == ']')
    entry = entry.substr(1, entry.size() - 2);
  if (const auto address = parse_ip(host))
    return covers_address(entry, *address);
  return covers_name(entry, host);
}

bool is_excepted(const std::string& except, std::string_view host,
                 std::uint16_t port) {
  const auto list = lowered(except);
  for (const auto entry : split(list, ','))
    if (covers(trimmed(entry), host, port))
      return true;
  return false;
}

} // namespace

result<done> proxy_settings::validate() const {
  for (const auto& url : {for_https, for_http})
    if (!url.empty())
      if (auto parsed = parse_proxy(url); !parsed)
        return parsed.error();
  return done{};
}

proxy_settings proxy_settings_from_environment() {
  return proxy_settings_from(
    [](const char* name) -> std::optional<std::string> {
      if (const char* value = std::getenv(name))
        return value;
      return std::nullopt;
    });
}

proxy_settings proxy_settings_from(
  const std::function<std::optional<std::string>(const char*)>& variable) {
  const auto first = [&](auto... names) -> std::string {
    for (const char* name : {names...})
      if (auto value = variable(name); value && !trimmed(*value).empty())
        return std::string(trimmed(*value));
    return {};
  };
  const bool is_cgi = variable("REQUEST_METHOD").has_value();
  proxy_settings found;
  found.for_https =
    first("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY");
  found.for_http = first("http_proxy", is_cgi ? "http_proxy" : "HTTP_PROXY",
                         "all_proxy", "ALL_PROXY");
  found.except = first("no_proxy", "NO_PROXY");
  return found;
}

result<std::optional<proxy>> choose_proxy(const proxy_settings& settings,
                                          bool https, std::string_view host,
                                          std::uint16_t port) {
  const auto& url = https ? settings.for_https : settings.for_http;
  const bool direct = url.empty() ||
                      (!settings.loopback_too && is_loopback(host)) ||
                      is_excepted(settings.except, host, port);
  if (direct)
    return std::optional<proxy>{};
  auto parsed = parse_proxy(url);
  if (!parsed)
    return std::move(parsed).error();
  return std::optional<proxy>(*std::move(parsed));
}

} // namespace pj
