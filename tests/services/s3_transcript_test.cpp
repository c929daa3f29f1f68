// The S3 model answers as a recorded Ceph radosgw did, with the dials its deviations need
// (server-semantics.md 3.3).
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "models/services/s3.hpp"
#include "tests/transcript.hpp"

namespace lockstorm::models {
namespace {

S3Promises radosgw() {
  S3Promises promises;
  promises.versioned_conditional_puts = false;
  promises.suspended_conditional_puts = false;
  promises.missing_key_if_match_is_412 = true;
  promises.if_match_recognises_etags = false;
  promises.honours_delete_if_match = false;
  return promises;
}

// Requests that the model has no words for, each with the reason.
const std::map<std::string, std::string> kOutOfS3Scope{
    {"lock-put-if-none-match-etag-form", "no client sends If-None-Match with an ETag"},
    {"get-if-none-match-same-etag", "no client reads conditionally"},
    {"get-if-match-stale", "no client reads conditionally"},
    {"put-wrong-content-md5", "bodies are values here, they are not damaged on the way"},
    {"list-prefix", "the key listed is no workspace prefix"},
    {"v-get-old-version", "no client names versions"},
    {"list-versions", "no client names versions"},
};

// One model per object key, as many buckets as the recording has.
class S3Replay {
 public:
  // The model's status, or 0 for bucket administration.
  int operator()(const nlohmann::json& line) {
    const auto& request = line["request"];
    const std::string target = request["target"];
    const std::string method = request["method"];
    if (target.find('/', 1) == std::string::npos) {
      if (target.find("?versioning") != std::string::npos) set_versioning(request["body"]);
      if (method == "PUT" && target.find('?') == std::string::npos)
        model_.promises = radosgw();  // a new bucket
      return 0;
    }
    const bool lockfile = target.ends_with(".tflock");
    S3::Value& value = objects_[target];
    const auto effect = model_.apply(value, 0, to_request(method, lockfile, request), 0);
    if (method == "PUT" && effect.response.status == S3::Status::ok &&
        line["response"]["headers"].contains("etag")) {
      etags_[line["response"]["headers"]["etag"].get<std::string>()] = value.state;
    }
    if (method == "GET" && effect.response.status == S3::Status::ok) {
      const std::string body = line["response"]["body"];
      EXPECT_EQ(
          lockfile ? lock_of(body).id == effect.response.lock.id : state_of(body) == effect.response.state,
          true)
          << line["step"];
    }
    return static_cast<int>(effect.response.status);
  }

  // How many of `contenders` create the object, one after the other in whatever order.
  int winners(int contenders) {
    S3::Value value;
    int won = 0;
    for (int i = 0; i < contenders; ++i) {
      const LockInfo info{{sim::Who::process(static_cast<sim::Slot>(i)), 0}, LockOperation::apply};
      won += model_.apply(value, 0, S3::PutLock{info, S3::Condition::if_none_match_any}, 0).response.status ==
                     S3::Status::ok
                 ? 1
                 : 0;
    }
    return won;
  }

 private:
  static LockInfo lock_of(const std::string& body) {
    const char id = body.size() == 1 ? body[0] : body.at(7);  // `A` or `{"ID":"A"}`
    return {{sim::Who::process(static_cast<sim::Slot>(id - 'A')), 0}, LockOperation::apply};
  }
  static StateSnapshot state_of(const std::string& body) {
    StateSnapshot state;
    state.serial =
        body.starts_with("{") ? nlohmann::json::parse(body)["serial"].get<std::uint8_t>() : std::uint8_t{99};
    return state;
  }
  StateSnapshot etag_of(const nlohmann::json& headers) const {
    const auto known = etags_.find(headers["If-Match"].get<std::string>());
    StateSnapshot never;
    never.serial = 255;
    return known == etags_.end() ? never : known->second;
  }

