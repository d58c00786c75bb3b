#include "adapters/http/tls.hpp"

#include "adapters/http/network_failure.hpp"
#include "core/policy/public_address.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdlib>
#include <unistd.h>

namespace pj {

namespace {

template <class T, void (*Free)(T*)>
struct deleter {
  void operator()(T* x) const noexcept { Free(x); }
};

template <class T, void (*Free)(T*)>
using owned = std::unique_ptr<T, deleter<T, Free>>;

void free_bio(BIO* bio) {
  BIO_free(bio);
}

std::string last_error() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  const char* text = code ? ERR_reason_error_string(code) : nullptr;
  return text ? text : "unknown error";
}

/// Why the certificate was not taken, and what can be done.
std::string explain_certificate(long code, const std::string& host) {
  switch (code) {
  case X509_V_ERR_HOSTNAME_MISMATCH:
  case X509_V_ERR_IP_ADDRESS_MISMATCH:
    return "the certificate is for another host than " + host;
  case X509_V_ERR_CERT_HAS_EXPIRED:
    return "the certificate has expired";
  case X509_V_ERR_CERT_NOT_YET_VALID:
    return "the certificate is not valid yet: check the clock of this machine";
  case X509_V_ERR_CERT_REVOKED:
    return "the certificate was revoked";
  default:
    return std::string("the certificate is not trusted (") +
           X509_verify_cert_error_string(code) +
           "): add its authority to the system or name it in SSL_CERT_FILE";
  }
}

class session final : public tls_session {
public:
  session(owned<SSL, SSL_free> ssl, std::string host)
    : ssl_(std::move(ssl)), host_(std::move(host)) {
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl_.get());
  }

  result<bool> handshake() override {
    ERR_clear_error();
    const auto n = SSL_do_handshake(ssl_.get());
    if (n == 1)
      return true;
    if (SSL_get_error(ssl_.get(), n) == SSL_ERROR_WANT_READ)
      return false;
    const auto verdict = SSL_get_verify_result(ssl_.get());
    if (verdict != X509_V_OK)
      return refused(explain_certificate(verdict, host_));
    return refused("the TLS handshake failed (" + last_error() + ")");
  }

  void feed(std::span<const char> encrypted) override {
    BIO_write(SSL_get_rbio(ssl_.get()), encrypted.data(),
              static_cast<int>(encrypted.size()));
  }

  result<std::size_t> read(std::span<char> out) override {
    ERR_clear_error();
    std::size_t n = 0;
    const auto ok = SSL_read_ex(ssl_.get(), out.data(), out.size(), &n);
    if (ok == 1)
      return n;
    const auto error = SSL_get_error(ssl_.get(), ok);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_ZERO_RETURN)
      return std::size_t{0};
    return broken("the TLS connection broke (" + last_error() + ")");
  }

  bool is_closed() const override {
    return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }

  result<done> write(std::string_view plain) override {
    ERR_clear_error();
    std::size_t n = 0;
    if (SSL_write_ex(ssl_.get(), plain.data(), plain.size(), &n) == 1)
      return done{};
    return broken("the TLS connection broke (" + last_error() + ")");
  }

  void close() override {
    ERR_clear_error();
    if (SSL_is_init_finished(ssl_.get()))
      SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }

  std::string take_output() override {
    BIO* bio = SSL_get_wbio(ssl_.get());
    std::string out(BIO_ctrl_pending(bio), '\0');
    if (!out.empty())
      BIO_read(bio, out.data(), static_cast<int>(out.size()));

    // A memory BIO keeps its largest size: an idle stream should not.
    if (out.size() > 4096)
      SSL_set0_wbio(ssl_.get(), BIO_new(BIO_s_mem()));
    return out;
  }

private:
  owned<SSL, SSL_free> ssl_;
  std::string host_;
};

class context final : public tls_context {
public:
  context(owned<SSL_CTX, SSL_CTX_free> ctx, bool system_roots)
    : ctx_(std::move(ctx)), roots_due_(system_roots) {}

  result<std::unique_ptr<tls_session>>
  connect(const std::string& host) override {
    if (roots_due_ && SSL_CTX_set_default_verify_paths(ctx_.get()) != 1)
      return misconfigured("the system's certificates cannot be read (" +
                           last_error() + ")");
    roots_due_ = false;
    owned<SSL, SSL_free> ssl(SSL_new(ctx_.get()));
    if (!ssl || !expect(ssl.get(), host))
      return refused("TLS cannot be set up (" + last_error() + ")");
    return std::unique_ptr<tls_session>(
      std::make_unique<session>(std::move(ssl), host));
  }

private:
  static bool expect(SSL* ssl, const std::string& host) {
    auto* param = SSL_get0_param(ssl);
    X509_VERIFY_PARAM_set_hostflags(param,
                                    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (parse_ip(host))
      return X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) == 1;
    return SSL_set_tlsext_host_name(ssl, host.c_str()) == 1 &&
           X509_VERIFY_PARAM_set1_host(param, host.c_str(), 0) == 1;
  }

  owned<SSL_CTX, SSL_CTX_free> ctx_;

  /// The system's roots take 40 ms to read: not before the first session.
  bool roots_due_;
};

/// What SSL_CERT_FILE and SSL_CERT_DIR name can be read.
result<done> check_named_roots() {
  for (const auto* name : {"SSL_CERT_FILE", "SSL_CERT_DIR"}) {
    const char* path = std::getenv(name);
    const bool is_list =
      path && std::string_view(path).find(':') != std::string_view::npos;
    if (path && *path && !is_list && access(path, R_OK) != 0)
      return misconfigured(std::string(name) + " names " + path +
                           ", which cannot be read");
  }
  return done{};
}

result<done> add_roots(SSL_CTX* ctx, const std::string& pem) {
  owned<BIO, free_bio> in(
    BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  int found = 0;
  ERR_clear_error();
  while (X509* raw = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)) {
    owned<X509, X509_free> certificate(raw);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), certificate.get());
    ++found;
  }
  const auto code = ERR_peek_last_error();
  ERR_clear_error();
  if (found == 0 || ERR_GET_REASON(code) != PEM_R_NO_START_LINE)
    return misconfigured("the trusted certificates are not valid PEM");
  return done{};
}

} // namespace

result<std::shared_ptr<tls_context>>
tls_context::make(const tls_options& options) {
  owned<SSL_CTX, SSL_CTX_free> ctx(SSL_CTX_new(TLS_client_method()));
  if (!ctx)
    return misconfigured("TLS cannot be set up (" + last_error() + ")");
  SSL_CTX_set_min_proto_version(ctx.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(ctx.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(ctx.get(), SSL_MODE_RELEASE_BUFFERS);
  constexpr unsigned char http1[] = "\x08http/1.1";
  SSL_CTX_set_alpn_protos(ctx.get(), http1, sizeof http1 - 1);
  if (options.system_roots)
    if (auto named = check_named_roots(); !named)
      return std::move(named).error();
  if (!options.extra_roots.empty())
    if (auto added = add_roots(ctx.get(), options.extra_roots); !added)
      return std::move(added).error();
  return std::shared_ptr<tls_context>(
    std::make_shared<context>(std::move(ctx), options.system_roots));
}

} // namespace pj
