// Oracle's Object Storage API as far as the oci backend uses it (backend-protocols.md 3.15;
// docs.oracle.com/en-us/iaas/api/#/en/objectstorage).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "models/services/oracle_objects.hpp"
#include "wire/net/exchange.hpp"
#include "wire/services/contents.hpp"

namespace lockstorm::wire {

enum class OracleApi : std::uint8_t {
  list_objects,
  list_object_versions,
  put_object,
  get_object,
  head_object,
  delete_object,
  create_multipart_upload,
  upload_part,
  commit_multipart_upload,
  abort_multipart_upload,
};

struct OracleError {
  unsigned status = 400;
  std::string code;
  std::string message;
};

struct OracleCall {
  OracleApi api = OracleApi::get_object;
  std::string bucket;
  std::string object;
  models::OracleObjects::Condition condition = models::OracleObjects::Condition::none;
  std::string if_match;
  std::string upload_id;
  unsigned part = 0;

  [[nodiscard]] bool is_of_lock() const;
  /// "BUCKET/STATE", whichever of the two objects it is.
  [[nodiscard]] std::string place() const;
};

/// `/n/NAMESPACE/b/BUCKET/o/OBJECT` and what else is below a bucket; versions of objects are not known. What
/// is unknown is refused (501), and never guessed.
std::expected<OracleCall, OracleError> decode_oracle(const HttpRequest& request);

/// A state with its lock, and what has been sent of it in parts.
struct OraclePlace {
  models::OracleObjects::Value value;
  Contents contents{};
};

/// What a call asks of the model; `body` is of the whole object.
models::OracleObjects::Request to_model(const OracleCall& call, std::string_view body, OraclePlace& place);

/// Entity tags on the wire, which name the object that they are of: "lock-3".
std::string oracle_etag(bool is_lock, std::uint16_t number);

OracleError error_of(models::OracleObjects::Status status, const OracleCall& call);
HttpAnswer oracle_error(const OracleError& error);

}  // namespace lockstorm::wire
