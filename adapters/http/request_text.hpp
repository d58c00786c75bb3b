#pragma once
#include "adapters/http/origin.hpp"
#include "adapters/http/proxy.hpp"
#include "core/http.hpp"

namespace pj {

/// Whether sending the request twice does what sending it once does.
bool may_repeat(const http_request& request) noexcept;

/// The head as sent. With `through`, in the form a proxy wants. Fails on
/// headers that would break the framing.
result<std::string> request_head(const http_request& request,
                                 const origin& where, const proxy* through,
                                 const std::string& user_agent);

/// The head that asks a proxy for a tunnel to `target` ("host:port").
std::string tunnel_head(const std::string& target, const proxy& through,
                        const std::string& user_agent);

} // namespace pj
