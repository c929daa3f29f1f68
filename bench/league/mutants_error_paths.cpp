// Mutants of error paths: nothing is wrong with what the client does as a rule, but after a refusal, a lost
// answer or a save that failed it does the wrong thing.
#include "bench/league/mutants.hpp"
#include "models/services/dynamodb.hpp"
#include "models/services/gcs.hpp"
#include "models/services/http_state.hpp"
#include "models/services/kubernetes.hpp"
#include "models/services/oracle_objects.hpp"
#include "models/services/s3.hpp"
#include "models/services/tablestore.hpp"
#include "models/terraform/state_manager.hpp"

namespace lockstorm::league {
namespace {

using models::Backend;
using models::Done;
using models::DoneResult;
using models::DynamoDb;
using models::Gcs;
using models::GetStatus;
using models::HttpState;
using models::Kubernetes;
using models::LockId;
using models::LockInfo;
using models::LockOperation;
using models::LockResult;
using models::LockStatus;
using models::OracleObjects;
using models::S3;
using models::StateSnapshot;
using models::TableStore;

constexpr std::uint16_t kJobs = 3;
constexpr std::chrono::seconds kPause{1};

// ---- the lock is left ----

// No backend of a control uses this cell.
constexpr sim::Cell kNotes{3};
struct Notes {
  std::uint16_t failed = 0;
};

// Returns early where something has failed, past the call that unlocks.
Mutation skips_unlock_after_failed_save() {
  ClientEdit edit;
  edit.put = [](const Backend& real, sim::Process& self, const StateSnapshot& own,
                const StateSnapshot& read) -> DoneResult {
    const DoneResult done = real.put(self, own, read);
    if (done.status != Done::ok) self.keep(kNotes, Notes{1});
    return done;
  };
  edit.unlock = [](const Backend& real, sim::Process& self, const LockId& id) -> DoneResult {
    if (self.kept<Notes>(kNotes).failed == 0) return real.unlock(self, id);
    self.keep(kNotes, Notes{});
    return {Done::ok};
  };
  return client(std::move(edit));
}

Mutation skips_unlock_after_failed_read() {
  ClientEdit edit;
  edit.get = [](const Backend& real, sim::Process& self) -> models::GetResult {
    const models::GetResult got = real.get(self);
    if (got.status == GetStatus::failed) self.keep(kNotes, Notes{1});
    return got;
  };
  edit.unlock = [](const Backend& real, sim::Process& self, const LockId& id) -> DoneResult {
    if (self.kept<Notes>(kNotes).failed == 0) return real.unlock(self, id);
    self.keep(kNotes, Notes{});
    return {Done::ok};
  };
  return client(std::move(edit));
}

// azurerm's real mistake (2.7) on other backends: who finds under the creation lock that somebody was faster
// goes on, and the call that unlocks sits in the branch not taken.
Mutation leaves_creation_lock() {
  ClientEdit edit;
  edit.open = [](const Backend& real, sim::Process& self) -> DoneResult {
    const auto look = [&] {
      return self.scope<models::GetResult>(models::scope_tag::get, [&] { return real.get(self); });
    };
    const models::GetResult first = look();
    if (first.status == GetStatus::failed) return {Done::failed};
    if (first.status == GetStatus::found) return {Done::ok};
    const LockInfo info{{sim::Who::me(), models::kInitLock}, LockOperation::init};
    const LockResult locked = real.lock(self, info);
    if (locked.status != LockStatus::granted) return {Done::failed};
    if (look().status == GetStatus::found) return {Done::ok};
    models::ManagerState manager;
    manager.current.writer = sim::Who::me();
    manager = models::persist_state(self, real, manager);
    const DoneResult unlocked = real.unlock(self, locked.info.id);
    return {manager.last == Done::ok ? unlocked.status : manager.last};
  };
  return client(std::move(edit));
}

void add_left_locks(std::vector<Mutant>& all) {
  constexpr std::string_view kSave = "a job that could not save its state returns without unlocking";
  constexpr std::string_view kRead = "a job that could not read the state returns without unlocking";
  all.push_back({"gcs/save-failed-keeps-lock",
                 kSave,
                 {"gcs/terraform/throttled", kJobs},
                 skips_unlock_after_failed_save()});
  all.push_back({"oss/save-failed-keeps-lock",
                 kSave,
                 {"oss/terraform/throttled", kJobs},
                 skips_unlock_after_failed_save()});
  all.push_back({"oss/read-failed-keeps-lock",
                 kRead,
                 {"oss/terraform/throttled", kJobs},
                 skips_unlock_after_failed_read()});
  constexpr std::string_view kCreation = "whoever finds that somebody was faster keeps the creation lock";
  all.push_back(
      {"gcs/keeps-creation-lock", kCreation, {"gcs/terraform/first-apply", kJobs}, leaves_creation_lock()});
  all.push_back({"kubernetes/keeps-creation-lock",
                 kCreation,
                 {"kubernetes/terraform/first-apply", kJobs},
                 leaves_creation_lock()});
}

// ---- the second try is another request ----

// After a refusal the holder is looked up, and is gone: it must be free, so it is taken, without asking again
// whether it is.
template <sim::Service S>
Mutation takes_what_looks_free(std::function<typename S::Request(const LockInfo&)> request,
                               std::function<bool(const typename S::Response&)> was_done) {
  return client_of([request = std::move(request), was_done = std::move(was_done)](const Servers& servers) {
    ClientEdit edit;
    edit.lock = [server = servers.of<S>(), request, was_done](const Backend& real, sim::Process& self,
                                                              const LockInfo& info) -> LockResult {
      const LockResult first = real.lock(self, info);
      if (first.status != LockStatus::refused_without_info) return first;
      const auto reply = self.call(server, request(info));
      return reply.answered() && was_done(*reply) ? LockResult{LockStatus::granted, info} : first;
    };
    return edit;
  });
}

void add_looks_free(std::vector<Mutant>& all) {
  constexpr std::string_view kWhat =
      "a refused job that finds no holder any more takes the lock without a condition";
  all.push_back({"s3/free-after-refusal",
                 kWhat,
                 {"s3/lockfile/terraform/no-faults"},
                 takes_what_looks_free<S3>(
                     [](const LockInfo& info) { return S3::PutLock{info, S3::Condition::none}; },
                     [](const S3::Response& response) { return response.status == S3::Status::ok; })});
  all.push_back(
      {"dynamodb/free-after-refusal",
       kWhat,
       {"s3/dynamodb/terraform/no-faults"},
       takes_what_looks_free<DynamoDb>(
           [](const LockInfo& info) { return DynamoDb::PutLock{info, DynamoDb::Condition::none}; },
           [](const DynamoDb::Response& response) { return response.status == DynamoDb::Status::ok; })});
  all.push_back(
      {"oss/free-after-refusal",
       kWhat,
       {"oss/terraform/no-faults"},
       takes_what_looks_free<TableStore>(
           [](const LockInfo& info) { return TableStore::PutLock{info, TableStore::Expect::ignore}; },
           [](const TableStore::Response& response) { return response.status == TableStore::Status::ok; })});
  all.push_back(
      {"oci/free-after-refusal",
       kWhat,
       {"oci/no-faults"},
       takes_what_looks_free<OracleObjects>(
           [](const LockInfo& info) { return OracleObjects::PutLock{info, OracleObjects::Condition::none}; },
           [](const OracleObjects::Response& response) {
             return response.status == OracleObjects::Status::ok;
           })});
}

// ---- an answer that did not come ----

// Deletes what it has locked; when no answer comes it deletes again, this time whatever is there.
Mutation unlocks_again_without_generation() {
  return client_of([](const Servers& servers) {
    ClientEdit edit;
    edit.unlock = [gcs = servers.of<Gcs>()](const Backend&, sim::Process& self,
                                            const LockId& id) -> DoneResult {
      const auto first = self.call(gcs, Gcs::DeleteLock{{id.number, Gcs::Match::kAny}});
      if (first.answered()) return {first->status == Gcs::Status::no_content ? Done::ok : Done::failed};
      self.sleep(kPause);
      const auto second = self.call(gcs, Gcs::DeleteLock{{}});
      return {second.answered() && second->status == Gcs::Status::no_content ? Done::ok : Done::failed};
    };
    return edit;
  });
}

Mutation unlocks_again_without_condition() {
  return client_of([](const Servers& servers) {
    ClientEdit edit;
    edit.unlock = [table = servers.of<DynamoDb>()](const Backend&, sim::Process& self,
                                                   const LockId& id) -> DoneResult {
      const auto holder = self.call(table, DynamoDb::GetItem{DynamoDb::Item::lock, 1});
      if (!holder.answered() || holder->lock.id != id) return {Done::failed};
      const auto first =
          self.call(table, DynamoDb::DeleteLock{id, holder->lock, DynamoDb::Condition::info_unchanged});
      if (first.answered()) return {first->status == DynamoDb::Status::ok ? Done::ok : Done::failed};
      self.sleep(kPause);
      const auto second = self.call(table, DynamoDb::DeleteLock{id, {}, DynamoDb::Condition::none});
      return {second.answered() && second->status == DynamoDb::Status::ok ? Done::ok : Done::failed};
    };
    return edit;
  });
}

Mutation unlocks_again_without_etag() {
  return client_of([](const Servers& servers) {
    ClientEdit edit;
    edit.unlock = [oci = servers.of<OracleObjects>()](const Backend&, sim::Process& self,
                                                      const LockId& id) -> DoneResult {
      using Object = OracleObjects::Object;
      const auto holder = self.call(oci, OracleObjects::GetLock{});
      if (!holder.answered() || holder->lock.id != id) return {Done::failed};
      const auto first = self.call(oci, OracleObjects::DeleteObject{id, Object::lock, holder->etag});
      const auto done = [](const OracleObjects::Response& response) {
        return DoneResult{response.status == OracleObjects::Status::no_content ? Done::ok : Done::failed};
      };
      if (first.answered()) return done(*first);
      self.sleep(kPause);
      const auto second = self.call(oci, OracleObjects::DeleteObject{id, Object::lock, 0});
      return second.answered() ? done(*second) : DoneResult{Done::failed};
    };
    return edit;
  });
}

Mutation unlocks_again_without_id() {
  return client_of([](const Servers& servers) {
    ClientEdit edit;
    edit.unlock = [http = servers.of<HttpState>()](const Backend&, sim::Process& self,
                                                   const LockId& id) -> DoneResult {
      const auto first = self.call(http, HttpState::Unlock{id, id});
      if (first.answered()) return {first->status == HttpState::Status::ok ? Done::ok : Done::failed};
      self.sleep(kPause);
      const auto second = self.call(http, HttpState::Unlock{{}, id});
      return {second.answered() && second->status == HttpState::Status::ok ? Done::ok : Done::failed};
    };
    return edit;
  });
}

// The Lease is cleared with the version of the second look, whoever holds it by then.
Mutation unlocks_again_with_version_of_the_moment() {
  return client_of([](const Servers& servers) {
    ClientEdit edit;
    edit.unlock = [cluster = servers.of<Kubernetes>()](const Backend&, sim::Process& self,
                                                       const LockId& id) -> DoneResult {
      const auto look = self.call(cluster, Kubernetes::GetLease{});
      if (!look.answered() || look->status != Kubernetes::Status::ok || look->lease.holder.id != id)
        return {Done::failed};
      const auto first = self.call(cluster, Kubernetes::UpdateLease{{}, look->lease});
      if (first.answered()) return {first->status == Kubernetes::Status::ok ? Done::ok : Done::failed};
      const auto again = self.call(cluster, Kubernetes::GetLease{});
      if (!again.answered() || again->status != Kubernetes::Status::ok) return {Done::failed};
      if (again->lease.holder.empty()) return {Done::ok};
      const auto second = self.call(cluster, Kubernetes::UpdateLease{{}, again->lease});
      return {second.answered() && second->status == Kubernetes::Status::ok ? Done::ok : Done::failed};
    };
    return edit;
  });
}

// A lock request without an answer is sent again; a refusal of the second must be the work of the first.
Mutation takes_refusal_of_second_try_for_own() {
  return client_of([](const Servers& servers) {
    ClientEdit edit;
    edit.lock = [http = servers.of<HttpState>()](const Backend&, sim::Process& self,
                                                 const LockInfo& info) -> LockResult {
      const auto first = self.call(http, HttpState::Lock{info});
      if (first.answered()) {
        if (first->status == HttpState::Status::ok) return {LockStatus::granted, info};
        return {LockStatus::refused, first->lock};
      }
      self.sleep(kPause);
      const auto second = self.call(http, HttpState::Lock{info});
      return {second.answered() ? LockStatus::granted : LockStatus::failed, info};
    };
    return edit;
  });
}

void add_lost_answers(std::vector<Mutant>& all) {
  constexpr std::string_view kUnlock = "an unlock without an answer is sent again without its condition";
  all.push_back({"gcs/unlocks-again",
                 kUnlock,
                 {"gcs/terraform/lost-response", kJobs},
                 unlocks_again_without_generation()});
  all.push_back({"dynamodb/unlocks-again",
                 kUnlock,
                 {"s3/dynamodb/opentofu/lost-response", kJobs},
                 unlocks_again_without_condition()});
  all.push_back({"oci/unlocks-again", kUnlock, {"oci/lost-response", kJobs}, unlocks_again_without_etag()});
  all.push_back({"http/unlocks-again",
                 kUnlock,
                 {"http/gitlab/opentofu/lost-response", kJobs},
                 unlocks_again_without_id()});
  all.push_back({"kubernetes/unlocks-again",
                 "an unlock without an answer clears the Lease as it is by then",
                 {"kubernetes/terraform/lost-response", kJobs},
                 unlocks_again_with_version_of_the_moment()});
  constexpr std::string_view kLock =
      "a lock request without an answer is sent again, and a refusal of that counts as its own doing";
  all.push_back({"http/second-try-refused",
                 kLock,
                 {"http/gitlab/opentofu/late-lock", kJobs},
                 takes_refusal_of_second_try_for_own()});
}

}  // namespace

std::vector<Mutant> error_path_mutants() {
  std::vector<Mutant> all;
  add_left_locks(all);
  add_looks_free(all);
  add_lost_answers(all);
  return all;
}

}  // namespace lockstorm::league
