// Configure, Lock, Get, Put and Unlock of backend-protocols.md 3.8 in the order of the real statements.
#include "models/backends/pg.hpp"

#include "models/terraform/state_manager.hpp"
#include "sim/limits.hpp"

namespace lockstorm::models {
namespace {

using Key = Postgres::Key;
using Status = Postgres::Status;

// 2.12: two tries on cached connections, one on a new one.
constexpr unsigned kTries = 3;

// What the client remembers between its calls. The pool of connections outlives an operation; `c.info`, which
// says which key was locked, is the manager's.
struct PgClient {
  enum class Held : std::uint16_t { none, row, creation };
  std::uint16_t lost = 0;  ///< connections so far
  Held held = Held::none;
};

using Text = Postgres::Text;

// The text of a statement with parameters; without, `none`.
class TextOf {
 public:
  explicit TextOf(Dialect dialect) : is_opentofu_(dialect == Dialect::opentofu) {}

  Text operator()(const Postgres::TryLocks&) const {
    return is_opentofu_ ? Text::try_locks_with_key : Text::try_locks;
  }
  Text operator()(const Postgres::TryCreationLock&) const {
    return is_opentofu_ ? Text::try_creation_lock : Text::none;
  }
  Text operator()(const Postgres::UnlockKey&) const { return is_opentofu_ ? Text::unlock : Text::none; }
  Text operator()(const Postgres::SelectData&) const { return Text::select_data; }
  Text operator()(const Postgres::Upsert&) const { return Text::upsert; }
  Text operator()(const Postgres::DeleteRow&) const { return Text::remove; }
  template <class WithoutParameters>
  Text operator()(const WithoutParameters&) const {
    return Text::none;
  }

