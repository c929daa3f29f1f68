// Terraform's and OpenTofu's pg backend (backend-protocols.md 3.8).
#pragma once

#include "models/services/pg_catalog.hpp"
#include "models/services/postgres.hpp"
#include "models/terraform/backend.hpp"

namespace lockstorm::models {

struct PgBackendOptions {
  Dialect dialect = Dialect::terraform;
  /// False: the state is that of a named workspace, which StateMgr creates where the table does not have it
  /// (2.7).
  bool default_workspace = true;
  /// A fix, not the real client: Put replaces only the row that this process read last (5.4.3).
  bool fenced_put = false;
  /// Behind a pooler in transaction mode: a statement with parameters is two round trips, which may meet
  /// different sessions (confirm.md 2, D6). Elsewhere they are as good as one.
  bool two_round_trips = false;
  /// False: `skip_schema_creation`, `skip_table_creation` and `skip_index_creation`, all of them.
  bool sets_up = true;
};

/// The two tools differ in the key of the creation lock - Terraform's is one for the whole database,
/// OpenTofu's one per table (1.1) - which decides whose work elsewhere is in the way (PG-2, PG-3), and in how
/// they say it: Terraform writes the keys of locks into its statements, OpenTofu hands them over as
/// parameters. [TF,OT pg/backend.go, client.go, backend_state.go]
class PgBackend final : public Backend {
 public:
  /// Connections that one process may lose; beyond that sim::LimitExceeded is thrown.
  static constexpr std::uint16_t kMostLost = 1000;

  /// `memory`: for the client's pool of connections, and the lock that it has taken.
  PgBackend(PgBackendOptions options, sim::ServiceRef<Postgres> server, sim::ServiceRef<PgCatalog> catalog,
            sim::Cell memory = {})
      : options_(options), server_(server), catalog_(catalog), memory_(memory) {}

  DoneResult configure(sim::Process& self) const override;
  DoneResult open(sim::Process& self) const override;
  LockResult lock(sim::Process& self, const LockInfo& info) const override;
  GetResult get(sim::Process& self) const override;
  DoneResult put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot& read) const override;
  DoneResult unlock(sim::Process& self, const LockId& id) const override;
  /// `pg_terminate_backend`: force-unlock of the tool does nothing at all (3.8).
  DoneResult evict(sim::Process& self, const LockId& id) const override;
  [[nodiscard]] bool evicts_by_command() const override { return false; }
  [[nodiscard]] bool has_workspaces() const override { return true; }
  WorkspaceListing list_workspace(sim::Process& self) const override;
  DoneResult remove(sim::Process& self) const override;
  /// Nothing: contention messages show the refused process's own LockInfo (3.8, Lock 4).
  LockInfo shown_lock(sim::Process& self) const override;
  LockInfo found_lock(sim::Process& self) const override;
  /// Behind a pooler: one of its sessions has a lock that nobody thinks is his, until it is recycled (PG-5).
  bool is_blocked(sim::Process& self) const override;

  /// The job of somebody who locks or creates another workspace that has the same creation key: with
  /// Terraform any of the database, with OpenTofu any of the table.
  void work_elsewhere(sim::Process& self) const;

 private:
  [[nodiscard]] Postgres::Key creation_key() const;
  struct Answer {
    Postgres::Response response;
    std::uint16_t answered = 0;
    [[nodiscard]] bool is(Postgres::Status status) const {
      return answered != 0 && response.status == status;
    }
  };

  Answer query(sim::Process& self, Postgres::Request statement) const;
  PgCatalog::Status set_up(sim::Process& self, const PgCatalog::Request& statements) const;
  static Answer understood(Postgres::Response response);
  void reconnect(sim::Process& self) const;
  LockResult granted(sim::Process& self, const LockInfo& info, Postgres::Key key) const;

  PgBackendOptions options_;
  sim::ServiceRef<Postgres> server_;
  sim::ServiceRef<PgCatalog> catalog_;
  sim::Cell memory_;
};

}  // namespace lockstorm::models
