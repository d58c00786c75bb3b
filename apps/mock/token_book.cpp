#include "apps/mock/token_book.hpp"

#include "adapters/crypto/rsa.hpp"
#include "apps/mock/random_text.hpp"
#include "core/base64.hpp"
#include "core/json_text.hpp"
#include "core/text.hpp"

#include <nlohmann/json.hpp>

namespace pj::doubles {
namespace {

using nlohmann::json;

json read_part(std::string_view part) {
  return parse_json(from_base64url(part).value_or(""));
}

std::int64_t time_claim(const json& claims, const char* name) {
  const auto found = claims.find(name);
  return found != claims.end() && found->is_number_integer()
           ? found->get<std::int64_t>()
           : 0;
}

} // namespace

bool token_book::accepts(std::string_view token, std::int64_t now) const {
  if (token == lasting_)
    return true;
  std::lock_guard lock{mutex_};
  const auto found = issued_.find(token);
  return found != issued_.end() && now < found->second;
}

bool token_book::is_of_app(std::string_view token) const {
  std::lock_guard lock{mutex_};
  return issued_.find(token) != issued_.end();
}

std::string token_book::issue(std::int64_t ends) {
  auto token = random_text("ghs_mock");
  std::lock_guard lock{mutex_};
  issued_.emplace(token, ends);
  return token;
}

std::string jwt_complaint(const app_options& app, std::string_view jwt,
                          std::int64_t now) {
  const auto parts = split(jwt, '.');
  if (parts.size() != 3)
    return "A JSON web token could not be decoded";
  const auto header = read_part(parts[0]);
  const auto claims = read_part(parts[1]);
  const auto signature = from_base64url(parts[2]);
  const auto is_signed = jwt.substr(0, parts[0].size() + 1 + parts[1].size());
  if (!header.is_object() || header.value("alg", json{}) != "RS256" ||
      !claims.is_object() || !signature ||
      !is_signed_rs256(app.open_key, is_signed, *signature))
    return "A JSON web token could not be decoded";
  if (claims.value("iss", json{}) != app.id)
    return "Integration not found";
  const auto issued = time_claim(claims, "iat");
  const auto ends = time_claim(claims, "exp");
  if (issued <= 0 || issued > now)
    return "'Issued at' claim ('iat') must be an Integer representing the "
           "time that the assertion was issued";
  if (ends <= now)
    return "'Expiration time' claim ('exp') must be a numeric value "
           "representing the future time at which the assertion expires";
  if (ends > now + 600)
    return "'Expiration time' claim ('exp') is too far in the future";
  return {};
}

} // namespace pj::doubles
