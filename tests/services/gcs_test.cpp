// Cloud Storage: preconditions are evaluated with the write, and no generation comes twice
// (backend-protocols.md 4.5).
#include "models/services/gcs.hpp"

#include <gtest/gtest.h>

#include "checkers/tags.hpp"
#include "tests/services/names.hpp"

namespace lockstorm::models {
namespace {

using Match = Gcs::Match;

constexpr Match kAbsent{Match::kAbsent, Match::kAny};

class GcsTest : public testing::Test {
 protected:
  using Status = Gcs::Status;

  Gcs::Response ask(const Gcs::Request& request) {
    const auto effect = gcs.apply(value, 0, request);
    last_tags = effect.tags;
    return effect.response;
  }

  Gcs gcs;
  Gcs::Value value = gcs.initial();
  sim::Tags last_tags = 0;
};

TEST_F(GcsTest, OnlyTheFirstInsertWins) {
  const auto first = ask(Gcs::InsertLock{kInfoA, kAbsent});
  EXPECT_EQ(first.status, Status::ok);
  EXPECT_EQ(first.generation, 1);
  EXPECT_EQ(ask(Gcs::InsertLock{kInfoB, kAbsent}).status, Status::precondition_failed);
  EXPECT_EQ(ask(Gcs::GetMedia{Gcs::Object::lock}).lock, kInfoA);
  EXPECT_EQ(gcs.holders(value), 1U);
}

TEST_F(GcsTest, NoGenerationComesTwice) {
  const auto first = ask(Gcs::InsertLock{kInfoA, kAbsent}).generation;
  EXPECT_EQ(ask(Gcs::DeleteLock{{first}}).status, Status::no_content);
  EXPECT_EQ(ask(Gcs::DeleteLock{{first}}).status, Status::not_found);
  const auto second = ask(Gcs::InsertLock{kInfoA, kAbsent}).generation;  // the very same text
  EXPECT_NE(first, second);
  EXPECT_EQ(ask(Gcs::DeleteLock{{first}}).status, Status::precondition_failed);
  EXPECT_EQ(ask(Gcs::GetAttributes{Gcs::Object::lock}).generation, second);
}

TEST_F(GcsTest, MetagenerationsCountWithinAGeneration) {
  const auto lock = ask(Gcs::InsertLock{kInfoA, kAbsent});
  EXPECT_EQ(lock.metageneration, 1);
  EXPECT_EQ(ask(Gcs::PatchLock{{lock.generation, 1}}).metageneration, 2);
  EXPECT_EQ(ask(Gcs::PatchLock{{lock.generation, 1}}).status, Status::precondition_failed);
  EXPECT_EQ(ask(Gcs::DeleteLock{{lock.generation, 1}}).status, Status::precondition_failed);
  EXPECT_EQ(ask(Gcs::DeleteLock{{lock.generation, 2}}).status, Status::no_content);
  EXPECT_EQ(ask(Gcs::PatchLock{}).status, Status::not_found);
  EXPECT_EQ(ask(Gcs::InsertLock{kInfoB, kAbsent}).metageneration, 1);
}

TEST_F(GcsTest, AnUnconditionalInsertStealsTheLock) {
  ask(Gcs::InsertLock{kInfoA, kAbsent});
  EXPECT_EQ(ask(Gcs::InsertLock{kInfoB, {}}).status, Status::ok);
  EXPECT_EQ(last_tags, checkers::kTouchesForeignLock);
  EXPECT_EQ(gcs.holders(value), 2U);
}

TEST_F(GcsTest, StateIsUnfencedUnlessAsked) {
  const auto fenced = [](std::uint8_t serial, const StateSnapshot& over) {
    return Gcs::InsertState{version(serial), over, Gcs::Condition::if_generation_match};
  };
  EXPECT_EQ(ask(fenced(1, {})).status, Status::ok);
  EXPECT_EQ(ask(fenced(2, {})).status, Status::precondition_failed);
  EXPECT_EQ(ask(fenced(2, version(1))).status, Status::ok);
  EXPECT_EQ(ask(fenced(3, version(1))).status, Status::precondition_failed);
  EXPECT_EQ(last_tags, 0);
  EXPECT_EQ(ask(Gcs::InsertState{version(1)}).status, Status::ok);
  EXPECT_EQ(last_tags, checkers::kWritesState | checkers::kSerialWentBack);
  EXPECT_EQ(ask(Gcs::GetMedia{}).state, version(1));
  EXPECT_EQ(ask(Gcs::DeleteState{}).status, Status::no_content);
  EXPECT_EQ(ask(Gcs::GetMedia{}).status, Status::not_found);
  EXPECT_EQ(ask(Gcs::GetAttributes{}).status, Status::not_found);
}

}  // namespace
}  // namespace lockstorm::models
