// Oracle's object storage: entity-tag preconditions on writes, reads and deletes (backend-protocols.md 3.15).
#include "models/services/oracle_objects.hpp"

#include <gtest/gtest.h>

#include "checkers/tags.hpp"
#include "tests/services/names.hpp"

namespace lockstorm::models {
namespace {

class OracleObjectsTest : public testing::Test {
 protected:
  using Condition = OracleObjects::Condition;
  using Object = OracleObjects::Object;
  using Status = OracleObjects::Status;

  OracleObjects::Response ask(const OracleObjects::Request& request) {
    const auto effect = oci.apply(value, 0, request);
    last_tags = effect.tags;
    return effect.response;
  }
  OracleObjects oci;
  OracleObjects::Value value = oci.initial();
  sim::Tags last_tags = 0;
};

TEST_F(OracleObjectsTest, IfNoneMatchAdmitsOne) {
  EXPECT_EQ(ask(OracleObjects::PutLock{kInfoA, Condition::if_none_match_any}).status, Status::ok);
  EXPECT_EQ(ask(OracleObjects::PutLock{kInfoB, Condition::if_none_match_any}).status,
            Status::precondition_failed);
  EXPECT_EQ(ask(OracleObjects::GetLock{}).lock, kInfoA);
  EXPECT_EQ(oci.holders(value), 1U);
}

TEST_F(OracleObjectsTest, PartsShowWhenTheyAreCommittedAndOnce) {
  EXPECT_EQ(ask(OracleObjects::CommitUpload{version(1)}).status, Status::not_found);
  ask(OracleObjects::CreateUpload{version(1)});
  ask(OracleObjects::UploadPart{1});
  EXPECT_EQ(ask(OracleObjects::HeadState{}).status, Status::not_found);
  EXPECT_EQ(ask(OracleObjects::CommitUpload{version(1)}).status, Status::ok);
  EXPECT_TRUE(last_tags & checkers::kWritesState);
  EXPECT_EQ(ask(OracleObjects::HeadState{}).status, Status::ok);
  EXPECT_EQ(ask(OracleObjects::CommitUpload{version(1)}).status, Status::not_found);
}

TEST_F(OracleObjectsTest, NoEntityTagComesTwice) {
  ask(OracleObjects::PutLock{kInfoA, Condition::if_none_match_any});
  const auto first = ask(OracleObjects::GetLock{}).etag;
  EXPECT_EQ(ask(OracleObjects::DeleteObject{kIdA, Object::lock, first}).status, Status::no_content);
  EXPECT_EQ(ask(OracleObjects::DeleteObject{kIdA, Object::lock, first}).status, Status::not_found);
  ask(OracleObjects::PutLock{kInfoA, Condition::if_none_match_any});  // the very same text
  EXPECT_EQ(ask(OracleObjects::DeleteObject{kIdA, Object::lock, first}).status, Status::precondition_failed);
  EXPECT_FALSE(ask(OracleObjects::GetLock{}).lock.empty());
}

TEST_F(OracleObjectsTest, ADeleteWithoutATagTakesAnybodysLock) {
  ask(OracleObjects::PutLock{kInfoB, Condition::none});
  EXPECT_EQ(ask(OracleObjects::ListVersions{}).lock_listed, 1);
  EXPECT_EQ(ask(OracleObjects::DeleteObject{{}, Object::lock, 0}).status, Status::no_content);
  EXPECT_EQ(last_tags, checkers::kTouchesForeignLock);
}

TEST_F(OracleObjectsTest, AReadNamesTheVersionItWants) {
  oci.initial_state = version(1);
  value = oci.initial();
  const auto old = ask(OracleObjects::HeadState{}).etag;
  EXPECT_EQ(ask(OracleObjects::GetState{old}).state, version(1));
  ask(OracleObjects::PutState{version(2)});
  EXPECT_EQ(ask(OracleObjects::GetState{old}).status, Status::precondition_failed);
  EXPECT_EQ(ask(OracleObjects::GetState{ask(OracleObjects::HeadState{}).etag}).state, version(2));
  EXPECT_EQ(ask(OracleObjects::ListWorkspaces{}).state_listed, 1);
  EXPECT_EQ(ask(OracleObjects::DeleteObject{{}, Object::state, 0}).status, Status::no_content);
  EXPECT_EQ(ask(OracleObjects::HeadState{}).status, Status::not_found);
  EXPECT_EQ(ask(OracleObjects::ListWorkspaces{}).state_listed, 0);
}

TEST_F(OracleObjectsTest, StateIsUnfencedUnlessAsked) {
  EXPECT_EQ(ask(OracleObjects::PutState{version(1), {}, Condition::if_match}).status,
            Status::precondition_failed);
  EXPECT_EQ(ask(OracleObjects::PutState{version(1), {}, Condition::if_none_match_any}).status, Status::ok);
  EXPECT_EQ(ask(OracleObjects::PutState{version(2), {}, Condition::if_none_match_any}).status,
            Status::precondition_failed);
  EXPECT_EQ(ask(OracleObjects::PutState{version(2), version(1), Condition::if_match}).status, Status::ok);
  EXPECT_EQ(ask(OracleObjects::PutState{version(3), version(1), Condition::if_match}).status,
            Status::precondition_failed);
  EXPECT_EQ(ask(OracleObjects::PutState{version(1)}).status, Status::ok);
  EXPECT_EQ(last_tags, checkers::kWritesState | checkers::kSerialWentBack);
}

}  // namespace
}  // namespace lockstorm::models
