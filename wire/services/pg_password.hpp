// How a client proves its password to PostgreSQL (postgresql.org/docs/15/auth-password.html).
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace lockstorm::wire {

/// The answer to AuthenticationMD5Password: "md5" and a digest (protocol-flow.html).
std::string md5_password(std::string_view user, std::string_view password, std::string_view salt);

/// SCRAM-SHA-256 without channel binding (RFC 5802, 7677), as sasl-authentication.html has it.
class Scram {
 public:
  /// `nonce`: printable, without commas, and never used before.
  Scram(std::string password, std::string nonce) : password_(std::move(password)), nonce_(std::move(nonce)) {}

  [[nodiscard]] std::string first_message() const;
  /// The answer to the server's first message; or why there is none, a clause.
  std::expected<std::string, std::string> final_message(std::string_view server_first);
  /// Whether the server knows the password, too.
  [[nodiscard]] bool is_server(std::string_view server_final) const;

 private:
  std::string password_;
  std::string nonce_;
  std::string server_signature_;
};

}  // namespace lockstorm::wire