 private:
  bool is_opentofu_;
};

void bind(Postgres::Request& statement, Text text) {
  std::visit(
      [text](auto& one) {
        if constexpr (requires { one.bound; }) one.bound = text;
      },
      statement);
}

}  // namespace

// database/sql hands a statement to some connection of its pool; one that turns out to be dead (ErrBadConn)
// is thrown away and the statement sent again on another - a new session, without the locks of the old one.
// That the first copy may have taken effect stops nobody. The pool never holds two connections here: a
// manager makes one call at a time (2.4.8), so PG-6 cannot show. With a second round trip the whole statement
// is sent again; any other error than a lost connection ends it (2.12). [PQ conn.go: query, Exec, prepareTo]
PgBackend::Answer PgBackend::query(sim::Process& self, Postgres::Request statement) const {
  return self.scope<Answer>(scope_tag::sdk_call, [&]() -> Answer {
    const Text text = options_.two_round_trips ? std::visit(TextOf(options_.dialect), statement) : Text::none;
    bind(statement, text);
    for (unsigned tried = 0; tried < kTries; ++tried) {
      const auto connection = static_cast<std::uint16_t>(self.kept<PgClient>(memory_).lost + 1U);
      std::visit([&](auto& one) { one.connection = connection; }, statement);
      const auto reply = self.call(server_, statement);
      if (reply.answered() && reply->status != Status::fatal) return understood(*reply);
      reconnect(self);
    }
    return {};
  });
}

// What was in the place of a statement is nothing that a client is told.
PgBackend::Answer PgBackend::understood(Postgres::Response response) {
  response.instead = Text::none;
  return {response, 1};
}

void PgBackend::reconnect(sim::Process& self) const {
  auto client = self.kept<PgClient>(memory_);
  sim::require(++client.lost <= kMostLost, "more than 1000 connections to PostgreSQL that one process loses");
  self.keep(memory_, client);
}

// [pg/backend.go: Configure (OT configure)]. Three tries on three connections, as any statement has.
DoneResult PgBackend::configure(sim::Process& self) const {
  if (!options_.sets_up) return {Done::ok};
  return self.scope<DoneResult>(scope_tag::configure, [&]() -> DoneResult {
    PgCatalog::Status status = set_up(self, PgCatalog::Look{});
    if (status == PgCatalog::Status::missing) status = set_up(self, PgCatalog::Create{});
    return {status == PgCatalog::Status::ok ? Done::ok : Done::failed};
  });
}

PgCatalog::Status PgBackend::set_up(sim::Process& self, const PgCatalog::Request& statements) const {
  for (unsigned tried = 0; tried < kTries; ++tried) {
    const auto reply = self.call(catalog_, statements);
    if (reply.answered()) return reply->status;
  }
  return PgCatalog::Status::failed;
}

// [pg/backend_state.go: StateMgr, Workspaces]. The default workspace is created by its first Put. A new
// manager remembers no lock.
DoneResult PgBackend::open(sim::Process& self) const {
  auto client = self.kept<PgClient>(memory_);
  client.held = PgClient::Held::none;
  self.keep(memory_, client);
  const Answer names = query(self, Postgres::SelectNames{});
  if (names.answered == 0) return {Done::failed};
  if (options_.default_workspace || names.is(Status::ok)) return {Done::ok};
  const LockResult locked = lock(self, {{sim::Who::me(), kInitLock}, LockOperation::init});
  if (locked.status != LockStatus::granted) return {Done::failed};
  ManagerState manager;
  manager.current.writer = sim::Who::me();
  manager = persist_state(self, *this, manager);  // looks again under the lock only by 2.4.3b
  const DoneResult unlocked = unlock(self, locked.info.id);
  return {manager.last == Done::ok ? unlocked.status : manager.last};
}

// [pg/client.go: Lock]
LockResult PgBackend::lock(sim::Process& self, const LockInfo& info) const {
  // Lock 4: whatever goes wrong can be waited for, and shows the caller its own info.
  const auto refused = [](const Answer& answer) {
    return LockResult{LockStatus::refused_showing_caller, {}, answer.response.elsewhere};
  };
  // Lock 1
  const Answer both = query(self, Postgres::TryLocks{.creation = creation_key()});
  if (both.is(Status::no_rows)) {
    // Lock 2
    const Answer creation = query(self, Postgres::TryCreationLock{.creation = creation_key()});
    if (!creation.is(Status::ok) || creation.response.got_creation == 0) return refused(creation);
    return granted(self, info, creation_key());
  }
  if (!both.is(Status::ok)) return refused(both);
  // Lock 3. What becomes of the unlock is not looked at, not even an error.
  const bool got_both = both.response.got_row != 0 && both.response.got_creation != 0;
  const Key other = both.response.got_row == 0 || got_both ? creation_key() : Key::row;
  query(self, Postgres::UnlockKey{.key = other});
  if (!got_both) return refused(both);
  return granted(self, info, Key::row);
}

Postgres::Key PgBackend::creation_key() const {
  return options_.dialect == Dialect::terraform ? Key::creation : Key::creation_in_table;
}

LockResult PgBackend::granted(sim::Process& self, const LockInfo& info, Key key) const {
  auto client = self.kept<PgClient>(memory_);
  client.held = key == Key::row ? PgClient::Held::row : PgClient::Held::creation;
  self.keep(memory_, client);
  return {LockStatus::granted, info};
}

// [pg/client.go: Get]
GetResult PgBackend::get(sim::Process& self) const {
  const Answer data = query(self, Postgres::SelectData{});
  if (data.is(Status::no_rows)) return {GetStatus::absent, {}};
  if (!data.is(Status::ok)) return {GetStatus::failed, {}};
  return {GetStatus::found, data.response.state};
}

// [pg/client.go: Put]
DoneResult PgBackend::put(sim::Process& self, const StateSnapshot& snapshot,
                          const StateSnapshot& read) const {
  Postgres::Upsert upsert;
  upsert.state = snapshot;
  if (options_.fenced_put) {
    upsert.is_fenced = 1;
    upsert.expected = read;
  }
  return {query(self, upsert).is(Status::ok) ? Done::ok : Done::failed};
}

// What the process remembers of its Lock decides, not the id; a fresh one - force-unlock - remembers nothing,
// does nothing and reports success. [pg/client.go: Unlock]
DoneResult PgBackend::unlock(sim::Process& self, const LockId& /*id*/) const {
  const PgClient::Held held = self.kept<PgClient>(memory_).held;
  if (held == PgClient::Held::none) return {Done::ok, LeftUndone::no_way};
  const Key key = held == PgClient::Held::creation ? creation_key() : Key::row;
  if (!query(self, Postgres::UnlockKey{.key = key, .is_release = 1}).is(Status::ok)) return {Done::failed};
  auto client = self.kept<PgClient>(memory_);  // it may have reconnected meanwhile
  client.held = PgClient::Held::none;
  self.keep(memory_, client);
  return {Done::ok};
}

DoneResult PgBackend::evict(sim::Process& self, const LockId& id) const {
  Postgres::TerminateBackend terminate;
  terminate.client = id.owner;
  return {query(self, terminate).is(Status::ok) ? Done::ok : Done::failed};
}

// PG-2, PG-3: to lock any workspace is to try the creation key too, and to create one is to keep it until the
// apply has ended. Nothing else that it does can be noticed here.
void PgBackend::work_elsewhere(sim::Process& self) const {
  const Answer creation = query(self, Postgres::TryCreationLock{.creation = creation_key(), .elsewhere = 1});
  if (creation.is(Status::ok) && creation.response.got_creation != 0)
    query(self, Postgres::UnlockKey{.key = creation_key(), .is_release = 1});
}

WorkspaceListing PgBackend::list_workspace(sim::Process& self) const {
  const Answer names = query(self, Postgres::SelectNames{});
  if (names.answered == 0) return {};
  const bool listed = options_.default_workspace || names.is(Status::ok);
  return {Done::ok, listed ? std::uint16_t{1} : std::uint16_t{0}};
}

// [pg/backend_state.go: DeleteWorkspace]
DoneResult PgBackend::remove(sim::Process& self) const {
  if (options_.default_workspace) return {Done::failed};
  return {query(self, Postgres::DeleteRow{}).is(Status::ok) ? Done::ok : Done::failed};
}

LockInfo PgBackend::shown_lock(sim::Process&) const { return {}; }

bool PgBackend::is_blocked(sim::Process& self) const {
  const Answer locks = query(self, Postgres::SelectLocks{});
  const bool held = locks.response.got_row != 0 || locks.response.got_creation != 0;
  return locks.is(Status::ok) && held && locks.response.holder.is_nobody();
}

LockInfo PgBackend::found_lock(sim::Process& self) const {
  const Answer locks = query(self, Postgres::SelectLocks{});
  if (!locks.is(Status::ok)) return {};
  return {{locks.response.holder, 0}, LockOperation::none};
}

}  // namespace lockstorm::models
