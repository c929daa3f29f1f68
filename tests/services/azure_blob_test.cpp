// The lease table of backend-protocols.md 4.3, cell by cell, and what a write does to content, metadata and
// lease.
#include "models/services/azure_blob.hpp"

#include <gtest/gtest.h>

#include <array>

#include "checkers/tags.hpp"
#include "tests/services/names.hpp"

namespace lockstorm::models {
namespace {

using State = AzureLease::State;
using Request = AzureBlob::Request;

constexpr std::array<State, 5> kStates{State::available, State::leased, State::breaking, State::broken,
                                       State::expired};

class AzureBlobTest : public testing::Test {
 protected:
  AzureBlobTest() {
    blob.initial_state = version(1);
    value = blob.initial();
  }
  AzureBlob::Response ask(const Request& request) {
    last_tags = 0;
    const auto effect = blob.apply(value, 0, request);
    last_tags = effect.tags;
    return effect.response;
  }
  int status(const Request& request) { return static_cast<int>(ask(request).status); }
  void pass(unsigned seconds) {
    for (unsigned i = 0; i < seconds; ++i) blob.tick(value);
  }
  /// The blob with a lease of A in that state, reached by requests as anybody could send them.
  void bring_to(State state) {
    value = blob.initial();
    if (state == State::available) return;
    const bool finite = state == State::expired;
    ASSERT_EQ(status(AzureBlob::AcquireLease{kIdA, finite ? std::uint16_t{15} : kInfiniteLease}), 201);
    if (state == State::breaking) {
      ASSERT_EQ(status(AzureBlob::BreakLease{10}), 202);
    }
    if (state == State::broken) {
      ASSERT_EQ(status(AzureBlob::BreakLease{}), 202);
    }
    if (finite) pass(15);
    ASSERT_EQ(value.lease.state, state);
  }

  AzureBlob blob;
  AzureBlob::Value value;
  sim::Tags last_tags = 0;
};

struct Row {
  std::string_view name;
  Request request;
  std::array<int, 5> status;  ///< per state, in the order of kStates
  std::array<State, 5> state_after;
};

TEST_F(AzureBlobTest, LeaseTable) {
  using enum State;
  const AzureBlob::PutBlob write{version(2), {}, {}};
  const std::array<State, 5> same = kStates;
  const std::vector<Row> rows{
      {"acquire A",
       AzureBlob::AcquireLease{kIdA},
       {201, 201, 409, 201, 201},
       {leased, leased, breaking, leased, leased}},
      {"acquire B",
       AzureBlob::AcquireLease{kIdB},
       {201, 409, 409, 201, 201},
       {leased, leased, breaking, leased, leased}},
      {"release A",
       AzureBlob::ReleaseLease{kIdA},
       {409, 200, 200, 200, 200},
       {available, available, available, available, available}},
      {"release B", AzureBlob::ReleaseLease{kIdB}, {409, 409, 409, 409, 409}, same},
      {"renew A",
       AzureBlob::RenewLease{kIdA},
       {409, 200, 409, 409, 200},
       {available, leased, breaking, broken, leased}},
      {"renew B", AzureBlob::RenewLease{kIdB}, {409, 409, 409, 409, 409}, same},
      {"break 0",
       AzureBlob::BreakLease{0},
       {409, 202, 202, 202, 202},
       {available, broken, broken, broken, broken}},
      {"break",
       AzureBlob::BreakLease{},
       {409, 202, 202, 202, 202},
       {available, broken, breaking, broken, broken}},
      {"break 5",
       AzureBlob::BreakLease{5},
       {409, 202, 202, 202, 202},
       {available, breaking, breaking, broken, broken}},
      {"write with A", AzureBlob::PutBlob{version(2), {}, kIdA}, {412, 201, 201, 412, 412}, same},
      {"write with B", AzureBlob::PutBlob{version(2), {}, kIdB}, {412, 412, 412, 412, 412}, same},
      {"write", write, {201, 412, 412, 201, 201}, {available, leased, breaking, available, available}},
      {"set metadata with A", AzureBlob::SetMetadata{kInfoA, kIdA}, {412, 200, 200, 412, 412}, same},
      {"set metadata",
       AzureBlob::SetMetadata{kInfoA, {}},
       {200, 412, 412, 200, 200},
       {available, leased, breaking, available, available}},
      {"read with A", AzureBlob::GetBlob{kIdA}, {412, 200, 200, 412, 412}, same},
      {"read with B", AzureBlob::GetBlob{kIdB}, {412, 412, 412, 412, 412}, same},
      {"read", AzureBlob::GetBlob{}, {200, 200, 200, 200, 200}, same},
      {"properties with A", AzureBlob::GetProperties{kIdA}, {412, 200, 200, 412, 412}, same},
      {"properties", AzureBlob::GetProperties{}, {200, 200, 200, 200, 200}, same},
      {"snapshot with B", AzureBlob::SnapshotBlob{kIdB}, {412, 412, 412, 412, 412}, same},
      {"delete",
       AzureBlob::DeleteBlob{},
       {202, 412, 412, 202, 202},
       {available, leased, breaking, available, available}},
      {"delete with A",
       AzureBlob::DeleteBlob{kIdA},
       {412, 202, 202, 412, 412},
       {available, available, available, broken, expired}},
  };
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kStates.size(); ++i) {
      bring_to(kStates[i]);
      EXPECT_EQ(status(row.request), row.status[i]) << row.name << " in state " << i;
      EXPECT_EQ(value.lease.state, row.state_after[i]) << row.name << " in state " << i;
    }
  }
}

