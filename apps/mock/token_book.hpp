#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace pj::doubles {

/// A GitHub App that is installed here; empty id: none.
struct app_options {
  std::string id;
  std::string installation;
  std::string open_key;              ///< PEM; checks what the app signs
  std::int64_t token_seconds = 3600; ///< how long its tokens live
};

/// The tokens that GitHub and git accept: one for ever, and the app's, which
/// end. Thread-safe.
class token_book {
public:
  explicit token_book(std::string lasting) : lasting_(std::move(lasting)) {}

  /// `now` in Unix seconds.
  bool accepts(std::string_view token, std::int64_t now) const;

  /// Whether it is, or was, one of the app's.
  bool is_of_app(std::string_view token) const;

  /// A new one.
  std::string issue(std::int64_t ends);

private:
  const std::string lasting_;
  mutable std::mutex mutex_;
  std::map<std::string, std::int64_t, std::less<>> issued_; ///< to their end
};

/// Why GitHub would not take a JSON Web Token from this app; empty when it
/// does.
std::string jwt_complaint(const app_options& app, std::string_view jwt,
                          std::int64_t now);

} // namespace pj::doubles
