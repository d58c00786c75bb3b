#pragma once
#include "apps/mock/face.hpp"
#include "apps/mock/github_json.hpp"

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace pj::doubles {

/// Thrown where GitHub would refuse.
struct github_refusal {
  int status = 422;
  std::string message;
  std::vector<field_error> errors;
};

/// One request to the GitHub face, taken apart. Cheap enough to copy.
struct github_visit {
  call what;
  std::vector<std::string> path; ///< decoded parts, without /api/v3
  std::string origin;            ///< scheme and host, as the client sees it
  std::string base_url;          ///< of the API
  http_headers headers;          ///< that every answer carries

  const std::string& method() const { return what.request.method; }

  /// Compares method and path; "*" matches any part.
  bool is(std::string_view verb,
          std::initializer_list<std::string_view> parts) const;

  /// `owner/name`, of a path below `repos`.
  std::string repository() const;

  /// The number behind `pulls` or `issues`; 0 when it is none.
  std::uint64_t number() const;

  /// The body; throws when it is no JSON object.
  nlohmann::json body() const;

  void answer(int status, const nlohmann::json& body,
              http_headers more = {}) const;
  void refuse(const github_refusal& why) const;
};

/// Fields of a body; absent and null give an empty value, a wrong type throws.
std::string text_field(const nlohmann::json& body, const std::string& name);
bool flag_field(const nlohmann::json& body, const std::string& name,
                bool otherwise);
std::vector<std::string> list_field(const nlohmann::json& body,
                                    const std::string& name);

/// The 422 for a value that a field cannot have.
[[noreturn]] void invalid_field(const std::string& name,
                                const nlohmann::json& value,
                                const char* wanted);

} // namespace pj::doubles
