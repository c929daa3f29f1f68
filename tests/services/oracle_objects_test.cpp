// Oracle's object storage: entity-tag preconditions on writes, reads and deletes (backend-protocols.md 3.15).
#include "models/services/oracle_objects.hpp"

#include <gtest/gtest.h>

#include "checkers/tags.hpp"

namespace lockstorm::models {
namespace {

using Condition = OracleObjects::Condition;
using Object = OracleObjects::Object;
using Status = OracleObjects::Status;

constexpr LockInfo kA{{sim::Who::process(0), 0}, LockOperation::apply};
constexpr LockInfo kB{{sim::Who::process(1), 0}, LockOperation::apply};

StateSnapshot version(std::uint8_t serial) {
  StateSnapshot state;
  state.serial = serial;
  return state;
}

class OracleObjectsTest : public testing::Test {
 protected:
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
  EXPECT_EQ(ask(OracleObjects::PutLock{kA, Condition::if_none_match_any}).status, Status::ok);
  EXPECT_EQ(ask(OracleObjects::PutLock{kB, Condition::if_none_match_any}).status,
            Status::precondition_failed);
  EXPECT_EQ(ask(OracleObjects::GetLock{}).lock, kA);
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
  ask(OracleObjects::PutLock{kA, Condition::if_none_match_any});
  const auto first = ask(OracleObjects::GetLock{}).etag;
  EXPECT_EQ(ask(OracleObjects::DeleteObject{kA.id, Object::lock, first}).status, Status::no_content);
  EXPECT_EQ(ask(OracleObjects::DeleteObject{kA.id, Object::lock, first}).status, Status::not_found);
  ask(OracleObjects::PutLock{kA, Condition::if_none_match_any});  // the very same text
  EXPECT_EQ(ask(OracleObjects::DeleteObject{kA.id, Object::lock, first}).status, Status::precondition_failed);
  EXPECT_FALSE(ask(OracleObjects::GetLock{}).lock.empty());
}

TEST_F(OracleObjectsTest, ADeleteWithoutATagTakesAnybodysLock) {
  ask(OracleObjects::PutLock{kB, Condition::none});
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
