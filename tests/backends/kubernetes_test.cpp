// The kubernetes backend in small worlds: what its Lease excludes, and what its secrets lose.
#include "models/backends/kubernetes.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/backends/small_world.hpp"
#include "tests/printers.hpp"

namespace lockstorm {
namespace {

using checkers::Property;
using models::Dialect;
using models::Ending;
using models::Kubernetes;
using models::KubernetesBackend;
using models::KubernetesBackendOptions;
using sim::Fault;

constexpr sim::ServiceRef<Kubernetes> kCluster{0};

SmallWorld kubernetes_world(const KubernetesBackendOptions& options, const models::StateSnapshot& initial,
                            std::uint16_t initial_parts = 1) {
  Kubernetes cluster;
  cluster.initial_state = initial;
  cluster.initial_parts = initial_parts;
  SmallWorld world;
  world.server = sim::make_service(cluster);
  world.backend = std::make_shared<const KubernetesBackend>(options, kCluster);
  world.initial = initial;
  return world;
}

Kubernetes::Value cluster_at(const sim::ValuePool& values, const sim::EndState& end) {
  return values.get<Kubernetes::Value>(end.services[0]);
}

class KubernetesDialects : public testing::TestWithParam<Dialect> {
 protected:
  KubernetesBackendOptions options{.dialect = GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Both, KubernetesDialects, testing::Values(Dialect::terraform, Dialect::opentofu),
                         [](const auto& info) {
                           return info.param == Dialect::terraform ? "Terraform" : "OpenTofu";
                         });

TEST_P(KubernetesDialects, NothingFailsWithoutFaults) {
  bool applied = false;
  const auto result = explore(kubernetes_world(options, earlier_state()),
                              [&](const sim::ValuePool& values, const sim::EndState& end) {
                                EXPECT_TRUE(cluster_at(values, end).lease.holder.empty());
                                for (const auto& outcome : client_outcomes(values, end))
                                  applied |= outcome.ending == Ending::applied;
                              });
  EXPECT_EQ(result.violated, 0);
  EXPECT_TRUE(applied);
}

// 2.7: the very first commands create an empty state under a lock of their own.
TEST_P(KubernetesDialects, FirstUseIsLockedToo) {
  const auto result =
      explore(kubernetes_world(options, {}), [&](const sim::ValuePool& values, const sim::EndState& end) {
        EXPECT_EQ(Kubernetes::join(cluster_at(values, end).secrets), Kubernetes::Reading::complete);
      });
  EXPECT_EQ(result.violated, 0);
}

// 3.7 Lock 4: the loser of a race for a free Lease gets a conflict, which -lock-timeout does not help.
TEST_P(KubernetesDialects, ALostRaceEndsTheWait) {
  SmallWorld world = kubernetes_world(options, earlier_state());
  world.apply.lock_timeout = std::chrono::minutes(5);
  bool aborted = false;
  explore(world, [&](const sim::ValuePool& values, const sim::EndState& end) {
    for (const auto& outcome : client_outcomes(values, end))
      aborted |= outcome.ending == Ending::lock_wait_aborted;
  });
  EXPECT_TRUE(aborted);
}

// X1, and the fence that stops it.
TEST_P(KubernetesDialects, AZombieOverwritesUnlessPutIsFenced) {
  SmallWorld world = kubernetes_world(options, earlier_state());
  world.faults = one(Fault::pause);
  world.force_unlock = models::UnlockTarget::unresponsive;
  const auto unfenced = explore(world);
  EXPECT_TRUE(violates(unfenced, Property::mutual_exclusion));
  EXPECT_TRUE(violates(unfenced, Property::no_lost_update));
  EXPECT_TRUE(violates(unfenced, Property::state_integrity));

  options.fenced_put = true;
  world.backend = std::make_shared<const KubernetesBackend>(options, kCluster);
  const auto fenced = explore(world);
  EXPECT_TRUE(violates(fenced, Property::mutual_exclusion));
  EXPECT_FALSE(violates(fenced, Property::no_lost_update));
  EXPECT_FALSE(violates(fenced, Property::state_integrity));
}

// 3.7 Ambiguity: an update that took effect and was not acknowledged leaves the Lease to a client that has
// given up.
TEST_P(KubernetesDialects, AnUnacknowledgedLockIsOrphaned) {
  for (const Fault fault : {Fault::lose_response, Fault::server_error}) {
    SmallWorld world = kubernetes_world(options, earlier_state());
    world.faults = one(fault);
    bool orphaned = false;
    explore(world, [&](const sim::ValuePool& values, const sim::EndState& end) {
      const auto outcomes = client_outcomes(values, end);
      const bool gave_up = std::ranges::any_of(
          outcomes, [](const auto& outcome) { return outcome.ending == Ending::lock_wait_aborted; });
      orphaned |= gave_up && !cluster_at(values, end).lease.holder.empty();
    });
    EXPECT_TRUE(orphaned) << sim::fault_name(fault);
  }
}

// 2.12: a lost answer to a GET is asked for again, so that it fails nobody.
TEST_P(KubernetesDialects, ReadsAreRepeatedOnALostConnection) {
  models::GetStatus status{};
  const KubernetesBackend backend(options, kCluster);
  sim::WorldSpec spec;
  spec.services.push_back(sim::make_service(Kubernetes{}));
  spec.classes.push_back({"job", [&](sim::Process& self) { status = backend.get(self).status; }, 1, 0xFFFF});
  spec.budget = one(Fault::lose_request);
  sim::ValuePool values;
  const sim::MonitorOf<sim::NoMonitor> nothing;
  sim::Simulator simulator(spec, values, nothing);
  bool lost = false;
  while (!simulator.finished()) {
    const auto& enabled = simulator.enabled();
    const auto loss = std::ranges::find_if(
        enabled, [](const auto& step) { return step.move.kind == sim::MoveKind::lose_request; });
    lost |= loss != enabled.end();
    simulator.take(loss == enabled.end() ? 0 : static_cast<std::size_t>(loss - enabled.begin()));
  }
  EXPECT_TRUE(lost);
  EXPECT_EQ(status, models::GetStatus::absent);
}

// 2.7 (i): force-unlock needs a state manager, and that needs the lock.
TEST_P(KubernetesDialects, ALockOfTheFirstCreationCannotBeForced) {
  const KubernetesBackend backend(options, kCluster);
  constexpr models::LockInfo kInit{{sim::Who::me(), 100}, models::LockOperation::init};
  models::LockInfo shown;
  models::Done opened{};
  run_in_turn(sim::make_service(Kubernetes{}),
              {[&](sim::Process& self) { backend.lock(self, kInit); },  // dies here
               [&](sim::Process& self) {
                 shown = backend.shown_lock(self);
                 opened = backend.open(self).status;
               }});
  EXPECT_EQ(shown.operation, models::LockOperation::init);
  EXPECT_EQ(opened, models::Done::failed);
}

// How the secrets can be found after a job was killed.
std::vector<Kubernetes::Reading> readings_after_a_kill(const SmallWorld& base) {
  SmallWorld world = base;
  world.clients = 1;
  world.faults = one(Fault::crash);
  std::vector<Kubernetes::Reading> readings;
  explore(world, [&](const sim::ValuePool& values, const sim::EndState& end) {
    const auto reading = Kubernetes::join(cluster_at(values, end).secrets);
    if (std::ranges::find(readings, reading) == readings.end()) readings.push_back(reading);
  });
  std::ranges::sort(readings);
  return readings;
}

// K8-1, K8-2.
TEST(KubernetesParts, AKilledWriterLeavesPartsOfTwoStates) {
  using enum Kubernetes::Reading;
  using Readings = std::vector<Kubernetes::Reading>;
  const KubernetesBackendOptions one_part;
  const KubernetesBackendOptions two_parts{.parts = 2};
  EXPECT_EQ(readings_after_a_kill(kubernetes_world(one_part, earlier_state())), Readings{complete});
  EXPECT_EQ(readings_after_a_kill(kubernetes_world(two_parts, earlier_state(), 2)),
            (Readings{complete, broken}));
  // A state that outgrows its secret is for a moment no state at all.
  EXPECT_EQ(readings_after_a_kill(kubernetes_world(two_parts, earlier_state(), 1)),
            (Readings{absent, complete, broken}));
  EXPECT_EQ(readings_after_a_kill(kubernetes_world(one_part, earlier_state(), 2)), Readings{complete});
}

// K8-3.
TEST(KubernetesParts, TwoWritersMixTheirParts) {
  SmallWorld world = kubernetes_world({.parts = 2}, earlier_state(), 2);
  world.faults = one(Fault::pause);
  world.force_unlock = models::UnlockTarget::unresponsive;
  bool broken = false;
  explore(world, [&](const sim::ValuePool& values, const sim::EndState& end) {
    const bool all_ended = std::ranges::all_of(
        end.processes, [](const auto& process) { return process.status == sim::ProcessStatus::ended; });
    broken |= all_ended && Kubernetes::join(cluster_at(values, end).secrets) == Kubernetes::Reading::broken;
  });
  EXPECT_TRUE(broken);
}

}  // namespace
}  // namespace lockstorm
