#pragma once
#include "scripted_peer.hpp"

#include <memory>
#include <string>

using SSL = struct ssl_st;
using X509 = struct x509_st;
using EVP_PKEY = struct evp_pkey_st;

namespace pj::test {

/// An authority that lives as long as a test, and what it signs.
class throwaway_ca {
public:
  struct wish {
    std::string alt_names = "IP:127.0.0.1,DNS:localhost"; ///< as openssl.cnf
    long starts_in = -3600;                               ///< seconds
    long ends_in = 3600;                                  ///< seconds
  };

  struct identity {
    std::shared_ptr<X509> certificate;
    std::shared_ptr<EVP_PKEY> key;
  };

  throwaway_ca();

  /// What a client has to trust.
  std::string pem() const;
  identity sign(const wish& wanted) const;

private:
  identity own_;
};

/// The server's side of TLS on a scripted connection. Empty reads and silence
/// after failures, like the peer itself.
class tls_peer {
public:
  tls_peer(scripted_peer& peer, const throwaway_ca::identity& who,
           int max_version = 0);

  bool is_secure() const { return secure_; }
  std::string server_name() const; ///< as the client named it (SNI)
  std::string version() const;
  std::string read_request();
  void send(std::string_view bytes);

  /// Says that nothing follows.
  void close();

private:
  std::shared_ptr<SSL> ssl_;
  bool secure_ = false;
};

} // namespace pj::test
