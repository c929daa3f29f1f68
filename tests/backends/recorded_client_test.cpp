// The modelled Terraform client sends what the real one was recorded to send, in order, with the same
// conditions.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "models/backends/s3.hpp"
#include "scenarios/backends/s3.hpp"
#include "scenarios/world/world.hpp"
#include "sim/run/simulator.hpp"
#include "tests/transcript.hpp"

namespace lockstorm {
namespace {

using models::DynamoDb;
using models::S3;

// One request and its answer, as both the recording and the model can say it.
struct Exchange {
  std::string request;
  int status = 0;
  friend bool operator==(const Exchange&, const Exchange&) = default;
};
std::ostream& operator<<(std::ostream& out, const Exchange& exchange) {
  return out << exchange.request << " -> " << exchange.status;
}

Exchange recorded_s3(const nlohmann::json& line) {
  const std::string target = line["request"]["target"];
  const std::string method = line["request"]["method"];
  const bool lockfile = target.find(".tflock") != std::string::npos;
  const int status = line["response"]["status"];
  std::string text = method + (target.find("list-type=2") != std::string::npos ? " list"
                               : lockfile                                      ? " tflock"
                                                                               : " state");
  if (line["request"]["headers"].contains("if-none-match")) text += " If-None-Match";
  return {text, status == 206 ? 200 : status};
}

Exchange recorded_dynamodb(const nlohmann::json& line) {
  const std::string target = line["request"]["headers"]["x-amz-target"];
  const auto body = nlohmann::json::parse(line["request"]["body"].get<std::string>());
  const std::string key = body.contains("Key") ? body["Key"]["LockID"]["S"] : body["Item"]["LockID"]["S"];
  std::string text = target.substr(target.find('.') + 1) + (key.ends_with("-md5") ? " digest" : " lock");
  if (body.contains("ConditionExpression")) text += " if " + body["ConditionExpression"].get<std::string>();
  if (body.value("ConsistentRead", false)) text += " consistent";
  return {text, line["response"]["status"]};
}

Exchange modelled_s3(const S3::Request& request, const S3::Response& response) {
  std::string text;
  if (const auto* put = std::get_if<S3::PutState>(&request)) {
    text = put->condition == S3::Condition::none ? "PUT state" : "PUT state with a condition";
  } else if (const auto* lock = std::get_if<S3::PutLock>(&request)) {
    text = lock->condition == S3::Condition::if_none_match_any ? "PUT tflock If-None-Match" : "PUT tflock";
  } else if (const auto* get = std::get_if<S3::GetObject>(&request)) {
    text = get->key == S3::Object::state ? "GET state" : "GET tflock";
  } else if (std::holds_alternative<S3::HeadObject>(request)) {
    text = "HEAD state";
  } else if (std::holds_alternative<S3::DeleteLock>(request)) {
    text = "DELETE tflock";
  } else if (std::holds_alternative<S3::ListWorkspaces>(request)) {
    text = "GET list";
  }
  return {text, static_cast<int>(response.status)};
}

Exchange modelled_dynamodb(const DynamoDb::Request& request, const DynamoDb::Response& response) {
  std::string text;
  if (const auto* put = std::get_if<DynamoDb::PutLock>(&request)) {
    text = put->condition == DynamoDb::Condition::attribute_not_exists
               ? "PutItem lock if attribute_not_exists(LockID)"
               : "PutItem lock";
  } else if (std::holds_alternative<DynamoDb::PutDigest>(request)) {
    text = "PutItem digest";
  } else if (const auto* get = std::get_if<DynamoDb::GetItem>(&request)) {
    text = get->item == DynamoDb::Item::lock ? "GetItem lock" : "GetItem digest";
    if (get->consistent_read != 0) text += " consistent";
  } else if (const auto* remove = std::get_if<DynamoDb::DeleteLock>(&request)) {
    text = remove->condition == DynamoDb::Condition::none ? "DeleteItem lock"
                                                          : "DeleteItem lock with a condition";
  }
  return {text, response.status == DynamoDb::Status::ok ? 200 : 400};
}

// Lines `first..last` of a recording with the actor of each: A, B, C are applies, O the operator's
// force-unlock.
struct Segment {
  std::size_t first;
  std::size_t last;
  std::string_view actors;
};

// Drives the world so that its actors' requests take effect in the recorded order.
class Conformance {
 public:
  Conformance(const scenarios::Scenario& scenario, std::size_t services)
      : world_(scenarios::build_world(scenario)),
        simulator_(world_->spec, values_, world_->monitors),
        services_(services) {}

  // The next request of `actor` to one of the recorded services; its local steps and cloud calls are taken on
  // the way.
  std::pair<std::uint8_t, Exchange> next(char actor) {
    const sim::Slot slot = actor == 'O' ? static_cast<sim::Slot>(world_->spec.process_count() - 1)
                                        : static_cast<sim::Slot>(actor - 'A');
    for (int guard = 0; guard < 200; ++guard) {
      const auto& enabled = simulator_.enabled();
      std::size_t chosen = enabled.size();
      for (std::size_t i = 0; i < enabled.size() && chosen == enabled.size(); ++i) {
        const bool usual =
            enabled[i].move.fault == sim::kNoFault && enabled[i].move.kind != sim::MoveKind::deadline;
        if (enabled[i].slot == slot && usual) chosen = i;
      }
      if (chosen == enabled.size()) return {0, {"nothing more to do", 0}};
      const sim::StepRecord record = simulator_.take(chosen);
      if (!record.step.move.is_effect() || record.service >= services_) continue;
      if (record.service == 0) {
        return {0, modelled_s3(values_.get<S3::Request>(record.request),
                               values_.get<S3::Response>(record.response))};
      }
      return {1, modelled_dynamodb(values_.get<DynamoDb::Request>(record.request),
                                   values_.get<DynamoDb::Response>(record.response))};
    }
    return {0, {"goes round and round", 0}};
  }

