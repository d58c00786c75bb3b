#include "throwaway_ca.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <csignal>
#include <stdexcept>

namespace pj::test {

namespace {

void must(bool ok) {
  if (!ok)
    throw std::runtime_error("OpenSSL failed in a test");
}

void extend(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* added = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  must(added && X509_add_ext(certificate, added, -1) == 1);
  X509_EXTENSION_free(added);
}

throwaway_ca::identity unsigned_identity(const char* name, long from,
                                         long until) {
  const throwaway_ca::identity made{{X509_new(), X509_free},
                                    {EVP_EC_gen("P-256"), EVP_PKEY_free}};
  auto* x = made.certificate.get();
  std::array<unsigned char, 8> serial;
  RAND_bytes(serial.data(), serial.size());
  serial[0] &= 0x7f;
  BIGNUM* number = BN_bin2bn(serial.data(), serial.size(), nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x));
  BN_free(number);
  must(X509_set_version(x, 2) == 1);
  X509_gmtime_adj(X509_getm_notBefore(x), from);
  X509_gmtime_adj(X509_getm_notAfter(x), until);
  must(X509_set_pubkey(x, made.key.get()) == 1);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1,
                             -1, 0);
  return made;
}

} // namespace

throwaway_ca::throwaway_ca()
  : own_(unsigned_identity("throw-away authority", -7200, 7200)) {
  auto* x = own_.certificate.get();
  must(X509_set_issuer_name(x, X509_get_subject_name(x)) == 1);
  extend(x, x, NID_basic_constraints, "critical,CA:TRUE");
  extend(x, x, NID_key_usage, "critical,keyCertSign");
  must(X509_sign(x, own_.key.get(), EVP_sha256()) > 0);
}

std::string throwaway_ca::pem() const {
  BIO* out = BIO_new(BIO_s_mem());
  must(PEM_write_bio_X509(out, own_.certificate.get()) == 1);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(out);
  return text;
}

throwaway_ca::identity throwaway_ca::sign(const wish& wanted) const {
  auto made =
    unsigned_identity("throw-away server", wanted.starts_in, wanted.ends_in);
  auto* x = made.certificate.get();
  auto* issuer = own_.certificate.get();
  must(X509_set_issuer_name(x, X509_get_subject_name(issuer)) == 1);
  extend(x, issuer, NID_subject_alt_name, wanted.alt_names.c_str());
  must(X509_sign(x, own_.key.get(), EVP_sha256()) > 0);
  return made;
}

tls_peer::tls_peer(scripted_peer& peer, const throwaway_ca::identity& who,
                   int max_version) {
  // OpenSSL writes to sockets without MSG_NOSIGNAL.
  std::signal(SIGPIPE, SIG_IGN);
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate(context, who.certificate.get());
  SSL_CTX_use_PrivateKey(context, who.key.get());
  if (max_version != 0) {
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, max_version);
  }
  ssl_ = {SSL_new(context), SSL_free};
  SSL_CTX_free(context);
  SSL_set_fd(ssl_.get(), peer.fd());
  secure_ = SSL_accept(ssl_.get()) == 1;
}

std::string tls_peer::server_name() const {
  const char* name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name);
  return name ? name : "";
}

std::string tls_peer::version() const {
  return SSL_get_version(ssl_.get());
}

std::string tls_peer::read_request() {
  std::string all;
  std::array<char, 16384> buffer;
  while (secure_ && all.find("\r\n\r\n") == all.npos) {
    const auto n = SSL_read(ssl_.get(), buffer.data(), buffer.size());
    if (n <= 0)
      break;
    all.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return all;
}

void tls_peer::send(std::string_view bytes) {
  if (secure_ && !bytes.empty())
    SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
}

void tls_peer::close() {
  if (secure_)
    SSL_shutdown(ssl_.get());
}

} // namespace pj::test
