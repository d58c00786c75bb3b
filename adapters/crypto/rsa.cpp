#include "adapters/crypto/rsa.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdexcept>

namespace pj {

namespace {

constexpr int least_bits = 2048;

struct freed {
  void operator()(BIO* x) const { BIO_free(x); }
  void operator()(EVP_MD_CTX* x) const { EVP_MD_CTX_free(x); }
  void operator()(EVP_PKEY* x) const { EVP_PKEY_free(x); }
};

template <class T>
using owned = std::unique_ptr<T, freed>;

owned<BIO> reader_of(std::string_view pem) {
  return owned<BIO>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

/// Never asks a person for a passphrase.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

failure unusable(std::string what) {
  return {
    failure_class::fail, failure_code::configuration, std::move(what), {}, {}};
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

} // namespace

result<rsa_key> rsa_key::read(std::string_view pem) {
  const auto in = reader_of(pem);
  std::shared_ptr<EVP_PKEY> key(
    PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr),
    freed{});
  if (!key)
    return unusable("holds no private key in PEM without a passphrase");
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA)
    return unusable("holds no RSA key");
  if (EVP_PKEY_get_bits(key.get()) < least_bits)
    return unusable("holds an RSA key of less than 2048 bits");
  return rsa_key(std::move(key));
}

result<std::string> rsa_key::sign(std::string_view data) const {
  auto* key = static_cast<EVP_PKEY*>(key_.get());
  const owned<EVP_MD_CTX> work(EVP_MD_CTX_new());
  std::string out(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
  std::size_t size = out.size();
  if (!work ||
      EVP_DigestSignInit(work.get(), nullptr, EVP_sha256(), nullptr, key) !=
        1 ||
      EVP_DigestSign(work.get(), reinterpret_cast<unsigned char*>(out.data()),
                     &size, bytes_of(data), data.size()) != 1)
    return unusable("holds a key that cannot sign");
  out.resize(size);
  return out;
}

bool is_signed_rs256(std::string_view key_pem, std::string_view data,
                     std::string_view signature) {
  const auto in = reader_of(key_pem);
  const owned<EVP_PKEY> key(
    PEM_read_bio_PUBKEY(in.get(), nullptr, no_passphrase, nullptr));
  const owned<EVP_MD_CTX> work(EVP_MD_CTX_new());
  return key && work &&
         EVP_DigestVerifyInit(work.get(), nullptr, EVP_sha256(), nullptr,
                              key.get()) == 1 &&
         EVP_DigestVerify(work.get(), bytes_of(signature), signature.size(),
                          bytes_of(data), data.size()) == 1;
}

rsa_pair make_rsa_pair() {
  const owned<EVP_PKEY> key(EVP_RSA_gen(least_bits));
  const owned<BIO> secret(BIO_new(BIO_s_mem()));
  const owned<BIO> open(BIO_new(BIO_s_mem()));
  if (!key || !secret || !open ||
      PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0,
                               nullptr, nullptr) != 1 ||
      PEM_write_bio_PUBKEY(open.get(), key.get()) != 1)
    throw std::runtime_error("OpenSSL makes no RSA key");
  return {text_of(secret.get()), text_of(open.get())};
}

} // namespace pj
