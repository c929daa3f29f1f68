#include "wire/net/tls.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/ssl/context.hpp>
#include <map>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace lockstorm::wire {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;

// What ends with this process needs no end of its own, and clocks differ.
constexpr const char* kNotBefore = "20200101000000Z";
constexpr const char* kNotAfter = "20491231235959Z";

void must(bool good) {
  if (!good) throw std::runtime_error("OpenSSL cannot make a certificate");
}

Key new_key() {
  Key key(EVP_EC_gen("P-256"));
  must(key != nullptr);
  return key;
}

void add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  must(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

Certificate new_certificate(EVP_PKEY* key, const std::string& name, X509* issuer, EVP_PKEY* issuer_key,
                            long serial) {
  Certificate certificate(X509_new());
  X509* const made = certificate.get();
  must(made != nullptr && X509_set_version(made, X509_VERSION_3) == 1);
  must(ASN1_INTEGER_set(X509_get_serialNumber(made), serial) == 1);
  must(ASN1_TIME_set_string_X509(X509_getm_notBefore(made), kNotBefore) == 1);
  must(ASN1_TIME_set_string_X509(X509_getm_notAfter(made), kNotAfter) == 1);
  must(X509_set_pubkey(made, key) == 1);
  // A common name has at most 64 bytes; the host stands in the alternative names as a whole.
  const std::string common = name.substr(0, 64);
  must(
      X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(common.c_str()),  // NOLINT: C's bytes
                                 -1, -1, 0) == 1);
  X509* const signer = issuer == nullptr ? made : issuer;
  must(X509_set_issuer_name(made, X509_get_subject_name(signer)) == 1);
  if (issuer == nullptr) {
    add_extension(made, made, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(made, made, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(made, made, NID_subject_key_identifier, "hash");
  } else {
    add_extension(made, issuer, NID_basic_constraints, "critical,CA:FALSE");
    // Authorities of several runs have the same name: clients that know more than one go by its key.
    add_extension(made, issuer, NID_authority_key_identifier, "keyid:always");
    add_extension(made, issuer, NID_ext_key_usage, "serverAuth");
    add_extension(made, issuer, NID_subject_alt_name, "DNS:" + name + ",DNS:localhost,IP:127.0.0.1,IP:::1");
  }
  must(X509_sign(made, issuer_key, EVP_sha256()) > 0);
  return certificate;
}

// Host names, and nothing that would be more than one entry of a certificate.
bool is_host(std::string_view name) {
  return !name.empty() && name.size() < 254 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") ==
             std::string_view::npos;
}

// RFC 7301: the only protocol that is spoken here, where the client knows it.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned in_size, void*) {
  constexpr std::string_view kHttp = "http/1.1";
  for (unsigned at = 0; at < in_size; at += in[at] + 1U) {
    if (in[at] != kHttp.size() || at + in[at] >= in_size) continue;
    if (!std::equal(kHttp.begin(), kHttp.end(), in + at + 1)) continue;
    *out = in + at + 1;
    *out_size = in[at];
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

class Tls::Authority {
 public:
  Authority() : context_(boost::asio::ssl::context::tls_server) {
    SSL_CTX* const native = context_.native_handle();
    SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
    SSL_CTX_set_tlsext_servername_arg(native, this);
    SSL_CTX_set_tlsext_servername_callback(native, &Authority::name_asked_for);
    // Who asks for no host by name (an address) gets this one.
    must(SSL_CTX_use_certificate(native, certificate_of("localhost")) == 1);
    must(SSL_CTX_use_PrivateKey(native, key_.get()) == 1);
  }

  [[nodiscard]] boost::asio::ssl::context& context() { return context_; }

  [[nodiscard]] std::string pem() const {
    const std::unique_ptr<BIO, Freed<BIO_free_all>> text(BIO_new(BIO_s_mem()));
    must(text != nullptr && PEM_write_bio_X509(text.get(), root_.get()) == 1);
    char* data = nullptr;
    const long size = BIO_get_mem_data(text.get(), &data);
    return {data, static_cast<std::size_t>(size)};
  }

 private:
  // Called by C code, which no exception may pass: its frames need not tell how they are unwound.
  static int name_asked_for(SSL* connection, int*, void* self) noexcept {
    try {
      const char* const name = SSL_get_servername(connection, TLSEXT_NAMETYPE_host_name);
      if (name == nullptr || !is_host(name)) return SSL_TLSEXT_ERR_OK;
      X509* const certificate = static_cast<Authority*>(self)->certificate_of(name);
      return SSL_use_certificate(connection, certificate) == 1 ? SSL_TLSEXT_ERR_OK
                                                               : SSL_TLSEXT_ERR_ALERT_FATAL;
    } catch (const std::exception&) {
      return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
  }

  X509* certificate_of(const std::string& host) {
    Certificate& certificate = certificates_[host];
    if (!certificate)
      certificate = new_certificate(key_.get(), host, root_.get(), root_key_.get(), ++serial_);
    return certificate.get();
  }

  boost::asio::ssl::context context_;
  Key root_key_ = new_key();
  Certificate root_ =
      new_certificate(root_key_.get(), "lockstorm, for this run only", nullptr, root_key_.get(), 1);
  Key key_ = new_key();
  std::map<std::string, Certificate> certificates_;
  long serial_ = 1;
};

Tls::Tls() : authority_(std::make_unique<Authority>()) {}
Tls::~Tls() = default;

std::string Tls::authority() const { return authority_->pem(); }
boost::asio::ssl::context& Tls::context() const { return authority_->context(); }

}  // namespace lockstorm::wire
