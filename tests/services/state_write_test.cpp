// What a write of the state tells the monitors, and that every service asks for it with its caller's name.
#include "models/services/state_write.hpp"

#include <gtest/gtest.h>

#include "models/services/azure_blob.hpp"
#include "models/services/gcs.hpp"
#include "models/services/oracle_objects.hpp"
#include "models/services/s3.hpp"

namespace lockstorm::models {
namespace {

constexpr sim::Who kA = sim::Who::process(0);
constexpr sim::Who kB = sim::Who::process(1);

StateSnapshot version(std::uint8_t serial, sim::Who writer) {
  StateSnapshot state;
  state.lineage = kA;
  state.writer = writer;
  state.serial = serial;
  return state;
}

TEST(StateWrite, PuttingBackSomebodysStateUnchangedIsNoNewVersion) {
  EXPECT_EQ(state_write_tags(version(3, kA), version(3, kA), kB), 0);
  EXPECT_EQ(state_write_tags(version(3, kA), version(3, kA), kA), checkers::kWritesState);
}

TEST(StateWrite, WhateverDiffersIsANewVersion) {
  EXPECT_EQ(state_write_tags(version(3, kA), version(4, kA), kB), checkers::kWritesState);
  EXPECT_EQ(state_write_tags(version(3, kA), version(2, kA), kB),
            checkers::kWritesState | checkers::kSerialWentBack);
  EXPECT_EQ(state_write_tags(version(3, kA), version(3, kB), kB),
            checkers::kWritesState | checkers::kSameSerialOtherText);
  EXPECT_EQ(state_write_tags({}, version(3, kA), kB), checkers::kWritesState);
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
  const StateSnapshot state = version(3, kA);
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
  put.body = version(3, kA);
  const S3 s3;
  S3::Value value = s3.initial();
  EXPECT_EQ(s3.apply(value, 0, put, 0).tags, checkers::kWritesState);
  EXPECT_EQ(s3.apply(value, 1, put, 0).tags, 0);
}

}  // namespace
}  // namespace lockstorm::models
