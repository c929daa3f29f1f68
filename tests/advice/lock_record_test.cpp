// What is read of a lock, from every form in which people have it in hand.
#include "scenarios/advice/lock_record.hpp"

#include <gtest/gtest.h>

namespace lockstorm::scenarios {
namespace {

constexpr std::string_view kInfo =
    R"({"ID":"0f1d2c3b-aaaa-bbbb-cccc-0123456789ab","Operation":"OperationTypeApply","Info":"s3cr3t",)"
    R"("Who":"ci@runner-7","Version":"1.11.4","Created":"2026-11-29T10:11:12.5Z","Path":"b/k"})";

LockRecord read(std::string_view text) {
  const auto record = parse_lock_record(text, "f");
  EXPECT_TRUE(record) << (record ? "" : record.error().render());
  return record.value_or(LockRecord{});
}

void expect_the_lock(const LockRecord& record) {
  EXPECT_EQ(record.id, "0f1d2c3b-aaaa-bbbb-cccc-0123456789ab");
  EXPECT_EQ(record.who, "ci@runner-7");
  EXPECT_EQ(record.version, "1.11.4");
  EXPECT_EQ(record.path, "b/k");
  EXPECT_EQ(record.command(), models::Command::apply);
  ASSERT_TRUE(record.created);
  EXPECT_EQ(timestamp_text(*record.created), "2026-11-29 10:11:12 UTC");
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\\\"") : std::string(1, c);
  return out + "\"";
}

// What stands in a frame, as a terminal shows it.
TEST(LockRecord, IsReadFromTheMessage) {
  expect_the_lock(read(
      "\x1b[31m╷\x1b[0m\n│ Error: Error acquiring the state lock\n│ \n"
      "│ Error message: operation error S3: PutObject, 412\n│ Lock Info:\n"
      "│   ID:        0f1d2c3b-aaaa-bbbb-cccc-0123456789ab\n│   Path:      b/k\n"
      "│   Operation: OperationTypeApply\n│   Who:       ci@runner-7\n"
      "│   Version:   1.11.4\n│   Created:   2026-11-29 10:11:12.5 +0000 UTC\n│   Info:      \n│ \n╵\n"));
}

TEST(LockRecord, IsReadFromEveryStore) {
  const std::string info(kInfo);
  expect_the_lock(read(info));
  expect_the_lock(read(R"({"Item": {"LockID": {"S": "b/k"}, "Info": {"S": )" + in_quotes(info) + "}}}"));
  expect_the_lock(read(R"({"LockID": {"S": "b/k"}, "Info": {"S": )" + in_quotes(info) + "}}"));
  const LockRecord lease =
      read(R"({"kind": "Lease", "metadata": {"name": "lock-tfstate-default-s", "namespace": "infra",)"
           R"("annotations": {"app.terraform.io/lock-info": )" +
           in_quotes(info) + R"(}}, "spec": {"holderIdentity": "x"}})");
  expect_the_lock(lease);
  EXPECT_EQ(lease.lease, "lock-tfstate-default-s");
  EXPECT_EQ(lease.name_space, "infra");
}

TEST(LockRecord, IsReadFromBase64) {
  const std::string encoded = "eyJJRCI6ImFiYy0xIiwiT3BlcmF0aW9uIjoic3RhdGUtcHVzaCJ9";  // {"ID":"abc-1",...}
  for (const std::string& text :
       {R"([{"Value": ")" + encoded + R"("}])",
        R"({"lease": {}, "metadata": {"terraformlockid": ")" + encoded + R"("}})"}) {
    const LockRecord record = read(text);
    EXPECT_EQ(record.id, "abc-1");
    EXPECT_EQ(record.command(), models::Command::state_push);
  }
}

TEST(LockRecord, OfCloudStorageIsAGeneration) {
  EXPECT_EQ(read(R"({"generation": "1764412345678901", "name": "p/default.tflock"})").id, "1764412345678901");
  EXPECT_EQ(read(R"({"generation": 1764412345678901})").id, "1764412345678901");
}

// The http backend shows the refused job's own id under `Lock Info`.
TEST(LockRecord, TakesTheHoldersIdFromTheFirstLine) {
  const LockRecord record = read(
      "Error message: HTTP remote state already locked: ID=holder-1\nLock Info:\n"
      "  ID:        own-2\n  Who: me@here\n");
  EXPECT_EQ(record.id, "holder-1");
  EXPECT_EQ(record.who, "");
  EXPECT_TRUE(record.from_message);
}

TEST(LockRecord, OfALogIsTheLastOne) {
  EXPECT_EQ(read("ID: first\nWho: a@b\nID: second\n").id, "second");
  EXPECT_EQ(read("ID: first\nWho: a@b\nID: second\n").who, "");
}

TEST(LockRecord, TellsNothingThatNoToolWrites) {
  const LockRecord record = read(R"({"ID": "a", "Who": "ci:hunter2@host", "Operation": "apply\u001b[31m",)"
                                 R"("Version": "1 password=x", "Info": "hunter2"})");
  EXPECT_EQ(record.who, "");
  EXPECT_EQ(record.operation, "");
  EXPECT_EQ(record.version, "");
}

TEST(LockRecord, SaysWhereItIsBroken) {
  const auto broken = parse_lock_record("\n{\"ID\": \"a\",\n  \"Who\" 1}", "f");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().where, (SourceLocation{"f", 3, 9}));
}

TEST(LockRecord, RefusesWhatIsNoLock) {
  for (const std::string_view text :
       {"", "no lock here", "{}", "[]", "[1]", "7", "{\"ID\": 7}", "{\"ID\": \"-force\"}", "ID: -force",
        "{\"ID\": \"a; rm -rf /\"}", "{\"ID\": \"$(id)\"}", "[{\"Value\": \"%%%\"}]",
        "{\"generation\": -1}"}) {
    const auto record = parse_lock_record(text, "f");
    EXPECT_FALSE(record) << text;
  }
  EXPECT_FALSE(parse_lock_record("ID: " + std::string(300, 'a'), "f"));
}

}  // namespace
}  // namespace lockstorm::scenarios
