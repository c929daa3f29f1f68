// What a write of the state tells the monitors, and that every service asks for it with its caller's name.
#include "models/services/state_write.hpp"

#include <gtest/gtest.h>

#include "models/services/azure_blob.hpp"
#include "models/services/gcs.hpp"
#include "models/services/oracle_objects.hpp"
#include "models/services/s3.hpp"
#include "tests/services/names.hpp"

namespace lockstorm::models {
namespace {

StateSnapshot version_by(sim::Who writer, std::uint8_t serial) {
  StateSnapshot state;
  state.lineage = kWhoA;
  state.writer = writer;
  state.serial = serial;
  return state;
}

TEST(StateWrite, PuttingBackSomebodysStateUnchangedIsNoNewVersion) {
  EXPECT_EQ(state_write_tags(version_by(kWhoA, 3), version_by(kWhoA, 3), kWhoB), 0);
  EXPECT_EQ(state_write_tags(version_by(kWhoA, 3), version_by(kWhoA, 3), kWhoA), checkers::kWritesState);
}

TEST(StateWrite, WhateverDiffersIsANewVersion) {
  EXPECT_EQ(state_write_tags(version_by(kWhoA, 3), version_by(kWhoA, 4), kWhoB), checkers::kWritesState);
  EXPECT_EQ(state_write_tags(version_by(kWhoA, 3), version_by(kWhoA, 2), kWhoB),
            checkers::kWritesState | checkers::kSerialWentBack);
  EXPECT_EQ(state_write_tags(version_by(kWhoA, 3), version_by(kWhoB, 3), kWhoB),
            checkers::kWritesState | checkers::kSameSerialOtherText);
  EXPECT_EQ(state_write_tags({}, version_by(kWhoA, 3), kWhoB), checkers::kWritesState);
}

// The caller of slot 1 puts back what the caller of slot 0 has written.
template <class Service, class Write>
void expect_put_back(const Service& service, const Write& write) {
  typename Service::Value value = service.initial();
  EXPECT_EQ(service.apply(value, 0, write).tags, checkers::kWritesState);
  EXPECT_EQ(service.apply(value, 1, write).tags, 0);
  EXPECT_EQ(service.apply(value, 0, write).tags, checkers::kWritesState);
}

TEST(StateWrite, EveryObjectStoreKnowsWhatIsPutBack) {
  const StateSnapshot state = version_by(kWhoA, 3);
  Gcs::InsertState insert;
  insert.body = state;
  expect_put_back(Gcs{}, Gcs::Request{insert});
  OracleObjects::PutState oracle;
  oracle.body = state;
  expect_put_back(OracleObjects{}, OracleObjects::Request{oracle});
  AzureBlob::PutBlob blob;
  blob.body = state;
  expect_put_back(AzureBlob{}, AzureBlob::Request{blob});
}

TEST(StateWrite, S3KnowsWhatIsPutBack) {
  S3::PutState put;
  put.body = version_by(kWhoA, 3);
  const S3 s3;
  S3::Value value = s3.initial();
  EXPECT_EQ(s3.apply(value, 0, put, 0).tags, checkers::kWritesState);
  EXPECT_EQ(s3.apply(value, 1, put, 0).tags, 0);
}

}  // namespace
}  // namespace lockstorm::models
