#pragma once
#include "apps/mock/dialect.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace pj::doubles {

/// Thrown where the real service would refuse.
struct refused {
  int status = 400;
  std::string message;
  std::string param;
  std::string code;
};

/// The JSON body of a question, read as strictly as the service whose dialect
/// it is in. What is wrong is thrown (`refused`) in that service's own words.
class model_body {
public:
  /// Parses; refuses what is no object and fields that the service lacks.
  explicit model_body(const server_request& request);

  dialect speaks() const { return speaks_; }

  /// A field; null when it is missing or null.
  const nlohmann::json* find(const char* name) const;

  /// A field that must be there.
  const nlohmann::json& need(const char* name) const;

  std::string need_string(const char* name) const;

  bool flag(const char* name, bool otherwise) const;

  /// A flag of an object inside the body.
  bool flag(const nlohmann::json& object, const char* name,
            bool otherwise) const;

  /// When it is there, it has to be an integer of at least 1.
  void check_count(const char* name) const;

  [[noreturn]] void wrong_type(const std::string& name,
                               const std::string& wanted) const;

private:
  void check_fields() const;

  dialect speaks_;
  nlohmann::json body_;
};

} // namespace pj::doubles
