#include "wire/services/pg_password.hpp"

#include <charconv>

#include "wire/services/base64.hpp"
#include "wire/services/digests.hpp"

namespace lockstorm::wire {
namespace {

// Without channel binding: "n,,", which is in the proof in Base64.
constexpr std::string_view kNoBinding = "n,,";
constexpr std::string_view kNoBindingInBase64 = "biws";
// Servers have 4096; who asks for much more wants to keep the client busy.
constexpr unsigned kMostIterations = 1'000'000;

// The attribute of that letter: "r=..." (RFC 5802, 5.1).
std::string attribute(std::string_view message, char letter) {
  while (!message.empty()) {
    const std::string_view one = message.substr(0, message.find(','));
    message.remove_prefix(std::min(message.size(), one.size() + 1));
    if (one.size() > 1 && one[0] == letter && one[1] == '=') return std::string(one.substr(2));
  }
  return "";
}

void xor_into(std::string& bytes, const std::string& other) {
  for (std::size_t i = 0; i < bytes.size() && i < other.size(); ++i)
    bytes[i] = static_cast<char>(static_cast<unsigned char>(bytes[i]) ^ static_cast<unsigned char>(other[i]));
}

// RFC 5802, 2.2: Hi.
std::string salted(const std::string& password, const std::string& salt, unsigned iterations) {
  std::string last = hmac_sha256(password, salt + std::string("\0\0\0\1", 4));
  std::string all = last;
  for (unsigned i = 1; i < iterations; ++i) {
    last = hmac_sha256(password, last);
    xor_into(all, last);
  }
  return all;
}

}  // namespace

std::string md5_password(std::string_view user, std::string_view password, std::string_view salt) {
  return "md5" + md5_hex(md5_hex(std::string(password).append(user)).append(salt));
}

// The user is the one of the start-up message, so that none is named here.
std::string Scram::first_message() const { return std::string(kNoBinding) + "n=,r=" + nonce_; }

std::expected<std::string, std::string> Scram::final_message(std::string_view server_first) {
  const std::string nonce = attribute(server_first, 'r');
  const auto salt = decode_base64(attribute(server_first, 's'));
  const std::string count = attribute(server_first, 'i');
  unsigned iterations = 0;
  std::from_chars(count.data(), count.data() + count.size(), iterations);
  if (!nonce.starts_with(nonce_) || nonce.size() == nonce_.size() || !salt || iterations == 0)
    return std::unexpected("the server's first message of SCRAM is none");
  if (iterations > kMostIterations)
    return std::unexpected("the server asks for too many iterations of SCRAM");
  const std::string key = salted(password_, *salt, iterations);
  const std::string client_key = hmac_sha256(key, "Client Key");
  const std::string without_proof = "c=" + std::string(kNoBindingInBase64) + ",r=" + nonce;
  const std::string everything = "n=,r=" + nonce_ + "," + std::string(server_first) + "," + without_proof;
  std::string proof = client_key;
  xor_into(proof, hmac_sha256(sha256_of(client_key), everything));
  server_signature_ = encode_base64(hmac_sha256(hmac_sha256(key, "Server Key"), everything));
  return without_proof + ",p=" + encode_base64(proof);
}

bool Scram::is_server(std::string_view server_final) const {
  return !server_signature_.empty() && attribute(server_final, 'v') == server_signature_;
}

}  // namespace lockstorm::wire
