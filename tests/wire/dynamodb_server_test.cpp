// The model of DynamoDB behind its API (backend-protocols.md 3.1, 4.1).
#include "wire/services/dynamodb_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "tests/transcript.hpp"
#include "wire/services/base64.hpp"
#include "wire/services/digests.hpp"

namespace lockstorm::wire {
namespace {

using nlohmann::json;
using testing::EndsWith;
using testing::HasSubstr;

constexpr const char* kInfoA = R"({"ID":"a","Operation":"OperationTypeApply","Who":"ci@runner"})";
constexpr const char* kInfoB = R"({"ID":"b","Operation":"OperationTypePlan","Who":"me@home"})";

HttpRequest dynamo_request(const std::string& operation, const std::string& body) {
  HttpRequest request;
  request.method = "POST";
  request.target = request.path = "/";
  request.headers["x-amz-target"] = "DynamoDB_20120810." + operation;
  request.body = body;
  return request;
}

json lock_item(const std::string& info) { return {{"LockID", {{"S", "b/app"}}}, {"Info", {{"S", info}}}}; }
json key_of(const std::string& id) { return {{"LockID", {{"S", id}}}}; }

// A server and what it says.
struct Talk {
  DynamoDbServer server;

  json operator()(const std::string& operation, json body) {
    body["TableName"] = "locks";
    const HttpAnswer answer = server.handle(dynamo_request(operation, body.dump()));
    EXPECT_EQ(answer.headers.at("x-amz-crc32"), std::to_string(crc32_of(answer.body)));
    json said = json::parse(answer.body);
    said["status"] = answer.status;
    return said;
  }
};

TEST(DynamoDbServer, LocksOnce) {
  Talk talk;
  const json once = "attribute_not_exists(LockID)";
  EXPECT_EQ(talk("PutItem", {{"Item", lock_item(kInfoA)}, {"ConditionExpression", once}})["status"], 200);
  const json refused = talk("PutItem", {{"Item", lock_item(kInfoB)}, {"ConditionExpression", once}});
  EXPECT_EQ(refused["status"], 400);
  EXPECT_EQ(refused["__type"], "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException");
  const json read = talk("GetItem", {{"Key", key_of("b/app")}, {"ProjectionExpression", "LockID, Info"}});
  EXPECT_EQ(read["Item"], lock_item(kInfoA));
  EXPECT_EQ(talk("GetItem", {{"Key", key_of("b/app-md5")}}).contains("Item"), false);
  EXPECT_EQ(talk("DeleteItem", {{"Key", key_of("b/app")}})["status"], 200);
  EXPECT_EQ(talk("DeleteItem", {{"Key", key_of("b/app")}})["status"], 200);
  EXPECT_EQ(talk("GetItem", {{"Key", key_of("b/app")}}).contains("Item"), false);
}

// As OpenTofu unlocks.
TEST(DynamoDbServer, DeletesWhatHasBeenRead) {
  Talk talk;
  talk("PutItem", {{"Item", lock_item(kInfoA)}});
  const auto remove = [&](const std::string& info) {
    return talk("DeleteItem", {{"Key", key_of("b/app")},
                               {"ConditionExpression", "#i = :info"},
                               {"ExpressionAttributeNames", {{"#i", "Info"}}},
                               {"ExpressionAttributeValues", {{":info", {{"S", info}}}}}})["status"];
  };
  EXPECT_EQ(remove(kInfoB), 400);
  EXPECT_EQ(remove(kInfoA), 200);
  EXPECT_EQ(remove(kInfoA), 400);
}

TEST(DynamoDbServer, KeepsTheDigestBesideTheLock) {
  Talk talk;
  const auto put = [&](const std::string& digest) {
    return json{{"Item", {{"LockID", {{"S", "b/app-md5"}}}, {"Digest", {{"S", digest}}}}}};
  };
  talk("PutItem", {{"Item", lock_item(kInfoA)}});
  EXPECT_EQ(talk("PutItem", put("d1"))["status"], 200);
  EXPECT_EQ(talk("GetItem", {{"Key", key_of("b/app-md5")}, {"ProjectionExpression", "Digest"}})["Item"],
            (json{{"Digest", {{"S", "d1"}}}}));
  json if_unchanged = put("d2");
  if_unchanged["ConditionExpression"] = "Digest = :d";
  if_unchanged["ExpressionAttributeValues"] = {{":d", {{"S", "d1"}}}};
  EXPECT_EQ(talk("PutItem", if_unchanged)["status"], 200);
  EXPECT_EQ(talk("PutItem", if_unchanged)["status"], 400);
  const nlohmann::ordered_json held = talk.server.holds();
  EXPECT_EQ(held["b/app"]["digest"], "d2");
  EXPECT_EQ(held["b/app"]["lock"]["ID"], "a");
  EXPECT_EQ(talk("DeleteItem",
                 {{"Key", key_of("b/app-md5")}, {"ReturnValues", "ALL_OLD"}})["Attributes"]["Digest"]["S"],
            "d2");
}

TEST(DynamoDbServer, DescribesItsTables) {
  Talk talk;
  EXPECT_THAT(talk("DescribeTable", json::object())["__type"].get<std::string>(),
              EndsWith("#ResourceNotFoundException"));
  const json create{{"KeySchema", json::array({{{"AttributeName", "LockID"}, {"KeyType", "HASH"}}})}};
  EXPECT_EQ(talk("CreateTable", create)["TableDescription"]["TableStatus"], "ACTIVE");
  EXPECT_THAT(talk("CreateTable", create)["__type"].get<std::string>(), EndsWith("#ResourceInUseException"));
  EXPECT_EQ(talk("DescribeTable", json::object())["Table"]["KeySchema"], create["KeySchema"]);
  EXPECT_EQ(talk("ListTables", json::object())["TableNames"], json::array({"locks"}));
}

TEST(DynamoDbServer, TellsWhatItDoesNotKnow) {
  Talk talk;
  const auto type = [](const json& said) { return said["__type"].get<std::string>(); };
  EXPECT_THAT(type(talk("UpdateItem", {{"Key", key_of("b/app")}})), EndsWith("#UnknownOperationException"));
  EXPECT_THAT(type(talk("PutItem", {{"Item", {{"Info", {{"S", "x"}}}}}})), EndsWith("#ValidationException"));
  const json odd = talk("PutItem", {{"Item", lock_item(kInfoA)}, {"ConditionExpression", "size(Info) > :n"}});
  EXPECT_THAT(odd["message"].get<std::string>(), HasSubstr("attribute_not_exists(NAME)"));
  EXPECT_THAT(type(talk("DeleteItem",
                        {{"Key", key_of("b/app")}, {"ConditionExpression", "attribute_not_exists(LockID)"}})),
              EndsWith("#ValidationException"));
  EXPECT_THAT(type(talk("GetItem", {{"Key", key_of("b/app")}, {"AttributesToGet", {"Info"}}})),
              EndsWith("#ValidationException"));
  EXPECT_EQ(talk("PutItem", {{"Item", lock_item(std::string(kMaxItemBytes, 'x'))}})["status"], 400);
  EXPECT_EQ(talk.server.handle(dynamo_request("PutItem", std::string(100000, '['))).status, 400U);
  EXPECT_EQ(talk.server.handle(dynamo_request("PutItem", "\xff")).status, 400U);
}

TEST(DynamoDbServer, NamesRequestsAsTheModelsDo) {
  const DynamoDbServer server;
  const auto named = [&](const std::string& operation, json body) {
    body["TableName"] = "locks";
    const auto name = server.name(dynamo_request(operation, body.dump()));
    return name ? name->operation + " " + name->object + " of " + name->place + " " + name->lock_id
                : name.error();
  };
  EXPECT_EQ(named("PutItem", {{"Item", lock_item(kInfoA)}}), "PutItem lock of b/app a");
  EXPECT_EQ(named("GetItem", {{"Key", key_of("b/app-md5")}}), "GetItem digest of b/app ");
  EXPECT_EQ(named("DeleteItem", {{"Key", key_of("b/app")}}), "DeleteItem lock of b/app ");
  EXPECT_EQ(named("DescribeTable", json::object()), "DescribeTable table of locks ");
  EXPECT_FALSE(server.name(dynamo_request("Scan", "{}")).has_value());
}

TEST(DynamoDbServer, RefusesAsTheServiceDoes) {
  const DynamoDbServer server;
  EXPECT_EQ(server.refuse(dynamo_request("PutItem", "{}"), sim::Refusal::server_error).status, 500U);
  EXPECT_THAT(server.refuse(dynamo_request("PutItem", "{}"), sim::Refusal::throttled).body,
              HasSubstr("ProvisionedThroughputExceededException"));
}

HttpRequest recorded_item(const json& line) {
  const auto& headers = line["request"]["headers"];
  const std::string target =
      headers.contains("x-amz-target") ? headers["x-amz-target"] : headers["X-Amz-Target"];
  return dynamo_request(target.substr(target.find('.') + 1), line["request"]["body"]);
}

TEST(DynamoDbServer, AnswersARecordedTerraform) {
  DynamoDbServer server;
  int compared = 0;
  for (const auto& line : http_lines("client-terraform-1.11.4-s3-dynamodb-dynamodb-part.jsonl")) {
    const HttpAnswer answer = server.handle(recorded_item(line));
    ASSERT_EQ(answer.status, line["response"]["status"].get<unsigned>()) << line["seq"];
    json expected = json::parse(line["response"]["body"].get<std::string>());
    if (expected.contains("Message")) expected["message"] = expected["Message"];
    expected.erase("Message");
    expected.erase("ConsumedCapacity");
    EXPECT_EQ(json::parse(answer.body), expected) << line["seq"];
    ++compared;
  }
  EXPECT_GT(compared, 20);
}

TEST(DynamoDbServer, AnswersAsRecordedServersDo) {
  // No client of this model sends them, or writes to a table that is not there.
  const std::set<std::string> others{"update-cas-right", "update-cas-stale", "put-wrong-table",
                                     "transact-lock-free", "transact-lock-held"};
  for (const char* file : {"dynalite.jsonl", "dynamodb-local.jsonl"}) {
    DynamoDbServer server;
    for (const auto& line : http_lines(file)) {
      if (others.contains(line["step"])) continue;
      const HttpAnswer answer = server.handle(recorded_item(line));
      EXPECT_EQ(answer.status, line["response"]["status"].get<unsigned>()) << file << " " << line["step"];
      const json said = json::parse(line["response"]["body"].get<std::string>());
      if (said.contains("__type")) {
        EXPECT_EQ(json::parse(answer.body)["__type"], said["__type"]) << line["step"];
      }
    }
  }
}

RC_GTEST_PROP(DynamoDbServer, GivesBackWhateverIsStored, (const std::vector<std::string>& texts)) {
  DynamoDbServer server;
  for (const std::string& text : texts) {
    const json item = lock_item(encode_base64(text));
    const json put{{"TableName", "t"}, {"Item", item}};
    RC_ASSERT(server.handle(dynamo_request("PutItem", put.dump())).status == 200U);
    const json get{{"TableName", "t"}, {"Key", key_of("b/app")}};
    RC_ASSERT(json::parse(server.handle(dynamo_request("GetItem", get.dump())).body)["Item"] == item);
  }
}

RC_GTEST_PROP(DynamoDbServer, AnswersWhateverIsAsked, (const std::string& body)) {
  DynamoDbServer server;
  for (const char* operation : {"PutItem", "GetItem", "DeleteItem", "CreateTable"})
    RC_ASSERT(server.handle(dynamo_request(operation, body)).status >= 400U);
}

}  // namespace
}  // namespace lockstorm::wire