  S3::Request to_request(const std::string& method, bool lockfile, const nlohmann::json& request) const {
    const auto& headers = request["headers"];
    const std::string body = request["body"];
    const auto key = lockfile ? S3::Object::lockfile : S3::Object::state;
    if (method == "GET") return S3::GetObject{key};
    if (method == "HEAD") return S3::HeadObject{key};
    auto condition = S3::Condition::none;
    if (headers.contains("If-None-Match")) condition = S3::Condition::if_none_match_any;
    if (headers.contains("If-Match")) condition = S3::Condition::if_match;
    const StateSnapshot etag = condition == S3::Condition::if_match ? etag_of(headers) : StateSnapshot{};
    if (method == "PUT")
      return lockfile ? S3::Request(S3::PutLock{lock_of(body), condition})
                      : S3::Request(S3::PutState{state_of(body), etag, condition});
    return lockfile ? S3::Request(S3::DeleteLock{{}, {}, condition})
                    : S3::Request(S3::DeleteState{etag, condition});
  }

  void set_versioning(const std::string& body) {
    model_.promises.versioning =
        body.find("Enabled") != std::string::npos ? Versioning::enabled : Versioning::suspended;
  }

  S3 model_{radosgw(), true, {}};
  std::map<std::string, S3::Value> objects_;
  std::map<std::string, StateSnapshot> etags_;
};

struct Count {
  int compared = 0;
  int administration = 0;
  int out_of_scope = 0;
  int races = 0;
};

Count compare_recording(const std::string& file) {
  Count count;
  S3Replay replay;
  for (const auto& line : transcript_lines(file)) {
    if (line["kind"] == "race" && line["step"].get<std::string>().find("race-create") != std::string::npos) {
      const std::string winners = line["rounds_by_number_of_winners"].begin().key();
      EXPECT_EQ(std::to_string(replay.winners(line["contenders"])), winners) << line["step"];
      ++count.races;
    }
    if (line["kind"] != "http") continue;
    if (kOutOfS3Scope.contains(line["step"])) {
      ++count.out_of_scope;
      continue;
    }
    const int status = replay(line);
    if (status == 0) {
      ++count.administration;
      continue;
    }
    EXPECT_EQ(status, line["response"]["status"].get<int>())
        << file << " " << line["seq"] << " " << line["step"];
    ++count.compared;
  }
  return count;
}

TEST(S3Transcript, CephRadosgw) {
  const Count count = compare_recording("ceph-radosgw.jsonl");
  EXPECT_EQ(count.compared, 23);
  EXPECT_EQ(count.administration, 3);
  EXPECT_EQ(count.out_of_scope, 7);
}

TEST(S3Transcript, CephRadosgwVersioning) {
  const Count count = compare_recording("ceph-radosgw-versioning.jsonl");
  EXPECT_EQ(count.compared, 24);
  EXPECT_EQ(count.administration, 6);
  EXPECT_EQ(count.out_of_scope, 0);
  EXPECT_EQ(count.races, 3);
}

// No recorded server has answered so; AWS documents it.
TEST(S3, ADeleteThatComesInBetweenMayBeAConflict) {
  S3 s3;
  s3.promises.conflicts = 1;
  S3::Value value = s3.initial();
  const LockInfo a{{sim::Who::process(0), 0}, LockOperation::apply};
  const LockInfo b{{sim::Who::process(1), 0}, LockOperation::apply};
  const S3::Request put_b = S3::PutLock{b, S3::Condition::if_none_match_any};
  EXPECT_EQ(s3.alternatives(value, put_b), 1U);  // there was never anything to delete
  EXPECT_EQ(s3.apply(value, 0, S3::PutLock{a, S3::Condition::if_none_match_any}, 0).response.status,
            S3::Status::ok);
  EXPECT_EQ(s3.alternatives(value, put_b), 1U);
  EXPECT_EQ(s3.apply(value, 0, S3::DeleteLock{a.id, {}, S3::Condition::none}, 0).response.status,
            S3::Status::no_content);
  ASSERT_EQ(s3.alternatives(value, put_b), 2U);
  S3::Value again = value;
  EXPECT_EQ(s3.apply(again, 0, S3::PutLock{a, S3::Condition::if_none_match_any}, 1).response.status,
            S3::Status::ok);  // its own delete was over
  EXPECT_EQ(s3.apply(value, 1, put_b, 1).response.status, S3::Status::conflict);
  EXPECT_EQ(s3.alternatives(value, put_b), 1U);
  EXPECT_EQ(s3.apply(value, 1, put_b, 0).response.status, S3::Status::ok);
}

}  // namespace
}  // namespace lockstorm::models
