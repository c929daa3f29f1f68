// The DynamoDB model answers as recorded dynalite and DynamoDB Local did (server-semantics.md 3.2).
#include <gtest/gtest.h>

#include <map>

#include "models/services/dynamodb.hpp"
#include "tests/transcript.hpp"

namespace lockstorm::models {
namespace {

const std::map<std::string, std::string> kOutOfDynamoDbScope{
    {"describe-missing-table", "table administration"},
    {"create-table", "table administration"},
    {"describe-table", "table administration"},
    {"update-cas-right", "the digest is never updated conditionally"},
    {"update-cas-stale", "the digest is never updated conditionally"},
    {"put-wrong-table", "the table exists"},
    {"put-missing-key", "requests are well-formed"},
    {"transact-lock-free", "TransactWriteItems is unused (4.1.5)"},
    {"transact-lock-held", "TransactWriteItems is unused (4.1.5)"},
};

// Info is JSON with an ID, or any other text; each distinct text is somebody's lock.
LockInfo info_of(const std::string& text) {
  static const std::map<std::string, sim::Slot> kKnown{{"A", 0}, {"B", 1}, {"stolen", 2}};
  const auto id = text.starts_with("{") ? nlohmann::json::parse(text)["ID"].get<std::string>() : text;
  const auto known = kKnown.find(id);
  return {{sim::Who::process(known == kKnown.end() ? sim::Slot{9} : known->second), 0}, LockOperation::apply};
}

StateSnapshot digest_of(const std::string& text) {
  StateSnapshot snapshot;
  snapshot.serial = static_cast<std::uint8_t>(1 + text.size() % 200);
  return snapshot;
}

DynamoDb::Request to_request(const nlohmann::json& line) {
  const std::string target = line["request"]["headers"]["X-Amz-Target"];
  const std::string operation = target.substr(target.find('.') + 1);
  const auto body = nlohmann::json::parse(line["request"]["body"].get<std::string>());
  const bool conditional = body.contains("ConditionExpression");
  if (operation == "PutItem") {
    const auto& item = body["Item"];
    if (item.contains("Digest")) return DynamoDb::PutDigest{digest_of(item["Digest"]["S"])};
    return DynamoDb::PutLock{info_of(item["Info"]["S"]), conditional
                                                             ? DynamoDb::Condition::attribute_not_exists
                                                             : DynamoDb::Condition::none};
  }
  if (operation == "GetItem") {
    const bool digest = body["Key"]["LockID"]["S"].get<std::string>().ends_with("-md5");
    return DynamoDb::GetItem{digest ? DynamoDb::Item::digest : DynamoDb::Item::lock,
                             body.value("ConsistentRead", false) ? std::uint16_t{1} : std::uint16_t{0}};
  }
  DynamoDb::DeleteLock remove;
  if (conditional) {
    remove.condition = DynamoDb::Condition::info_unchanged;
    remove.expected = info_of(body["ExpressionAttributeValues"][":i"]["S"]);
  }
  return remove;
}

// What the recorded body says of the item must be what the model returns.
void expect_item(const nlohmann::json& line, const DynamoDb::Response& response) {
  const auto body = nlohmann::json::parse(line["response"]["body"].get<std::string>());
  LockInfo lock;
  StateSnapshot digest;
  if (body.contains("Item") && body["Item"].contains("Info")) lock = info_of(body["Item"]["Info"]["S"]);
  if (body.contains("Item") && body["Item"].contains("Digest"))
    digest = digest_of(body["Item"]["Digest"]["S"]);
  EXPECT_TRUE(lock == response.lock && digest == response.digest) << line["step"];
}

class DynamoDbTranscript : public testing::TestWithParam<const char*> {};

TEST_P(DynamoDbTranscript, IsAnsweredAlike) {
  const DynamoDb model;
  DynamoDb::Value value = model.initial();
  int compared = 0;
  int out_of_scope = 0;
  for (const auto& line : transcript_lines(GetParam())) {
    if (line["kind"] != "http") continue;
    if (kOutOfDynamoDbScope.contains(line["step"])) {
      ++out_of_scope;
      continue;
    }
    const auto request = to_request(line);
    EXPECT_EQ(model.alternatives(value, request), 1U);
    const DynamoDb::Response response = model.apply(value, 0, request, 0).response;
    const bool failed = line["response"]["body"].get<std::string>().find("ConditionalCheckFailedException") !=
                        std::string::npos;
    EXPECT_EQ(response.status == DynamoDb::Status::conditional_check_failed, failed) << line["step"];
    EXPECT_EQ(response.status == DynamoDb::Status::ok ? 200 : 400, line["response"]["status"].get<int>())
        << line["step"];
    if (!failed && std::holds_alternative<DynamoDb::GetItem>(request)) expect_item(line, response);
    ++compared;
  }
  EXPECT_EQ(compared, 12);
  EXPECT_EQ(out_of_scope, 9);
}

INSTANTIATE_TEST_SUITE_P(Servers, DynamoDbTranscript,
                         testing::Values("dynalite.jsonl", "dynamodb-local.jsonl"));

}  // namespace
}  // namespace lockstorm::models
