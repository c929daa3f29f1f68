// People at the consoles of the stores: what they can delete, break and put back without the tools' commands.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/services/azure_blob.hpp"
#include "models/services/consul.hpp"
#include "models/services/dynamodb.hpp"
#include "models/services/gcs.hpp"
#include "models/services/http_state.hpp"
#include "models/services/jobs.hpp"
#include "models/services/kubernetes.hpp"
#include "models/services/oracle_objects.hpp"
#include "models/services/postgres.hpp"
#include "models/services/provider_store.hpp"
#include "models/services/s3.hpp"
#include "models/services/tablestore.hpp"
#include "models/services/tencent_tag.hpp"
#include "models/services/tfe_workspace.hpp"
#include "models/terraform/backend.hpp"
#include "models/terraform/hand_act.hpp"
#include "models/terraform/operator.hpp"

namespace lockstorm::models {

/// A server of a world, by what it is called there.
struct NamedService {
  std::string_view name;
  std::uint8_t index = 0;
  bool keeps_lock = false;  ///< by its record somebody holds the lock
};

/// The stores that a person can get at. What the kernel or the tool's own process keeps is not among them.
class Stores {
 public:
  explicit Stores(const std::vector<NamedService>& services);

  [[nodiscard]] bool can(HandAct act) const;
  /// Why not, a clause, and what can be done there instead; `can` is false.
  [[nodiscard]] std::string why_not(HandAct act) const;
  [[nodiscard]] std::string instead_of(HandAct act) const;

  /// Whether the store shows a lock that no message of the tool names.
  [[nodiscard]] bool shows_nameless_lock(sim::Process& self) const;
  /// `meant`: the lock that was seen; nobody's where it showed no id.
  DoneResult remove_lock(sim::Process& self, const LockId& meant) const;
  DoneResult delete_digest(sim::Process& self) const;
  DoneResult delete_state(sim::Process& self) const;
  DoneResult recreate_table(sim::Process& self) const;
  DoneResult write_state(sim::Process& self, const StateSnapshot& state) const;
  /// A lock whose owner has died before it has left its id (3.4, 3.8); failed: there are none here.
  DoneResult leave_nameless_lock(sim::Process& self) const;
  [[nodiscard]] bool has_nameless_locks() const { return azure_.has_value() || tags_.has_value(); }

 private:
  DoneResult write_secret(sim::Process& self, const StateSnapshot& state) const;
  DoneResult upload_to_workspace(sim::Process& self, const StateSnapshot& state) const;
  DoneResult clear_lease(sim::Process& self, const LockId& meant) const;

  std::optional<sim::ServiceRef<S3>> objects_;  ///< s3, cos or oss
  bool lock_objects_ = false;
  std::optional<sim::ServiceRef<TencentTag>> tags_;
  std::optional<sim::ServiceRef<DynamoDb>> dynamodb_;
  bool lock_items_ = false;
  std::optional<sim::ServiceRef<TableStore>> tablestore_;
  std::optional<sim::ServiceRef<AzureBlob>> azure_;
  std::optional<sim::ServiceRef<Gcs>> gcs_;
  std::optional<sim::ServiceRef<HttpState>> http_;
  std::optional<sim::ServiceRef<Kubernetes>> kubernetes_;
  std::optional<sim::ServiceRef<Consul>> consul_;
  std::optional<sim::ServiceRef<Postgres>> postgres_;
  std::optional<sim::ServiceRef<OracleObjects>> oci_;
  std::optional<sim::ServiceRef<ProviderStore>> provider_;
  std::optional<sim::ServiceRef<TfeWorkspace>> workspace_;
};

/// What somebody who acts by hand goes by.
struct HandOrder {
  HandAct act = HandAct::delete_lock;
  UnlockTarget target = UnlockTarget::dead;
  StateSnapshot older;      ///< what `restore_state` puts back
  bool new_serial = false;  ///< ... one above that of the state that stands there
};

/// Somebody looks, and acts or does not. `backend`: through which he sees locks and the state.
void run_by_hand(sim::Process& self, const Stores& stores, const Backend& backend, sim::ServiceRef<Jobs> jobs,
                 const HandOrder& order);

}  // namespace lockstorm::models
