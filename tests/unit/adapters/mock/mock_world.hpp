#pragma once
#include "adapters/files.hpp"
#include "apps/mock/mock.hpp"
#include "tests/unit/adapters/http/recorder.hpp"

#include <nlohmann/json.hpp>

namespace pj::test {

/// A mock and a client for it.
class mock_world {
public:
  explicit mock_world(mock_options options = {}) : doubles(std::move(options)) {
    http_client_options o;
    if (!doubles.urls().authority.empty())
      o.tls.extra_roots = *read_whole_file(doubles.urls().authority, 1u << 16);
    http = make_http_client(std::move(o));
  }

  recorder::seen send(http_request request, http_limits limits = {}) {
    return ask(*http, std::move(request), limits);
  }

  /// A question for the model face, in Chat Completions.
  http_request question(const nlohmann::json& body,
                        const std::string& path = "/chat/completions") const {
    auto r = post(doubles.urls().openai + path, body.dump());
    r.headers = {{"authorization", "Bearer " + doubles.model_key()},
                 {"content-type", "application/json"}};
    return r;
  }

  http_request to_github(std::string method, const std::string& path,
                         const nlohmann::json& body = {}) const {
    http_request r{std::move(method), doubles.urls().github + path, {}, {}};
    r.headers = {{"authorization", "Bearer " + doubles.token()}};
    if (!body.is_null())
      r.body = std::make_shared<const std::string>(body.dump());
    return r;
  }

  mock doubles;
  std::shared_ptr<http_client> http;
};

/// `{"model": …, "messages": [the task]}`, more fields put on top.
inline nlohmann::json chat_body(const std::string& task,
                                const nlohmann::json& more = {}) {
  nlohmann::json body{{"model", "gpt-4o"},
                      {"messages", nlohmann::json::array(
                                     {{{"role", "user"}, {"content", task}}})}};
  if (!more.is_null())
    body.update(more);
  return body;
}

inline nlohmann::json parsed(const recorder::seen& seen) {
  return nlohmann::json::parse(seen.body, nullptr, false);
}

} // namespace pj::test
