// What a provider keeps states in (backend-protocols.md 3.15).
#include "models/services/provider_store.hpp"

#include <gtest/gtest.h>

#include "checkers/tags.hpp"
#include "tests/services/names.hpp"

namespace lockstorm::models {
namespace {

class ProviderStoreTest : public testing::Test {
 protected:
  using Status = ProviderStore::Status;

  ProviderStore::Response ask(const ProviderStore::Request& request) {
    const auto effect = store.apply(value, 0, request);
    last_tags = effect.tags;
    return effect.response;
  }
  ProviderStore store;
  ProviderStore::Value value = store.initial();
  sim::Tags last_tags = 0;
};

TEST_F(ProviderStoreTest, HasOneLockAndShowsItsHolder) {
  EXPECT_EQ(ask(ProviderStore::CreateLock{kInfoA}).status, Status::ok);
  const auto refused = ask(ProviderStore::CreateLock{kInfoB});
  EXPECT_EQ(refused.status, Status::locked);
  EXPECT_EQ(refused.lock, kInfoA);
  EXPECT_EQ(ask(ProviderStore::ReadLock{}).lock, kInfoA);
  EXPECT_EQ(store.holders(value), 1U);
}

TEST_F(ProviderStoreTest, ALockGoesByItsIdUnlessNobodyLooks) {
  ask(ProviderStore::CreateLock{kInfoA});
  EXPECT_EQ(ask(ProviderStore::DeleteLock{kIdB}).status, Status::not_locked);
  EXPECT_EQ(ask(ProviderStore::DeleteLock{kIdA}).status, Status::ok);
  EXPECT_FALSE(last_tags & checkers::kTouchesForeignLock);
  EXPECT_EQ(ask(ProviderStore::DeleteLock{kIdA}).status, Status::not_locked);
  ask(ProviderStore::CreateLock{kInfoA});
  EXPECT_EQ(ask(ProviderStore::DeleteLock{kIdB, 0}).status, Status::ok);
  EXPECT_TRUE(last_tags & checkers::kTouchesForeignLock);
}

TEST_F(ProviderStoreTest, ALockThatIsCreatedBlindlyTakesThePlaceOfAnother) {
  ask(ProviderStore::CreateLock{kInfoA});
  EXPECT_EQ(ask(ProviderStore::CreateLock{kInfoB, 0}).status, Status::ok);
  EXPECT_TRUE(last_tags & checkers::kTouchesForeignLock);
  EXPECT_EQ(value.lock, kInfoB);
  EXPECT_EQ(ask(ProviderStore::CreateLock{kInfoB, 0}).status, Status::ok) << "its own, once more";
  EXPECT_FALSE(last_tags & checkers::kTouchesForeignLock);
}

TEST_F(ProviderStoreTest, AWriteUnderALockNeedsThatLock) {
  ProviderStore::WriteState write;
  write.state = version(1);
  write.needs_lock = 1;
  EXPECT_EQ(ask(write).status, Status::ok) << "nobody has locked";
  ask(ProviderStore::CreateLock{kInfoA});
  EXPECT_EQ(ask(write).status, Status::not_locked);
  write.lock = kIdB;
  EXPECT_EQ(ask(write).status, Status::not_locked);
  write.lock = kIdA;
  EXPECT_EQ(ask(write).status, Status::ok);
}

TEST_F(ProviderStoreTest, AFencedWriteNeedsTheVersionThatWasRead) {
  EXPECT_EQ(ask(ProviderStore::WriteState{version(1), {}, 1}).status, Status::ok);
  EXPECT_EQ(ask(ProviderStore::WriteState{version(2), {}, 1}).status, Status::version_passed);
  EXPECT_EQ(ask(ProviderStore::WriteState{version(2), version(1), 1}).status, Status::ok);
  EXPECT_EQ(ask(ProviderStore::WriteState{version(1), version(9), 0}).status, Status::ok);
  EXPECT_TRUE(last_tags & checkers::kSerialWentBack);
  EXPECT_EQ(ask(ProviderStore::ReadState{}).state, version(1));
}

TEST_F(ProviderStoreTest, RefusesWithAnError) {
  EXPECT_EQ(ProviderStore::refuse(ProviderStore::ReadState{}, sim::Refusal::throttled).status,
            Status::throttled);
  EXPECT_EQ(ProviderStore::refuse(ProviderStore::ReadState{}, sim::Refusal::server_error).status,
            Status::failed);
}

}  // namespace
}  // namespace lockstorm::models
