// The API server's promises: one object at a time, versions that never come back.
#include "models/services/kubernetes.hpp"

#include <gtest/gtest.h>

#include "checkers/tags.hpp"
#include "tests/services/names.hpp"

namespace lockstorm::models {
namespace {

using Reading = Kubernetes::Reading;

class KubernetesTest : public testing::Test {
 protected:
  using Status = Kubernetes::Status;

  sim::Effect<Kubernetes::Response> ask(const Kubernetes::Request& request) {
    return cluster.apply(value, 0, request);
  }
  Status status(const Kubernetes::Request& request) { return ask(request).response.status; }
  Kubernetes::Lease lease() { return ask(Kubernetes::GetLease{}).response.lease; }
  void start_with(const StateSnapshot& state, std::uint16_t parts) {
    cluster.initial_state = state;
    cluster.initial_parts = parts;
    value = cluster.initial();
  }

  Kubernetes cluster;
  Kubernetes::Value value = cluster.initial();
};

TEST_F(KubernetesTest, CreateOfAnExistingNameIsRefused) {
  EXPECT_EQ(status(Kubernetes::GetLease{}), Status::not_found);
  EXPECT_EQ(status(Kubernetes::CreateLease{kInfoA}), Status::ok);
  EXPECT_EQ(status(Kubernetes::CreateLease{kInfoB}), Status::already_exists);
  EXPECT_EQ(lease().holder, kInfoA);
  EXPECT_EQ(status(Kubernetes::CreateSecret{{{}, 0, 1}, 0}), Status::ok);
  EXPECT_EQ(status(Kubernetes::CreateSecret{{{}, 0, 1}, 0}), Status::already_exists);
}

TEST_F(KubernetesTest, OfTwoUpdatesOfOneVersionOneWins) {
  start_with(state_of(0, 1), 1);
  const Kubernetes::Lease free = lease();
  EXPECT_TRUE(free.exists());
  EXPECT_EQ(status(Kubernetes::UpdateLease{kInfoA, free}), Status::ok);
  EXPECT_EQ(status(Kubernetes::UpdateLease{kInfoB, free}), Status::conflict);
  EXPECT_EQ(cluster.holders(value), 1U);
}

// The Lease is free again, but its version is another one.
TEST_F(KubernetesTest, AVersionNeverComesBack) {
  start_with(state_of(0, 1), 1);
  const Kubernetes::Lease free = lease();
  EXPECT_EQ(status(Kubernetes::UpdateLease{kInfoA, free}), Status::ok);
  EXPECT_EQ(status(Kubernetes::UpdateLease{{}, lease()}), Status::ok);
  EXPECT_EQ(cluster.holders(value), 0U);
  EXPECT_EQ(status(Kubernetes::UpdateLease{kInfoB, free}), Status::conflict);
  EXPECT_EQ(status(Kubernetes::UpdateLease{kInfoB, lease()}), Status::ok);
}

TEST_F(KubernetesTest, AStateIsUpdatedByVersion) {
  const Kubernetes::Secret first{state_of(0, 1), 1, 1};
  const Kubernetes::Secret second{state_of(1, 2), 1, 1};
  EXPECT_EQ(status(Kubernetes::UpdateSecret{second, first, 0}), Status::not_found);
  start_with(first.state, 1);
  EXPECT_EQ(status(Kubernetes::UpdateSecret{second, first, 0}), Status::ok);
  EXPECT_EQ(status(Kubernetes::UpdateSecret{second, first, 0}), Status::conflict);
  const auto unchanged = ask(Kubernetes::UpdateSecret{second, second, 0});
  EXPECT_EQ(unchanged.response.status, Status::ok);
  EXPECT_EQ(unchanged.tags, 0);
  EXPECT_EQ(ask(Kubernetes::GetSecret{0, 0}).response.secrets[0], second);
}

TEST_F(KubernetesTest, AStateOfTwoPartsIsBrokenInBetween) {
  const StateSnapshot before = state_of(0, 1);
  const StateSnapshot after = state_of(1, 2);
  start_with(before, 2);
  const Kubernetes::Secret old{before, 2, 1};
  const Kubernetes::Secret fresh{after, 2, 1};
  EXPECT_EQ(ask(Kubernetes::ListSecrets{0}).tags, checkers::kReadsState);
  EXPECT_EQ(ask(Kubernetes::UpdateSecret{fresh, old, 0}).tags, 0);
  EXPECT_EQ(Kubernetes::join(value.secrets), Reading::broken);
  EXPECT_EQ(ask(Kubernetes::ListSecrets{0}).tags, 0);
  EXPECT_EQ(ask(Kubernetes::UpdateSecret{fresh, old, 1}).tags, checkers::kWritesState);
  EXPECT_EQ(Kubernetes::join(value.secrets), Reading::complete);
  EXPECT_EQ(ask(Kubernetes::ListSecrets{0}).tags, checkers::kReadsState);
}

// K8-1: a secret is created without data; one such part hides the whole state.
TEST_F(KubernetesTest, ASecretWithoutDataMakesTheStateAbsent) {
  start_with(state_of(0, 1), 1);
  EXPECT_EQ(status(Kubernetes::CreateSecret{{{}, 0, 1}, 1}), Status::ok);
  EXPECT_EQ(Kubernetes::join(value.secrets), Reading::absent);
  EXPECT_EQ(ask(Kubernetes::ListSecrets{0}).tags, 0);
}

TEST_F(KubernetesTest, SurplusPartsAreTrailingBytes) {
  const StateSnapshot after = state_of(1, 2);
  start_with(state_of(0, 1), 2);
  ask(Kubernetes::UpdateSecret{{after, 1, 1}, {state_of(0, 1), 2, 1}, 0});
  EXPECT_EQ(Kubernetes::join(value.secrets), Reading::complete);
  EXPECT_EQ(status(Kubernetes::DeleteSecret{1}), Status::ok);
  EXPECT_EQ(status(Kubernetes::DeleteSecret{1}), Status::not_found);
  EXPECT_EQ(Kubernetes::join(value.secrets), Reading::complete);
}

TEST_F(KubernetesTest, AReadForTheVersionTellsNothing) {
  start_with(state_of(0, 1), 1);
  EXPECT_EQ(ask(Kubernetes::GetSecret{0, 1}).tags, 0);
  EXPECT_EQ(ask(Kubernetes::GetSecret{0, 0}).tags, checkers::kReadsState);
}

TEST_F(KubernetesTest, RefusalsSayWhetherToComeBack) {
  EXPECT_EQ(cluster.refuse(Kubernetes::GetLease{}, sim::Refusal::throttled).retry_after, 1);
  EXPECT_EQ(cluster.refuse(Kubernetes::GetLease{}, sim::Refusal::server_error).retry_after, 1);
  cluster.server_error_retry_after = false;
  EXPECT_EQ(cluster.refuse(Kubernetes::GetLease{}, sim::Refusal::server_error).retry_after, 0);
}

}  // namespace
}  // namespace lockstorm::models
