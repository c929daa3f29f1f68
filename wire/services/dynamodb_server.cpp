#include "wire/services/dynamodb_server.hpp"

#include <fmt/format.h>

namespace lockstorm::wire {
namespace {

using models::DynamoDb;
using nlohmann::ordered_json;

constexpr sim::Slot kDynamoClient = 0;  // the protocol names none

ordered_json described(const std::string& table, std::size_t items) {
  using Members = ordered_json::object_t;
  return Members{
      {"AttributeDefinitions",
       ordered_json::array({Members{{"AttributeName", "LockID"}, {"AttributeType", "S"}}})},
      {"TableName", table},
      {"KeySchema", ordered_json::array({Members{{"AttributeName", "LockID"}, {"KeyType", "HASH"}}})},
      {"TableStatus", "ACTIVE"},
      {"CreationDateTime", 1767225600},
      {"TableSizeBytes", 0},
      {"ItemCount", items},
      {"TableArn", "arn:aws:dynamodb:us-east-1:000000000000:table/" + table},
      {"BillingModeSummary", Members{{"BillingMode", "PAY_PER_REQUEST"}}}};
}

bool is_keyed_by_lock_id(const ordered_json& body) {
  const auto schema = body.find("KeySchema");
  if (schema == body.end() || !schema->is_array() || schema->size() != 1 || !schema->front().is_object())
    return false;
  const ordered_json& key = schema->front();
  return key.value("AttributeName", ordered_json()) == "LockID" &&
         key.value("KeyType", ordered_json()) == "HASH";
}

std::string info_of(const ordered_json& item) {
  const auto info = item.find("Info");
  if (info == item.end() || !info->is_object() || !info->contains("S") || !(*info)["S"].is_string())
    return "";
  return (*info)["S"].get<std::string>();
}

}  // namespace

std::expected<RequestName, std::string> DynamoDbServer::name(const HttpRequest& request) const {
  const auto call = decode_dynamodb(request);
  if (!call) return std::unexpected(call.error().message);
  if (call->lock_id.empty()) {
    const bool makes_one = call->operation == "CreateTable";
    return RequestName{call->operation, "table", call->table, "", std::nullopt, makes_one};
  }
  DynamoPlace any;
  const auto asked = to_model(*call, any);
  if (!asked) return std::unexpected(asked.error().message);
  RequestName name{std::string(DynamoDb::operation(*asked)), std::string(DynamoDb::about(*asked).object),
                   call->state(), ""};
  name.changes = call->operation != "GetItem";
  if (std::holds_alternative<DynamoDb::PutLock>(*asked)) {
    if (const auto lock = parse_lock_text(info_of(call->body["Item"]))) name.lock_id = lock->id;
  }
  return name;
}

HttpAnswer DynamoDbServer::handle(const HttpRequest& request) {
  ++requests_;
  const auto call = decode_dynamodb(request);
  if (!call) return dynamo_answer(call.error(), requests_);
  return call->lock_id.empty() ? answer_table(*call) : answer_item(*call);
}

HttpAnswer DynamoDbServer::answer_item(const DynamoCall& call) {
  DynamoPlace nothing;
  DynamoPlace& place = call.operation == "GetItem" &&
                               !(tables_.contains(call.table) && tables_[call.table].contains(call.state()))
                           ? nothing
                           : tables_[call.table][call.state()];
  const auto asked = to_model(call, place);
  if (!asked) return dynamo_answer(asked.error(), requests_);
  ordered_json& stored = call.is_of_digest() ? place.digest : place.lock;
  const ordered_json before = stored;
  const auto response = model_.apply(place.value, kDynamoClient, *asked, chosen()).response;
  if (response.status != DynamoDb::Status::ok) {
    const bool shows = call.body.value("ReturnValuesOnConditionCheckFailure", ordered_json()) == "ALL_OLD" &&
                       !before.is_null();
    return dynamo_answer(error_of(response.status), requests_,
                         shows ? ordered_json{{"Item", before}} : ordered_json::object());
  }
  if (response.is_read != 0) {
    if (response.lock.empty() && !response.digest.exists())
      return dynamo_answer(200, ordered_json::object(), requests_);
    const auto item = projected(call, stored);
    if (!item) return dynamo_answer(item.error(), requests_);
    return dynamo_answer(200, {{"Item", *item}}, requests_);
  }
  place.contents.keep_lock(place.value.lock);
  place.contents.keep_state(place.value.digest);
  stored = call.operation == "PutItem" ? call.body["Item"] : ordered_json();
  const bool shows = call.body.value("ReturnValues", ordered_json()) == "ALL_OLD" && !before.is_null();
  return dynamo_answer(200, shows ? ordered_json{{"Attributes", before}} : ordered_json::object(), requests_);
}

HttpAnswer DynamoDbServer::answer_table(const DynamoCall& call) {
  const auto found = tables_.find(call.table);
  if (call.operation == "ListTables") {
    ordered_json names = ordered_json::array();
    for (const auto& [name, places] : tables_) names.push_back(name);
    return dynamo_answer(200, {{"TableNames", names}}, requests_);
  }
  if (call.operation == "DescribeTable") {
    if (found == tables_.end())
      return dynamo_answer(DynamoError{400, "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
                                       "Requested resource not found: Table: " + call.table + " not found"},
                           requests_);
    return dynamo_answer(200, {{"Table", described(call.table, found->second.size())}}, requests_);
  }
  if (found != tables_.end())
    return dynamo_answer(DynamoError{400, "com.amazonaws.dynamodb.v20120810#ResourceInUseException",
                                     "Table already exists: " + call.table},
                         requests_);
  if (!is_keyed_by_lock_id(call.body))
    return dynamo_answer(DynamoError{400, "com.amazon.coral.validate#ValidationException",
                                     "Lockstorm's model has tables whose only key is LockID (HASH)"},
                         requests_);
  tables_[call.table];
  return dynamo_answer(200, {{"TableDescription", described(call.table, 0)}}, requests_);
}

HttpAnswer DynamoDbServer::refuse(const HttpRequest&, sim::Refusal kind) const {
  return dynamo_answer(error_of(DynamoDb::refuse({}, kind).status), requests_);
}

void DynamoDbServer::clear() { tables_.clear(); }

ordered_json DynamoDbServer::holds() const {
  ordered_json all = ordered_json::object();
  for (const auto& [table, places] : tables_) {
    for (const auto& [name, place] : places) {
      ordered_json one = held("", info_of(place.lock.is_null() ? ordered_json::object() : place.lock));
      if (place.digest.contains("Digest")) one["digest"] = place.digest["Digest"].value("S", ordered_json());
      // The state's own name, unless two tables have it.
      all[all.contains(name) ? fmt::format("{}/{}", table, name) : name] = std::move(one);
    }
  }
  return all;
}

}  // namespace lockstorm::wire
