#pragma once
#include <string>

namespace pj::doubles {

/// PEM texts of a throw-away authority and a server signed by it, good for
/// `localhost`, 127.0.0.1 and ::1, for one day.
struct certificates {
  std::string authority;
  std::string server;
  std::string server_key;
};

/// Throws `std::runtime_error` when OpenSSL cannot.
certificates make_certificates();

} // namespace pj::doubles
