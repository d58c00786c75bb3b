#include "apps/mock/certificate.hpp"

#include <memory>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace pj::doubles {
namespace {

template <auto Free>
struct freed {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};

using key_ptr = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed<X509_free>>;
using memory_ptr = std::unique_ptr<BIO, freed<BIO_free_all>>;
using extension_ptr =
  std::unique_ptr<X509_EXTENSION, freed<X509_EXTENSION_free>>;

void must(bool ok) {
  if (!ok)
    throw std::runtime_error("OpenSSL cannot make a certificate");
}

key_ptr make_key() {
  key_ptr key{EVP_EC_gen("P-256")};
  must(key != nullptr);
  return key;
}

void add_extension(X509* to, X509* issuer, int what, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  extension_ptr e{X509V3_EXT_conf_nid(nullptr, &context, what, value)};
  must(e != nullptr && X509_add_ext(to, e.get(), -1) == 1);
}

/// A certificate for `key`, not yet signed.
certificate_ptr draft(EVP_PKEY* key, const char* name) {
  certificate_ptr c{X509_new()};
  std::uint32_t serial = 0;
  must(c != nullptr && RAND_bytes(reinterpret_cast<unsigned char*>(&serial),
                                  sizeof serial) == 1);
  X509_set_version(c.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(c.get()),
                   static_cast<long>(serial) + 1);
  X509_gmtime_adj(X509_getm_notBefore(c.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(c.get()), 24L * 3600);
  must(X509_set_pubkey(c.get(), key) == 1);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(c.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1,
                             -1, 0);
  return c;
}

void sign(X509* what, X509* issuer, EVP_PKEY* with) {
  must(X509_set_issuer_name(what, X509_get_subject_name(issuer)) == 1);
  must(X509_sign(what, with, EVP_sha256()) > 0);
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate) {
  memory_ptr out{BIO_new(BIO_s_mem())};
  must(PEM_write_bio_X509(out.get(), certificate) == 1);
  return text_of(out.get());
}

std::string pem(EVP_PKEY* key) {
  memory_ptr out{BIO_new(BIO_s_mem())};
  must(PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr,
                                nullptr) == 1);
  return text_of(out.get());
}

} // namespace

certificates make_certificates() {
  const auto authority_key = make_key();
  const auto authority = draft(authority_key.get(), "pj-mock authority");
  auto* root = authority.get();
  add_extension(root, root, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(root, root, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(root, root, NID_subject_key_identifier, "hash");
  sign(root, root, authority_key.get());
  const auto server_key = make_key();
  const auto server = draft(server_key.get(), "localhost");
  auto* leaf = server.get();
  X509_set_issuer_name(leaf, X509_get_subject_name(root));
  add_extension(leaf, root, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(leaf, root, NID_ext_key_usage, "serverAuth");
  add_extension(leaf, root, NID_subject_alt_name,
                "DNS:localhost,IP:127.0.0.1,IP:::1");
  add_extension(leaf, root, NID_subject_key_identifier, "hash");
  add_extension(leaf, root, NID_authority_key_identifier, "keyid");
  sign(leaf, root, authority_key.get());
  return {pem(root), pem(leaf), pem(server_key.get())};
}

} // namespace pj::doubles
