#include "core/llm/body.hpp"
#include "core/llm/wire.hpp"
#include "core/url.hpp"

#include <algorithm>
#include <array>

namespace pj::llm {

namespace {

/// A base URL taken apart: Azure's dated API carries its version as a query.
struct base_parts {
  std::string path;  ///< scheme, host and path, without trailing '/'
  std::string query; ///< with '?', or empty
};

base_parts split_base(std::string_view url) {
  const auto mark = std::min(url.find('?'), url.size());
  auto path = url.substr(0, mark);
  while (!path.empty() && path.back() == '/')
    path.remove_suffix(1);
  return {std::string(path), std::string(url.substr(mark))};
}

/// Azure wants its key in a header of its own. Known by its hosts, or by the
/// path of the dated API when a gateway stands in front.
bool is_azure(std::string_view base_url) {
  static constexpr std::array<std::string_view, 4> domains = {
    ".openai.azure.com", ".openai.azure.us", ".cognitiveservices.azure.com",
    ".services.ai.azure.com"};
  if (base_url.find("/openai/deployments/") != base_url.npos)
    return true;
  const auto url = split_url(base_url);
  return url && std::any_of(domains.begin(), domains.end(), [&](auto domain) {
           return url->host.ends_with(domain);
         });
}

std::string_view path_of(wire speaks, std::string_view base) noexcept {
  switch (speaks) {
  case wire::responses:
    return "/responses";
  case wire::messages:
    return base.ends_with("/v1") ? "/messages" : "/v1/messages";
  case wire::chat_completions:
    break;
  }
  return "/chat/completions";
}

/// OpenRouter lists its models to everybody, so there the key itself is shown.
std::string_view key_path(const endpoint& where, std::string_view base) {
  if (where.provider == provider_id::openrouter)
    return "/key";
  const bool versioned =
    where.speaks != wire::messages || base.ends_with("/v1");
  return versioned ? "/models" : "/v1/models";
}

/// 2023-06-01 and not 2026-10-21: the newer version streams the same events
/// but refuses `temperature`, and compatible servers know only the older one.
constexpr std::string_view anthropic_version = "2023-06-01";

void add_identity(http_headers& headers, const endpoint& where) {
  const auto add = [&](std::string_view name, std::string_view value) {
    headers.push_back({std::string(name), std::string(value)});
  };
  if (where.speaks == wire::messages) {
    add("anthropic-version", anthropic_version);
    add("x-api-key", where.key);
  } else if (is_azure(where.base_url)) {
    add("api-key", where.key);
  } else {
    add("Authorization", "Bearer " + where.key);
  }
  if (where.provider == provider_id::openrouter) {
    add("HTTP-Referer", "https://pithy-jaunt.dev");
    add("X-Title", "Pithy Jaunt");
  }
}

std::string body_for(const endpoint& where, const chat& what,
                     const model_entry& model) {
  switch (where.speaks) {
  case wire::responses:
    return responses_body(what, model);
  case wire::messages:
    return messages_body(what, model);
  case wire::chat_completions:
    break;
  }
  return chat_body(where, what, model);
}

} // namespace

http_request build_request(const endpoint& where, const chat& what,
                           const model_entry& model) {
  const auto base = split_base(where.base_url);
  http_request out;
  out.method = "POST";
  out.url = base.path;
  out.url.append(path_of(where.speaks, base.path)).append(base.query);
  out.headers = {{"Content-Type", "application/json"},
                 {"Accept", "text/event-stream"}};
  add_identity(out.headers, where);
  out.body = std::make_shared<const std::string>(body_for(where, what, model));
  return out;
}

http_request key_request(const endpoint& where) {
  const auto base = split_base(where.base_url);
  http_request out;
  out.url = base.path;
  out.url.append(key_path(where, base.path)).append(base.query);
  out.headers = {{"Accept", "application/json"}};
  add_identity(out.headers, where);
  return out;
}

} // namespace pj::llm
