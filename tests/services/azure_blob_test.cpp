// The lease table of backend-protocols.md 4.3, cell by cell, and what a write does to content, metadata and
// lease.
#include "models/services/azure_blob.hpp"

#include <gtest/gtest.h>

#include <array>

#include "checkers/tags.hpp"

namespace lockstorm::models {
namespace {

using State = AzureLease::State;
using Request = AzureBlob::Request;

constexpr LockId kA{sim::Who::process(0), 0};
constexpr LockId kB{sim::Who::process(1), 0};
constexpr LockInfo kInfoA{kA, LockOperation::apply};
constexpr std::array<State, 5> kStates{State::available, State::leased, State::breaking, State::broken,
                                       State::expired};

StateSnapshot version(std::uint8_t serial) {
  StateSnapshot state;
  state.serial = serial;
  return state;
}

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
    ASSERT_EQ(status(AzureBlob::AcquireLease{kA, finite ? std::uint16_t{15} : kInfiniteLease}), 201);
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
       AzureBlob::AcquireLease{kA},
       {201, 201, 409, 201, 201},
       {leased, leased, breaking, leased, leased}},
      {"acquire B",
       AzureBlob::AcquireLease{kB},
       {201, 409, 409, 201, 201},
       {leased, leased, breaking, leased, leased}},
      {"release A",
       AzureBlob::ReleaseLease{kA},
       {409, 200, 200, 200, 200},
       {available, available, available, available, available}},
      {"release B", AzureBlob::ReleaseLease{kB}, {409, 409, 409, 409, 409}, same},
      {"renew A",
       AzureBlob::RenewLease{kA},
       {409, 200, 409, 409, 200},
       {available, leased, breaking, broken, leased}},
      {"renew B", AzureBlob::RenewLease{kB}, {409, 409, 409, 409, 409}, same},
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
      {"write with A", AzureBlob::PutBlob{version(2), {}, kA}, {412, 201, 201, 412, 412}, same},
      {"write with B", AzureBlob::PutBlob{version(2), {}, kB}, {412, 412, 412, 412, 412}, same},
      {"write", write, {201, 412, 412, 201, 201}, {available, leased, breaking, available, available}},
      {"set metadata with A", AzureBlob::SetMetadata{kInfoA, kA}, {412, 200, 200, 412, 412}, same},
      {"set metadata",
       AzureBlob::SetMetadata{kInfoA, {}},
       {200, 412, 412, 200, 200},
       {available, leased, breaking, available, available}},
      {"read with A", AzureBlob::GetBlob{kA}, {412, 200, 200, 412, 412}, same},
      {"read with B", AzureBlob::GetBlob{kB}, {412, 412, 412, 412, 412}, same},
      {"read", AzureBlob::GetBlob{}, {200, 200, 200, 200, 200}, same},
      {"properties with A", AzureBlob::GetProperties{kA}, {412, 200, 200, 412, 412}, same},
      {"properties", AzureBlob::GetProperties{}, {200, 200, 200, 200, 200}, same},
      {"snapshot with B", AzureBlob::SnapshotBlob{kB}, {412, 412, 412, 412, 412}, same},
      {"delete",
       AzureBlob::DeleteBlob{},
       {202, 412, 412, 202, 202},
       {available, leased, breaking, available, available}},
      {"delete with A",
       AzureBlob::DeleteBlob{kA},
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
  EXPECT_EQ(status(AzureBlob::PutBlob{version(9), kInfoA, kB}), 412);
  EXPECT_EQ(last_tags, 0);
  EXPECT_EQ(status(AzureBlob::AcquireLease{kB}), 409);
  EXPECT_EQ(status(AzureBlob::AcquireLease{kA, 14}), 400);
  EXPECT_EQ(value.state, before.state);
  EXPECT_EQ(value.metadata, before.metadata);
  EXPECT_EQ(value.lease, before.lease);
}

TEST_F(AzureBlobTest, PutReplacesMetadataAndKeepsTheLease) {
  ask(AzureBlob::AcquireLease{kA});
  ask(AzureBlob::SetMetadata{kInfoA, kA});
  EXPECT_EQ(ask(AzureBlob::GetProperties{}).metadata, kInfoA);
  ask(AzureBlob::PutBlob{version(2), {}, kA});
  EXPECT_EQ(last_tags, checkers::kWritesState);
  const auto seen = ask(AzureBlob::GetBlob{kA});
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
  ask(AzureBlob::AcquireLease{kA, 20});
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
  ask(AzureBlob::AcquireLease{kA});
  pass(1000);
  EXPECT_EQ(value.lease.state, State::leased);
  ask(AzureBlob::ReleaseLease{kA});
  ask(AzureBlob::AcquireLease{kA, 60});
  pass(59);
  EXPECT_EQ(status(AzureBlob::RenewLease{kA}), 200);
  pass(59);
  EXPECT_EQ(value.lease.state, State::leased);
  pass(1);
  EXPECT_EQ(value.lease.state, State::expired);
  EXPECT_EQ(ask(AzureBlob::GetBlob{kA}).error, AzureError::lease_lost);
}

// "ok if blob unmodified": a write in between ends the memory of the expired lease.
TEST_F(AzureBlobTest, AnExpiredLeaseCannotBeRenewedOverAWrite) {
  bring_to(State::expired);
  EXPECT_EQ(status(AzureBlob::PutBlob{version(2)}), 201);
  EXPECT_EQ(ask(AzureBlob::RenewLease{kA}).error, AzureError::lease_id_mismatch_with_lease_operation);
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
  ask(AzureBlob::AcquireLease{kA});  // 4.3: lease operations leave it alone
  EXPECT_EQ(ask(AzureBlob::GetBlob{}).etag, second);
}

}  // namespace
}  // namespace lockstorm::models
