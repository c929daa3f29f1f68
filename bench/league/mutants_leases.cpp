// Mutants of the backends whose lock is a lease or a session (backend-protocols.md 3.4, 3.5, 3.7), of the
// corrected lock table (5.4), and of leases that are renewed by requests.
#include "bench/league/mutants.hpp"
#include "models/services/azure_blob.hpp"
#include "models/services/consul.hpp"
#include "models/services/kubernetes.hpp"
#include "models/services/lease_store.hpp"
#include "models/services/lock_table.hpp"
#include "scenarios/backends/lease.hpp"
#include "scenarios/backends/lock_table.hpp"

namespace lockstorm::league {
namespace {

using models::AzureBlob;
using models::AzureLease;
using models::Consul;
using models::Kubernetes;
using models::LeaseStore;
using models::LockTable;

void add_azurerm(std::vector<Mutant>& all) {
  constexpr std::string_view kQuiet = "azurerm/terraform/no-faults";
  constexpr std::string_view kForced = "azurerm/terraform/force-unlock-paused";
  all.push_back({"azurerm/two-leases", "a blob that is leased can be leased again", kQuiet, [] {
                   ServerEdit<AzureBlob> edit;
                   edit.before = [](AzureBlob::Value& value, AzureBlob::Request& request) {
                     if (std::holds_alternative<AzureBlob::AcquireLease>(request)) value.lease = {};
                   };
                   return Mutation{.servers = {edited<AzureBlob>({}, edit)}};
                 }()});
  all.push_back({"azurerm/skips-the-lock", "nobody asks for the lease, and Put Blob needs none then", kQuiet,
                 mistakes::skips_the_lock()});
  all.push_back({"azurerm/reads-before-lock", "applies the state that it read before it had the lock", kQuiet,
                 mistakes::reads_before_lock()});
  all.push_back({"azurerm/write-needs-no-lease", "Put Blob is taken without the lease, or with a lost one",
                 kForced, [] {
                   ServerEdit<AzureBlob> edit;
                   edit.before = [](AzureBlob::Value& value, AzureBlob::Request& request) {
                     if (auto* put = std::get_if<AzureBlob::PutBlob>(&request))
                       put->lease = value.lease.is_locked() ? value.lease.id : models::LockId{};
                   };
                   return Mutation{.servers = {edited<AzureBlob>({}, edit)}};
                 }()});
  all.push_back({"azurerm/release-drops-the-state", "releasing the lease truncates the blob", kQuiet,
                 answer<AzureBlob, AzureBlob::ReleaseLease>([](AzureBlob::Value& value, sim::Slot,
                                                               const AzureBlob::ReleaseLease&,
                                                               AzureBlob::Response&) { value.state = {}; })});
}

void add_kubernetes(std::vector<Mutant>& all) {
  constexpr std::string_view kQuiet = "kubernetes/terraform/no-faults";
  const auto without_version = [] {
    return request<Kubernetes, Kubernetes::UpdateLease>(
        [](Kubernetes::Value& value, Kubernetes::UpdateLease& update) { update.version = value.lease; });
  };
  all.push_back({"kubernetes/lease-without-version", "the Lease is updated without its resourceVersion",
                 kQuiet, without_version()});
  all.push_back({"kubernetes/conflict-is-success", "409 Conflict on the Lease is taken for success", kQuiet,
                 answer<Kubernetes, Kubernetes::UpdateLease>(
                     [](Kubernetes::Value&, sim::Slot, const Kubernetes::UpdateLease&,
                        Kubernetes::Response& answer) { answer.status = Kubernetes::Status::ok; })});
  all.push_back({"kubernetes/exists-is-success", "409 AlreadyExists on the Lease is taken for success",
                 "kubernetes/terraform/first-apply",
                 answer<Kubernetes, Kubernetes::CreateLease>(
                     [](Kubernetes::Value&, sim::Slot, const Kubernetes::CreateLease&,
                        Kubernetes::Response& answer) { answer.status = Kubernetes::Status::ok; })});
  all.push_back({"kubernetes/reads-before-lock", "applies the state that it read before it had the lock",
                 kQuiet, mistakes::reads_before_lock()});
  all.push_back({"kubernetes/fence-of-any-version", "the secret is updated with the version of that moment",
                 "kubernetes/terraform/fenced/force-unlock-paused",
                 request<Kubernetes, Kubernetes::UpdateSecret>(
                     [](Kubernetes::Value& value, Kubernetes::UpdateSecret& update) {
                       update.version = value.secrets[update.part];
                     })});
  all.push_back({"kubernetes/unlocks-before-writing", "the Lease is cleared before the state is written",
                 kQuiet, mistakes::unlocks_before_writing()});
  all.push_back({"kubernetes/last-part-missing", "of a state in parts the last secret is not updated",
                 "kubernetes/parts/no-faults",
                 request<Kubernetes, Kubernetes::UpdateSecret>(
                     [](Kubernetes::Value& value, Kubernetes::UpdateSecret& update) {
                       if (update.part > 0 && value.secrets[update.part].state.exists())
                         update.body = value.secrets[update.part];
                     })});
}

void add_consul(std::vector<Mutant>& all) {
  constexpr std::string_view kQuiet = "consul/terraform/no-faults";
  all.push_back(
      {"consul/acquire-takes-over", "?acquire takes the key from the session that holds it", kQuiet, [] {
         ServerEdit<Consul> edit;
         edit.before = [](Consul::Value& value, Consul::Request& request) {
           if (std::holds_alternative<Consul::Acquire>(request)) value.holder = {};
         };
         return Mutation{.servers = {edited<Consul>({}, edit)}};
       }()});
  all.push_back({"consul/false-is-success", "`false` as the answer to ?acquire is overlooked", kQuiet,
                 answer<Consul, Consul::Acquire>(
                     [](Consul::Value&, sim::Slot, const Consul::Acquire&, Consul::Response& answer) {
                       if (answer.status == Consul::Status::no) answer.status = Consul::Status::ok;
                     })});
  all.push_back({"consul/set-instead-of-cas", "the state is written with `set`, not `cas`",
                 "consul/terraform/session-loss",
                 request<Consul, Consul::WriteState>(
                     [](Consul::Value&, Consul::WriteState& write) { write.verb = Consul::Verb::set; })});
  all.push_back({"consul/index-of-the-moment", "cas carries the ModifyIndex of that very moment",
                 "consul/terraform/session-loss",
                 request<Consul, Consul::WriteState>(
                     [](Consul::Value& value, Consul::WriteState& write) { write.index = value.state; })});
  all.push_back({"consul/skips-the-lock", "writes with cas and nobody asks for the lock", kQuiet,
                 mistakes::skips_the_lock()});
  all.push_back({"consul/second-chunk-lost", "of a large state the second chunk is answered and not kept",
                 "consul/terraform/large/no-faults",
                 answer<Consul, Consul::PutChunk>(
                     [](Consul::Value& value, sim::Slot, const Consul::PutChunk& put, Consul::Response&) {
                       if (put.number != 1) return;
                       for (Consul::Chunks& chunks : value.chunks) {
                         if (chunks.text == put.text)
                           chunks.present = static_cast<std::uint16_t>(chunks.present & ~2U);
                       }
                     })});
}

Mutation lock_table_update(std::function<void(LockTable::Value&, LockTable::UpdateItem&)> edit) {
  return request<LockTable, LockTable::UpdateItem>(std::move(edit));
}

void add_lock_table(std::vector<Mutant>& all) {
  using Condition = LockTable::Condition;
  using Update = LockTable::Update;
  all.push_back(
      {"lock-table/renewal-forgotten", "no heartbeat reaches the table", "lock-table/corrected", [] {
         ServerEdit<LockTable> edit;
         edit.before = [](LockTable::Value&, LockTable::Request& request) {
           const auto* update = std::get_if<LockTable::UpdateItem>(&request);
           if (update != nullptr && update->update == Update::heartbeat) request = LockTable::GetItem{};
         };
         return Mutation{.servers = {edited<LockTable>({}, edit)}};
       }()});
  all.push_back({"lock-table/acquire-without-condition", "the lock is taken whether it is free or not",
                 "lock-table/corrected-first-use",
                 lock_table_update([](LockTable::Value&, LockTable::UpdateItem& update) {
                   if (update.update == Update::acquire) update.condition = Condition::none;
                 })});
  all.push_back({"lock-table/release-without-owner", "the release asks only whether the item is locked",
                 "lock-table/corrected-without-clocks",
                 lock_table_update([](LockTable::Value&, LockTable::UpdateItem& update) {
                   if (update.update == Update::release) update.condition = Condition::is_locked;
                 })});
  all.push_back({"lock-table/take-over-without-age", "a stale lock is taken over if it is locked at all",
                 "lock-table/l1-1-two-stealers-c",
                 lock_table_update([](LockTable::Value&, LockTable::UpdateItem& update) {
                   if (update.update == Update::take_over) update.condition = Condition::is_locked;
                 })});
  all.push_back({"lock-table/write-without-fence", "the state is written whoever holds the lock",
                 "lock-table/corrected-without-clocks",
                 lock_table_update([](LockTable::Value&, LockTable::UpdateItem& update) {
                   if (update.update == Update::put_state) update.condition = Condition::none;
                 })});
  all.push_back({"lock-table/write-if-locked", "the state is written if anybody holds the lock",
                 "lock-table/l1-3-zombie-write-corrected",
                 lock_table_update([](LockTable::Value&, LockTable::UpdateItem& update) {
                   if (update.update == Update::put_state) update.condition = Condition::is_locked;
                 })});
}

void add_lease(std::vector<Mutant>& all) {
  using Compare = LeaseStore::Compare;
  all.push_back({"lease/renewal-forgotten", "no renewal reaches the store", "lease/held", [] {
                   ServerEdit<LeaseStore> edit;
                   edit.before = [](LeaseStore::Value&, LeaseStore::Request& request) {
                     if (std::holds_alternative<LeaseStore::Renew>(request)) request = LeaseStore::Look{};
                   };
                   return Mutation{.servers = {edited<LeaseStore>({}, edit)}};
                 }()});
  all.push_back(
      {"lease/acquire-takes-over", "the lock is acquired whoever has it", "lease/held",
       request<LeaseStore, LeaseStore::Acquire>([](LeaseStore::Value&, LeaseStore::Acquire& acquire) {
         acquire.mode = LeaseStore::Mode::overwrite;
       })});
  all.push_back(
      {"lease/release-without-token", "a release compares nothing", "lease/held-without-clocks",
       request<LeaseStore, LeaseStore::Release>(
           [](LeaseStore::Value&, LeaseStore::Release& release) { release.compare = Compare::nothing; })});
  all.push_back(
      {"lease/write-without-fence", "the state is written whoever has the lock", "lease/held-without-clocks",
       request<LeaseStore, LeaseStore::WriteState>(
           [](LeaseStore::Value&, LeaseStore::WriteState& write) { write.compare = Compare::nothing; })});
  all.push_back({"lease/renewal-of-anybody", "a renewal compares nothing", "lease/pause-fenced",
                 request<LeaseStore, LeaseStore::Renew>([](LeaseStore::Value&, LeaseStore::Renew& renew) {
                   renew.compare = Compare::nothing;
                 })});
  all.push_back({"lease/beat-after-release", "the release does not wait for a renewal that is on its way",
                 "lease/beat-before-release", setting([](scenarios::Scenario& scenario) {
                   scenario.backend.edit<scenarios::LeaseConfig>().client.waits_for_beat = false;
                 })});
  all.push_back(
      {"lease/refused-acquire-cleans-up", "whoever is refused removes whatever lock there is",
       "lease/refused-cleans-up-its-own",
       request<LeaseStore, LeaseStore::Release>(
           [](LeaseStore::Value&, LeaseStore::Release& release) { release.compare = Compare::nothing; })});
  all.push_back({"lease/read-registers-nothing", "the state learns of tokens from writes alone",
                 "lease/newest-token-of-reads",
                 request<LeaseStore, LeaseStore::ReadState>(
                     [](LeaseStore::Value&, LeaseStore::ReadState& read) { read.registers = 0; })});
  all.push_back(
      {"lease/queue-without-order", "who queues is told that nobody is ahead", "lease/queue",
       answer<LeaseStore, LeaseStore::Acquire>([](LeaseStore::Value&, sim::Slot, const LeaseStore::Acquire&,
                                                  LeaseStore::Response& answer) { answer.ahead = {}; })});
}

}  // namespace

std::vector<Mutant> lease_mutants() {
  std::vector<Mutant> all;
  add_azurerm(all);
  add_kubernetes(all);
  add_consul(all);
  add_lock_table(all);
  add_lease(all);
  return all;
}

}  // namespace lockstorm::league