 private:
  std::unique_ptr<scenarios::World> world_;
  sim::ValuePool values_;
  sim::Simulator simulator_;
  std::size_t services_;
};

scenarios::Scenario scenario_of(bool dynamodb, bool first_apply, bool waits, bool force_unlock) {
  scenarios::Scenario scenario;
  scenarios::S3Config s3;
  s3.dynamodb_table = dynamodb;
  s3.use_lockfile = !dynamodb;
  scenario.backend = s3;
  scenario.client.tool = models::Dialect::terraform;
  scenario.client.count = 3;
  if (waits) scenario.client.lock_timeout = std::chrono::seconds(30);
  if (first_apply) scenario.initial = scenarios::InitialState::empty;
  if (force_unlock) {
    scenario.force_unlock.force_unlock = 1;
    scenario.force_unlock.target = models::UnlockTarget::any;
  }
  return scenario;
}

struct LockfileCase {
  const char* name;
  Segment segment;
  bool first_apply = false;
  bool waits = false;
  bool force_unlock = false;
};

constexpr std::array<LockfileCase, 5> kLockfileCases{{
    {"first apply", {7, 13, "AAAAAAA"}, true, false, false},
    {"contention", {14, 23, "AAAABBBAAA"}, false, false, false},
    {"waiting", {27, 44, "AAAABBBBBAAABBBBBB"}, false, true, false},
    {"force-unlock of a live holder", {45, 63, "AAAABBBOOOCCCCCCCAA"}, false, false, true},
    {"force-unlock of a killed holder", {67, 76, "AAAABBBOOO"}, false, false, true},
}};

TEST(RecordedClient, S3LockfileSendsWhatTerraformSent) {
  const auto lines = http_lines("client-terraform-1.11.4-s3-lockfile-on-ceph-radosgw.jsonl");
  ASSERT_EQ(lines.size(), 76U);
  std::size_t compared = 0;
  for (const LockfileCase& item : kLockfileCases) {
    SCOPED_TRACE(item.name);
    Conformance model(scenario_of(false, item.first_apply, item.waits, item.force_unlock), 1);
    bool operator_looked = false;
    for (std::size_t seq = item.segment.first; seq <= item.segment.last; ++seq, ++compared) {
      const char actor = item.segment.actors[seq - item.segment.first];
      if (actor == 'O' && !std::exchange(operator_looked, true))
        model.next('O');  // a person reads the id on a screen
      EXPECT_EQ(model.next(actor).second, recorded_s3(lines[seq - 1])) << "line " << seq;
    }
  }
  EXPECT_EQ(compared, 64U);  // the other 12 lines are `init` and `show`: commands of a later issue
}

struct TableCase {
  const char* name;
  Segment s3;
  Segment dynamodb;
  bool first_apply = false;
  bool waits = false;
  bool force_unlock = false;
};

constexpr std::array<TableCase, 5> kTableCases{{
    {"first apply", {7, 10, "AAAA"}, {3, 8, "AAAAAA"}, true, false, false},
    {"contention", {11, 15, "AAABA"}, {9, 15, "AABBAAA"}, false, false, false},
    {"waiting", {19, 26, "AAABABBB"}, {17, 30, "AABBBBAAABBBBB"}, false, true, false},
    {"force-unlock of a live holder", {27, 36, "AAABOCCCCA"}, {31, 43, "AABBOOCCCCCAA"}, false, false, true},
    {"force-unlock of a killed holder", {40, 44, "AAABO"}, {45, 50, "AABBOO"}, false, false, true},
}};

TEST(RecordedClient, S3WithDynamoDbSendsWhatTerraformSent) {
  const auto s3_lines = http_lines("client-terraform-1.11.4-s3-dynamodb-s3-part.jsonl");
  const auto table_lines = http_lines("client-terraform-1.11.4-s3-dynamodb-dynamodb-part.jsonl");
  ASSERT_EQ(s3_lines.size(), 44U);
  ASSERT_EQ(table_lines.size(), 50U);
  std::size_t compared = 0;
  for (const TableCase& item : kTableCases) {
    SCOPED_TRACE(item.name);
    Conformance model(scenario_of(true, item.first_apply, item.waits, item.force_unlock), 2);
    // The two recordings have clocks of their own: the table's order is followed, S3 is compared per actor.
    std::map<char, std::vector<Exchange>> s3_expected;
    std::map<char, std::vector<Exchange>> s3_sent;
    for (std::size_t seq = item.s3.first; seq <= item.s3.last; ++seq, ++compared) {
      s3_expected[item.s3.actors[seq - item.s3.first]].push_back(recorded_s3(s3_lines[seq - 1]));
    }
    bool operator_looked = false;
    for (std::size_t seq = item.dynamodb.first; seq <= item.dynamodb.last; ++seq, ++compared) {
      const char actor = item.dynamodb.actors[seq - item.dynamodb.first];
      if (actor == 'O' && !std::exchange(operator_looked, true)) model.next('O');
      auto [service, exchange] = model.next(actor);
      for (int guard = 0; guard < 10 && service == 0; ++guard) {
        s3_sent[actor].push_back(exchange);
        std::tie(service, exchange) = model.next(actor);
      }
      EXPECT_EQ(exchange, recorded_dynamodb(table_lines[seq - 1])) << "line " << seq;
    }
    EXPECT_EQ(s3_sent, s3_expected);
  }
  EXPECT_EQ(compared, 32U + 46U);  // the others are `init` and `show`
}

}  // namespace
}  // namespace lockstorm