TEST_F(AzureBlobTest, ARefusedRequestChangesNothing) {
  bring_to(State::leased);
  const AzureBlob::Value before = value;
  EXPECT_EQ(status(AzureBlob::PutBlob{version(9), kInfoA, kIdB}), 412);
  EXPECT_EQ(last_tags, 0);
  EXPECT_EQ(status(AzureBlob::AcquireLease{kIdB}), 409);
  EXPECT_EQ(status(AzureBlob::AcquireLease{kIdA, 14}), 400);
  EXPECT_EQ(value.state, before.state);
  EXPECT_EQ(value.metadata, before.metadata);
  EXPECT_EQ(value.lease, before.lease);
}

TEST_F(AzureBlobTest, PutReplacesMetadataAndKeepsTheLease) {
  ask(AzureBlob::AcquireLease{kIdA});
  ask(AzureBlob::SetMetadata{kInfoA, kIdA});
  EXPECT_EQ(ask(AzureBlob::GetProperties{}).metadata, kInfoA);
  ask(AzureBlob::PutBlob{version(2), {}, kIdA});
  EXPECT_EQ(last_tags, checkers::kWritesState);
  const auto seen = ask(AzureBlob::GetBlob{kIdA});
  EXPECT_TRUE(seen.metadata.empty());
  EXPECT_TRUE(seen.is_locked());
  EXPECT_EQ(seen.state, version(2));
  EXPECT_EQ(blob.holders(value), 1U);
}

// 3.4 Lock 2: the unconditional creation is also a way to lose a state.
TEST_F(AzureBlobTest, AnEmptyBodyOverAStateIsAWrite) {
  EXPECT_EQ(status(AzureBlob::PutBlob{{}}), 201);
  EXPECT_EQ(last_tags, checkers::kWritesState | checkers::kDeletesState);
  EXPECT_EQ(status(AzureBlob::PutBlob{{}}), 201);
  EXPECT_EQ(last_tags, 0);
  EXPECT_EQ(status(AzureBlob::GetBlob{}), 200);
}

TEST_F(AzureBlobTest, BreakingAFiniteLeaseTakesWhatIsLeftOfIt) {
  ask(AzureBlob::AcquireLease{kIdA, 20});
  pass(5);
  EXPECT_EQ(ask(AzureBlob::BreakLease{}).lease_time_s, 15);
  EXPECT_EQ(ask(AzureBlob::BreakLease{40}).lease_time_s, 15);
  EXPECT_EQ(ask(AzureBlob::BreakLease{3}).lease_time_s, 3);
  pass(2);
  EXPECT_EQ(value.lease.state, State::breaking);
  pass(1);
  EXPECT_EQ(value.lease.state, State::broken);
  EXPECT_EQ(blob.holders(value), 0U);
}

TEST_F(AzureBlobTest, AnInfiniteLeaseOutlastsTimeAndAFiniteOneDoesNot) {
  ask(AzureBlob::AcquireLease{kIdA});
  pass(1000);
  EXPECT_EQ(value.lease.state, State::leased);
  ask(AzureBlob::ReleaseLease{kIdA});
  ask(AzureBlob::AcquireLease{kIdA, 60});
  pass(59);
  EXPECT_EQ(status(AzureBlob::RenewLease{kIdA}), 200);
  pass(59);
  EXPECT_EQ(value.lease.state, State::leased);
  pass(1);
  EXPECT_EQ(value.lease.state, State::expired);
  EXPECT_EQ(ask(AzureBlob::GetBlob{kIdA}).error, AzureError::lease_lost);
}

// "ok if blob unmodified": a write in between ends the memory of the expired lease.
TEST_F(AzureBlobTest, AnExpiredLeaseCannotBeRenewedOverAWrite) {
  bring_to(State::expired);
  EXPECT_EQ(status(AzureBlob::PutBlob{version(2)}), 201);
  EXPECT_EQ(ask(AzureBlob::RenewLease{kIdA}).error, AzureError::lease_id_mismatch_with_lease_operation);
}

TEST_F(AzureBlobTest, ETagsAreComparedWhereTheyAreKept) {
  blob.keeps_etags = true;
  const std::uint16_t first = ask(AzureBlob::GetBlob{}).etag;
  const auto put = [](std::uint16_t etag) {
    return AzureBlob::PutBlob{version(2), {}, {}, AzureBlob::Condition::if_match, etag};
  };
  EXPECT_EQ(status(put(first)), 201);
  EXPECT_EQ(ask(put(first)).error, AzureError::condition_not_met);
  const std::uint16_t second = ask(AzureBlob::GetBlob{}).etag;
  ask(AzureBlob::AcquireLease{kIdA});  // 4.3: lease operations leave it alone
  EXPECT_EQ(ask(AzureBlob::GetBlob{}).etag, second);
}

}  // namespace
}  // namespace lockstorm::models
