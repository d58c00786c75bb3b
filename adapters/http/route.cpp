#include "adapters/http/route.hpp"

namespace pj {

const std::string& route::first_host() const {
  return through ? through->host : where.host;
}

std::uint16_t route::first_port() const {
  return through ? through->port : where.port;
}

const proxy* route::forwarder() const {
  return through && !tunnels ? &*through : nullptr;
}

result<route> plan_route(const std::string& url, const proxy_settings& settings,
                         bool checks_address) {
  auto where = parse_origin(url);
  if (!where)
    return std::move(where).error();
  auto through = choose_proxy(settings, where->https, where->host, where->port);
  if (!through)
    return std::move(through).error();
  route found;
  found.where = *std::move(where);
  found.through = *std::move(through);
  found.tunnels = found.through && (found.where.https || checks_address);
  found.key = found.forwarder() ? "http://*" : found.where.name();
  found.key += checks_address ? " public " : " ";
  if (found.through)
    found.key += found.through->host + ":" +
                 std::to_string(found.through->port) + " " +
                 found.through->authorization;
  return found;
}

} // namespace pj
