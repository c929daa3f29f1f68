#include "wire/services/dynamodb_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "wire/services/digests.hpp"

namespace lockstorm::wire {
namespace {

using models::DynamoDb;
using nlohmann::ordered_json;

constexpr std::string_view kTarget = "DynamoDB_20120810.";
constexpr std::string_view kDigestSuffix = "-md5";
constexpr const char* kItemsNamespace = "com.amazonaws.dynamodb.v20120810#";

DynamoError invalid(std::string message) {
  return {400, "com.amazon.coral.validate#ValidationException", std::move(message)};
}

std::string text_in(const ordered_json& object, const std::string& name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// The text of an attribute: `{"S": "..."}`.
std::string string_attribute(const ordered_json& item, const std::string& name) {
  const auto found = item.find(name);
  return found != item.end() && found->is_object() ? text_in(*found, "S") : "";
}

std::string without_spaces(std::string_view text) {
  std::string plain(text);
  std::erase_if(plain, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
  return plain;
}

// A name, or what `ExpressionAttributeNames` says that it stands for.
std::string attribute_name(const ordered_json& body, const std::string& name) {
  const auto names = body.find("ExpressionAttributeNames");
  return name.starts_with('#') && names != body.end() && names->is_object() ? text_in(*names, name) : name;
}

// `attribute_not_exists(NAME)`, or `NAME = :VALUE`.
struct Expression {
  bool is_absence = false;
  std::string name;
  std::string value;
};

std::expected<std::optional<Expression>, DynamoError> condition_in(const ordered_json& body) {
  const auto found = body.find("ConditionExpression");
  if (found == body.end()) return std::nullopt;
  const std::string text = found->is_string() ? without_spaces(found->get<std::string>()) : "";
  constexpr std::string_view kAbsent = "attribute_not_exists(";
  if (text.starts_with(kAbsent) && text.ends_with(')'))
    return Expression{
        true, attribute_name(body, text.substr(kAbsent.size(), text.size() - kAbsent.size() - 1)), ""};
  const std::size_t equals = text.find("=:");
  const auto values = body.find("ExpressionAttributeValues");
  if (equals != std::string::npos && values != body.end() && values->is_object() &&
      values->contains(text.substr(equals + 1)))
    return Expression{false, attribute_name(body, text.substr(0, equals)),
                      string_attribute(*values, text.substr(equals + 1))};
  return std::unexpected(
      invalid("Lockstorm's model knows the conditions attribute_not_exists(NAME) and NAME = :VALUE"));
}

DynamoError no_such_condition(const DynamoCall& call) {
  return invalid(fmt::format(
      "Lockstorm's model does not know this condition of {} of a {}: clients send "
      "attribute_not_exists(LockID) with a lock that is put, Info = :info with one that is deleted",
      call.operation, call.is_of_digest() ? "digest" : "lock"));
}

std::expected<DynamoDb::Request, DynamoError> put_item(const DynamoCall& call,
                                                       const std::optional<Expression>& condition,
                                                       DynamoPlace& place) {
  const ordered_json& item = call.body["Item"];
  if (!call.is_of_digest()) {
    const bool is_absence = condition && condition->is_absence && condition->name == "LockID";
    if (condition && !is_absence) return std::unexpected(no_such_condition(call));
    return DynamoDb::PutLock{
        place.contents.lock_or_bytes(string_attribute(item, "Info")),
        is_absence ? DynamoDb::Condition::attribute_not_exists : DynamoDb::Condition::none};
  }
  // Before the new one: asking for it forgets none that is stored.
  models::StateSnapshot expected = place.value.digest;
  if (condition && (condition->is_absence || condition->name != "Digest"))
    return std::unexpected(no_such_condition(call));
  if (condition && condition->value != string_attribute(place.digest, "Digest")) {
    expected.torn = 1;
    ++expected.write;
  }
  const models::StateSnapshot digest = place.contents.state(string_attribute(item, "Digest"));
  return DynamoDb::PutDigest{digest,
                             condition ? DynamoDb::Condition::digest_unchanged : DynamoDb::Condition::none,
                             condition ? expected : models::StateSnapshot{}};
}

std::expected<DynamoDb::Request, DynamoError> delete_item(const DynamoCall& call,
                                                          const std::optional<Expression>& condition,
                                                          const DynamoPlace& place) {
  if (call.is_of_digest()) {
    if (condition) return std::unexpected(no_such_condition(call));
    return DynamoDb::DeleteDigest{};
  }
  if (condition && (condition->is_absence || condition->name != "Info"))
    return std::unexpected(no_such_condition(call));
  // The protocol does not say whose lock a client means to delete.
  DynamoDb::DeleteLock remove{place.value.lock.id, place.value.lock,
                              condition ? DynamoDb::Condition::info_unchanged : DynamoDb::Condition::none};
  const bool is_unchanged =
      !place.lock.is_null() && condition && string_attribute(place.lock, "Info") == condition->value;
  if (condition && !is_unchanged)
    remove.expected = {{sim::Who::process(0), static_cast<std::uint16_t>(remove.intended.number + 1)}};
  return remove;
}

std::optional<ordered_json> parse_body(const std::string& text) {
  bool is_too_deep = false;
  const auto shallow = [&](int depth, ordered_json::parse_event_t, const ordered_json&) {
    is_too_deep = is_too_deep || depth > kMaxItemDepth;
    return depth <= kMaxItemDepth;
  };
  ordered_json body = ordered_json::parse(text, shallow, false);
  if (is_too_deep || !body.is_object()) return std::nullopt;
  return body;
}

std::optional<DynamoError> read_item(DynamoCall& call) {
  const std::string holder = call.operation == "PutItem" ? "Item" : "Key";
  const auto item = call.body.find(holder);
  if (call.table.empty())
    return invalid(
        "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must "
        "not be null");
  if (item == call.body.end() || !item->is_object() ||
      !std::ranges::all_of(*item, [](const auto& attribute) { return attribute.is_object(); }))
    return invalid(
        fmt::format("1 validation error detected: '{}' must be a map of attribute values", holder));
  call.lock_id = string_attribute(*item, "LockID");
  if (call.lock_id.empty())
    return invalid("One or more parameter values were invalid: Missing the key LockID in the item");
  if (item->dump().size() > kMaxItemBytes) return invalid("Item size has exceeded the maximum allowed size");
  for (const char* legacy : {"Expected", "AttributesToGet", "ConditionalOperator"}) {
    if (call.body.contains(legacy))
      return invalid(fmt::format("Lockstorm's model does not know the parameter {}", legacy));
  }
  return std::nullopt;
}

}  // namespace

bool DynamoCall::is_of_digest() const {
  return lock_id.ends_with(kDigestSuffix) && lock_id.size() > kDigestSuffix.size();
}

std::string DynamoCall::state() const {
  return is_of_digest() ? lock_id.substr(0, lock_id.size() - kDigestSuffix.size()) : lock_id;
}

std::expected<DynamoCall, DynamoError> decode_dynamodb(const HttpRequest& request) {
  constexpr auto kKnown = std::to_array<std::string_view>(
      {"PutItem", "GetItem", "DeleteItem", "CreateTable", "DescribeTable", "ListTables"});
  DynamoCall call;
  const auto target = request.headers.find("x-amz-target");
  if (target != request.headers.end() && target->second.starts_with(kTarget))
    call.operation = target->second.substr(kTarget.size());
  if (request.method != "POST" || std::ranges::find(kKnown, call.operation) == kKnown.end())
    return std::unexpected(DynamoError{
        400, "com.amazon.coral.service#UnknownOperationException",
        "Lockstorm's model of DynamoDB knows a POST whose X-Amz-Target is DynamoDB_20120810 and one of "
        "PutItem, GetItem, DeleteItem, CreateTable, DescribeTable, ListTables"});
  auto body = parse_body(request.body);
  if (!body)
    return std::unexpected(DynamoError{400, "com.amazon.coral.service#SerializationException",
                                       "The body is no JSON object, or too deep"});
  call.body = *std::move(body);
  call.table = text_in(call.body, "TableName");
  if (call.operation.ends_with("Item")) {
    if (auto error = read_item(call)) return std::unexpected(*std::move(error));
  } else if (call.table.empty() && call.operation != "ListTables") {
    return std::unexpected(
        invalid("The parameter 'TableName' is required but was not present in the request"));
  }
  return call;
}

std::expected<DynamoDb::Request, DynamoError> to_model(const DynamoCall& call, DynamoPlace& place) {
  const auto condition = condition_in(call.body);
  if (!condition) return std::unexpected(condition.error());
  if (call.operation == "PutItem") return put_item(call, *condition, place);
  if (call.operation == "DeleteItem") return delete_item(call, *condition, place);
  const bool is_consistent = call.body.value("ConsistentRead", ordered_json(false)) == ordered_json(true);
  return DynamoDb::GetItem{call.is_of_digest() ? DynamoDb::Item::digest : DynamoDb::Item::lock,
                           static_cast<std::uint16_t>(is_consistent)};
}

std::expected<ordered_json, DynamoError> projected(const DynamoCall& call, const ordered_json& item) {
  const auto projection = call.body.find("ProjectionExpression");
  if (projection == call.body.end()) return item;
  ordered_json left = ordered_json::object();
  std::string names = projection->is_string() ? without_spaces(projection->get<std::string>()) : "";
  while (!names.empty()) {
    const std::size_t comma = std::min(names.find(','), names.size());
    const std::string name = attribute_name(call.body, names.substr(0, comma));
    if (name.empty() || name.find_first_of(".[") != std::string::npos)
      return std::unexpected(invalid("Lockstorm's model knows a ProjectionExpression of plain names only"));
    if (item.contains(name)) left[name] = item[name];
    names.erase(0, comma + 1);
  }
  return left;
}

DynamoError error_of(DynamoDb::Status status) {
  switch (status) {
    case DynamoDb::Status::ok:
      break;
    case DynamoDb::Status::conditional_check_failed:
      return {400, fmt::format("{}ConditionalCheckFailedException", kItemsNamespace),
              "The conditional request failed"};
    case DynamoDb::Status::access_denied:
      return {400, "com.amazon.coral.service#AccessDeniedException",
              "User is not authorized to perform this action"};
    case DynamoDb::Status::throttled:
      return {400, fmt::format("{}ProvisionedThroughputExceededException", kItemsNamespace),
              "The level of configured provisioned throughput for the table was exceeded. Consider "
              "increasing your "
              "provisioning level with the UpdateTable API."};
    case DynamoDb::Status::server_error:
      return {500, fmt::format("{}InternalServerError", kItemsNamespace), "Internal server error"};
  }
  return {500, fmt::format("{}InternalServerError", kItemsNamespace), "This is no error"};
}

HttpAnswer dynamo_answer(unsigned status, const ordered_json& body, std::uint64_t number) {
  HttpAnswer answer{status, {{"Content-Type", "application/x-amz-json-1.0"}}, body.dump()};
  answer.headers["x-amzn-RequestId"] = fmt::format("{:052X}", number);
  // The SDKs compare it with what they got.
  answer.headers["x-amz-crc32"] = std::to_string(crc32_of(answer.body));
  return answer;
}

HttpAnswer dynamo_answer(const DynamoError& error, std::uint64_t number, const ordered_json& more) {
  ordered_json body{{"__type", error.type}, {"message", error.message}};
  body.update(more);
  return dynamo_answer(error.status, body, number);
}

}  // namespace lockstorm::wire
