#pragma once
#include <string>

namespace pj::github {

/// A GitHub App where it is installed.
struct app_identity {
  std::string id;           ///< app id (digits) or client id; empty: no app
  std::string installation; ///< digits
  std::string key_path;     ///< file of the private key
  std::string key;          ///< secret; PEM

  bool empty() const noexcept { return id.empty(); }
};

} // namespace pj::github
