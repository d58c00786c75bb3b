#pragma once
#include "core/result.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace pj {

/// One side of a TLS connection, as a machine that turns bytes into bytes. No
/// I/O; not thread-safe.
class tls_session {
public:
  virtual ~tls_session() = default;

  /// Goes on with the handshake; false: needs more input. Whatever it says,
  /// `take_output` may have bytes for the peer.
  virtual result<bool> handshake() = 0;

  /// Bytes from the peer.
  virtual void feed(std::span<const char> encrypted) = 0;

  /// Decrypted bytes; 0: needs more input, or `is_closed`.
  virtual result<std::size_t> read(std::span<char> out) = 0;

  /// The peer said that nothing follows.
  virtual bool is_closed() const = 0;

  virtual result<done> write(std::string_view plain) = 0;

  /// Tells the peer that nothing follows.
  virtual void close() = 0;

  /// Bytes for the peer; empty: none.
  virtual std::string take_output() = 0;
};

struct tls_options {
  bool system_roots = true; ///< honours SSL_CERT_FILE and SSL_CERT_DIR
  std::string extra_roots;  ///< PEM, trusted as well
};

/// Client side: TLS 1.2 or newer; certificate and host are always checked.
/// Not thread-safe.
class tls_context {
public:
  static result<std::shared_ptr<tls_context>> make(const tls_options& options);
  virtual ~tls_context() = default;

  /// A session with `host` (a name or an address without brackets).
  virtual result<std::unique_ptr<tls_session>>
  connect(const std::string& host) = 0;
};

} // namespace pj
