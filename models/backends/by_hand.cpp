#include "models/backends/by_hand.hpp"

#include "checkers/monitors.hpp"
#include "models/terraform/choice.hpp"
#include "models/terraform/milestone.hpp"
#include "models/terraform/outcome.hpp"

namespace lockstorm::models {
namespace {

// A person sends a request once, and looks at what came of it.
template <class Service, class Request>
bool ask(sim::Process& self, sim::ServiceRef<Service> service, const Request& request, auto succeeded) {
  const auto answer = self.call(service, typename Service::Request{request});
  return answer.answered() && succeeded(answer->status);
}

constexpr auto is_2xx = [](auto status) { return static_cast<unsigned>(status) / 100U == 2U; };
template <class Status>
constexpr auto is(Status wanted) {
  return [wanted](Status status) { return status == wanted; };
}

DoneResult done_if_true(bool ok) { return {ok ? Done::ok : Done::failed}; }

}  // namespace

Stores::Stores(const std::vector<NamedService>& services) {
  const auto set = [](auto& reference, std::uint8_t index) {
    if (!reference) reference = typename std::remove_reference_t<decltype(reference)>::value_type{index};
  };
  for (const NamedService& one : services) {
    if (one.name == S3::kName || one.name == TencentCos::kName || one.name == AlibabaOss::kName) {
      set(objects_, one.index);
      lock_objects_ = lock_objects_ || one.keeps_lock;
    }
    if (one.name == TencentTag::kName) set(tags_, one.index);
    if (one.name == DynamoDb::kName) {
      set(dynamodb_, one.index);
      lock_items_ = lock_items_ || one.keeps_lock;
    }
    if (one.name == TableStore::kName) set(tablestore_, one.index);
    if (one.name == AzureBlob::kName) set(azure_, one.index);
    if (one.name == Gcs::kName) set(gcs_, one.index);
    if (one.name == HttpState::kName) set(http_, one.index);
    if (one.name == Kubernetes::kName) set(kubernetes_, one.index);
    if (one.name == Consul::kName) set(consul_, one.index);
    if (one.name == Postgres::kName) set(postgres_, one.index);
    if (one.name == OracleObjects::kName) set(oci_, one.index);
    if (one.name == ProviderStore::kName) set(provider_, one.index);
    if (one.name == TfeWorkspace::kName) set(workspace_, one.index);
  }
}

bool Stores::can(HandAct act) const {
  switch (act) {
    case HandAct::delete_lock:
      return lock_objects_ || lock_items_ || tags_ || tablestore_ || azure_ || gcs_ || http_ || kubernetes_ ||
             consul_ || postgres_ || oci_ || provider_ || workspace_;
    case HandAct::break_lease:
      return azure_.has_value();
    case HandAct::delete_digest:
    case HandAct::recreate_table:
      return dynamodb_ || tablestore_;
    case HandAct::delete_state:
      return objects_ || azure_ || gcs_ || kubernetes_ || consul_ || postgres_ || oci_;
    case HandAct::restore_state:
      return objects_ || azure_ || gcs_ || http_ || kubernetes_ || consul_ || postgres_ || oci_ ||
             provider_ || workspace_;
  }
  return false;
}

std::string Stores::why_not(HandAct act) const {
  switch (act) {
    case HandAct::delete_lock:
      return objects_ ? "nothing is locked there"
                      : "its lock is no record: it ends with the process that has it";
    case HandAct::break_lease:
      return "its lock is no lease of the store's";
    case HandAct::delete_digest:
      return "it keeps no digest beside the state";
    case HandAct::recreate_table:
      return "it has no table of locks";
    case HandAct::delete_state:
    case HandAct::restore_state:
      return "nobody but the tool gets at its state there";
  }
  return {};
}

std::string Stores::instead_of(HandAct act) const {
  switch (act) {
    case HandAct::break_lease:
      return can(HandAct::delete_lock) ? "delete_lock" : "faults: {crash: 1}";
    case HandAct::delete_lock:
      return objects_ ? "a backend block that locks" : "faults: {crash: 1}, which ends such a lock";
    case HandAct::delete_digest:
    case HandAct::recreate_table:
      return "s3 with dynamodb_table, or oss with tablestore_table";
    case HandAct::delete_state:
      return can(HandAct::restore_state) ? "restore_state, or `command: destroy`" : "`command: destroy`";
    case HandAct::restore_state:
      return "`command: [state pull, state push -force]`";
  }
  return {};
}

// azurerm: a lease without metadata. cos: the tag that stands for "somebody is locking".
bool Stores::shows_nameless_lock(sim::Process& self) const {
  if (!azure_) return false;
  const auto answer = self.call(*azure_, AzureBlob::Request{AzureBlob::GetProperties{}});
  return answer.answered() && answer->is_locked();
}

DoneResult Stores::remove_lock(sim::Process& self, const LockId& meant) const {
  bool removed = false;
  const auto note = [&](bool one) { removed |= one; };
  if (objects_ && lock_objects_)
    note(ask(self, *objects_, S3::DeleteLock{meant, {}, S3::Condition::none}, is_2xx));
  if (tags_) note(ask(self, *tags_, TencentTag::DeleteTag{}, is(TencentTag::Status::ok)));
  if (dynamodb_ && lock_items_)
    note(ask(self, *dynamodb_, DynamoDb::DeleteLock{meant, {}, DynamoDb::Condition::none},
             is(DynamoDb::Status::ok)));
  if (tablestore_)
    note(ask(self, *tablestore_, TableStore::DeleteLock{meant, TableStore::Expect::ignore},
             is(TableStore::Status::ok)));
  if (azure_) note(ask(self, *azure_, AzureBlob::BreakLease{}, is_2xx));
  if (gcs_) note(ask(self, *gcs_, Gcs::DeleteLock{}, is_2xx));
  if (http_) note(ask(self, *http_, HttpState::Unlock{meant, meant}, is_2xx));
  if (kubernetes_) note(clear_lease(self, meant).status == Done::ok);
  if (consul_) {
    note(ask(self, *consul_, Consul::DeleteLock{meant}, is(Consul::Status::ok)));
    note(ask(self, *consul_, Consul::DeleteInfo{meant}, is(Consul::Status::ok)));
  }
  if (postgres_) {
    Postgres::TerminateBackend terminate;
    terminate.client = meant.owner;
    note(ask(self, *postgres_, terminate, is(Postgres::Status::ok)));
  }
  if (oci_)
    note(ask(self, *oci_, OracleObjects::DeleteObject{meant, OracleObjects::Object::lock, 0}, is_2xx));
  if (provider_)
    note(ask(self, *provider_, ProviderStore::DeleteLock{meant, 0}, is(ProviderStore::Status::ok)));
  if (workspace_)
    note(ask(self, *workspace_, TfeWorkspace::ForceUnlock{meant}, is(TfeWorkspace::Status::ok)));
  return done_if_true(removed);
}

// `kubectl edit lease`: what was read is what is replaced.
DoneResult Stores::clear_lease(sim::Process& self, const LockId& meant) const {
  const auto read = self.call(*kubernetes_, Kubernetes::Request{Kubernetes::GetLease{}});
  if (!read.answered() || read->status != Kubernetes::Status::ok || read->lease.holder.id != meant)
    return {Done::failed};
  return done_if_true(
      ask(self, *kubernetes_, Kubernetes::UpdateLease{{}, read->lease}, is(Kubernetes::Status::ok)));
}

DoneResult Stores::delete_digest(sim::Process& self) const {
  if (dynamodb_)
    return done_if_true(ask(self, *dynamodb_, DynamoDb::DeleteDigest{}, is(DynamoDb::Status::ok)));
  return done_if_true(ask(self, *tablestore_, TableStore::DeleteDigest{TableStore::Expect::ignore},
                          is(TableStore::Status::ok)));
}

// Whoever's lock was in it.
DoneResult Stores::recreate_table(sim::Process& self) const {
  if (dynamodb_) {
    if (lock_items_) ask(self, *dynamodb_, DynamoDb::DeleteLock{}, is(DynamoDb::Status::ok));
  } else {
    ask(self, *tablestore_, TableStore::DeleteLock{{}, TableStore::Expect::ignore},
        is(TableStore::Status::ok));
  }
  return delete_digest(self);
}

DoneResult Stores::delete_state(sim::Process& self) const {
  if (objects_) return done_if_true(ask(self, *objects_, S3::DeleteState{}, is_2xx));
  if (azure_) return done_if_true(ask(self, *azure_, AzureBlob::DeleteBlob{}, is_2xx));
  if (gcs_) return done_if_true(ask(self, *gcs_, Gcs::DeleteState{}, is_2xx));
  if (consul_) return done_if_true(ask(self, *consul_, Consul::DeleteState{}, is(Consul::Status::ok)));
  if (postgres_) return done_if_true(ask(self, *postgres_, Postgres::DeleteRow{}, is(Postgres::Status::ok)));
  if (oci_) {
    const OracleObjects::DeleteObject remove{{}, OracleObjects::Object::state, 0};
    return done_if_true(ask(self, *oci_, remove, is_2xx));
  }
  return done_if_true(ask(self, *kubernetes_, Kubernetes::DeleteSecret{}, is(Kubernetes::Status::ok)));
}

DoneResult Stores::write_state(sim::Process& self, const StateSnapshot& state) const {
  if (objects_)
    return done_if_true(ask(self, *objects_, S3::PutState{state, {}, S3::Condition::none}, is_2xx));
  if (azure_) {
    AzureBlob::PutBlob put;
    put.body = state;
    return done_if_true(ask(self, *azure_, put, is_2xx));
  }
  if (gcs_) return done_if_true(ask(self, *gcs_, Gcs::InsertState{state, {}, Gcs::Condition::none}, is_2xx));
  if (http_) return done_if_true(ask(self, *http_, HttpState::PostState{state, {}}, is_2xx));
  if (consul_) {
    const Consul::WriteState write{state, {}, Consul::Verb::set, 0};
    return done_if_true(ask(self, *consul_, write, is(Consul::Status::ok)));
  }
  if (postgres_) {
    Postgres::Upsert upsert;
    upsert.state = state;
    return done_if_true(ask(self, *postgres_, upsert, is(Postgres::Status::ok)));
  }
  if (oci_) return done_if_true(ask(self, *oci_, OracleObjects::PutState{state}, is_2xx));
  if (kubernetes_) return write_secret(self, state);
  if (provider_) {
    ProviderStore::WriteState write;
    write.state = state;
    return done_if_true(ask(self, *provider_, write, is(ProviderStore::Status::ok)));
  }
  return workspace_ ? upload_to_workspace(self, state) : DoneResult{Done::failed};
}

// `kubectl edit secret`.
DoneResult Stores::write_secret(sim::Process& self, const StateSnapshot& state) const {
  const auto read = self.call(*kubernetes_, Kubernetes::Request{Kubernetes::GetSecret{0, 1}});
  if (!read.answered() || read->status != Kubernetes::Status::ok) return {Done::failed};
  const Kubernetes::UpdateSecret update{{state, 1, 1}, read->secrets[0], 0};
  return done_if_true(ask(self, *kubernetes_, update, is(Kubernetes::Status::ok)));
}

// "Roll back to this version": the page locks the workspace for it, and refuses where somebody has.
DoneResult Stores::upload_to_workspace(sim::Process& self, const StateSnapshot& state) const {
  const LockId own{sim::Who::me(), 0};
  const auto ok = is(TfeWorkspace::Status::ok);
  if (!ask(self, *workspace_, TfeWorkspace::Lock{own}, ok)) return {Done::failed};
  const bool created = ask(self, *workspace_, TfeWorkspace::CreateStateVersion{state}, ok);
  ask(self, *workspace_, TfeWorkspace::Unlock{own}, ok);
  return done_if_true(created);
}

DoneResult Stores::leave_nameless_lock(sim::Process& self) const {
  if (azure_) return done_if_true(ask(self, *azure_, AzureBlob::AcquireLease{{sim::Who::me(), 0}}, is_2xx));
  if (tags_) return done_if_true(ask(self, *tags_, TencentTag::CreateTag{}, is(TencentTag::Status::ok)));
  return {Done::failed};
}

namespace {

// Whether the rule lets somebody go at a lock that is there.
bool rule_allows(sim::Process& self, sim::ServiceRef<Jobs> jobs, UnlockTarget target, const LockInfo& shown) {
  if (target == UnlockTarget::any) return true;
  // Whose it is nobody can say where it shows no id: then no job at all may be there.
  const Jobs::Request request =
      shown.empty() ? Jobs::Request{Jobs::QueryAll{}} : Jobs::Request{Jobs::QueryJob{shown.id.owner}};
  const auto job = self.call(jobs, request);
  if (!job.answered()) return false;
  return job->status == Jobs::Status::gone ||
         (target == UnlockTarget::unresponsive && job->status == Jobs::Status::silent);
}

struct Deed {
  bool done_anything = false;
  DoneResult result;
};

Deed take_lock_away(sim::Process& self, const Stores& stores, const Backend& backend,
                    sim::ServiceRef<Jobs> jobs, UnlockTarget target) {
  const LockInfo shown =
      self.scope<LockInfo>(scope_tag::shown_lock, [&] { return backend.found_lock(self); });
  const bool is_there = !shown.empty() || backend.is_blocked(self) || stores.shows_nameless_lock(self);
  if (!is_there || !rule_allows(self, jobs, target, shown)) return {};
  self.set_flag(checkers::kHasActed, true);
  return {true, stores.remove_lock(self, shown.id)};
}

// The version that is put back as it was, or as the next one after that which stands there.
DoneResult put_back(sim::Process& self, const Stores& stores, const Backend& backend,
                    const HandOrder& order) {
  if (!order.new_serial) return stores.write_state(self, order.older);
  const GetResult read = self.scope<GetResult>(scope_tag::get, [&] { return backend.get(self); });
  StateSnapshot next = order.older;
  if (read.status == GetStatus::found) {
    next.lineage = read.snapshot.lineage;
    next.serial = read.snapshot.serial;
  }
  ++next.serial;
  next.writer = sim::Who::me();
  return stores.write_state(self, next);
}

Deed change_state(sim::Process& self, const Stores& stores, const Backend& backend, const HandOrder& order) {
  if (self.choose(2, Choice::person_acts) == 0) return {};
  self.set_flag(checkers::kHasActed, true);
  switch (order.act) {
    case HandAct::delete_digest:
      return {true, stores.delete_digest(self)};
    case HandAct::delete_state:
      return {true, stores.delete_state(self)};
    case HandAct::recreate_table:
      return {true, stores.recreate_table(self)};
    case HandAct::restore_state:
      return {true, put_back(self, stores, backend, order)};
    case HandAct::delete_lock:
    case HandAct::break_lease:
      break;
  }
  return {};
}

}  // namespace

void run_by_hand(sim::Process& self, const Stores& stores, const Backend& backend, sim::ServiceRef<Jobs> jobs,
                 const HandOrder& order) {
  self.set_outcome(Outcome{Ending::looked_only});
  if (!stores.can(order.act)) return;
  const Deed deed = takes_lock_away(order.act) ? take_lock_away(self, stores, backend, jobs, order.target)
                                               : change_state(self, stores, backend, order);
  Ending ending = Ending::looked_only;
  if (deed.done_anything) ending = deed.result.status == Done::ok ? Ending::done : Ending::save_failed;
  self.set_outcome(Outcome{ending});
  self.mark(mark_of(0, CommandEnd{ending, ending == Ending::done}));
}

}  // namespace lockstorm::models
