// The DynamoDB API as far as the s3 backend uses it: a lock item and a digest item for each state
// (backend-protocols.md 3.1, 4.1; docs.aws.amazon.com/amazondynamodb/latest/APIReference).
#pragma once

#include <expected>
#include <nlohmann/json.hpp>
#include <string>

#include "models/services/dynamodb.hpp"
#include "wire/net/exchange.hpp"
#include "wire/services/contents.hpp"

namespace lockstorm::wire {

/// An error as the API answers it: `type` with its namespace.
struct DynamoError {
  unsigned status = 400;
  std::string type;
  std::string message;
};

struct DynamoCall {
  std::string operation;  ///< "PutItem", "CreateTable"
  std::string table;
  nlohmann::ordered_json body;
  std::string lock_id;  ///< the item's key, for operations on items; empty for others

  [[nodiscard]] bool is_of_digest() const;
  /// The state that the item belongs to: its key, without "-md5".
  [[nodiscard]] std::string state() const;
};

/// Bodies are at most so deep.
inline constexpr int kMaxItemDepth = 32;
/// An item has at most so many bytes.
inline constexpr std::size_t kMaxItemBytes = std::size_t{400} << 10U;

/// Or why not: what is unknown is told with the service's error, and never guessed.
std::expected<DynamoCall, DynamoError> decode_dynamodb(const HttpRequest& request);

/// Two items as they are stored, with what the model knows of them.
struct DynamoPlace {
  models::DynamoDb::Value value;
  Contents contents{};
  nlohmann::ordered_json lock{};
  nlohmann::ordered_json digest{};
};

/// What a call on an item asks of the model. Conditions are those that Terraform and OpenTofu send:
/// `attribute_not_exists(LockID)` of a lock that is put, `Info = :info` of one that is deleted; also `Digest
/// = :old` of a digest that is put.
std::expected<models::DynamoDb::Request, DynamoError> to_model(const DynamoCall& call, DynamoPlace& place);

/// What the `ProjectionExpression` leaves of an item, if there is one.
std::expected<nlohmann::ordered_json, DynamoError> projected(const DynamoCall& call,
                                                             const nlohmann::ordered_json& item);

/// Of a status that is no success.
DynamoError error_of(models::DynamoDb::Status status);

/// `number` counts requests.
HttpAnswer dynamo_answer(unsigned status, const nlohmann::ordered_json& body, std::uint64_t number);
/// With the members of `more`.
HttpAnswer dynamo_answer(const DynamoError& error, std::uint64_t number,
                         const nlohmann::ordered_json& more = nlohmann::ordered_json::object());

}  // namespace lockstorm::wire
