// A PostgreSQL server with one table of states: session advisory locks and single statements, and a pooler
// before it (backend-protocols.md 3.8, 4.7).
#pragma once

#include <array>
#include <string>
#include <variant>

#include "models/services/process_set.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// Every statement runs on a server session and is atomic (4.7.5). Advisory locks belong to sessions, not to
/// transactions or clients, and go with them (4.7.1). A session whose client has lost the connection still
/// holds its locks until the server notices (4.7.2); since nobody can tell when that is, both are possible as
/// soon as somebody wants such a lock.
struct Postgres {
  static constexpr std::string_view kName = "postgres";

  enum class Status : std::uint16_t {
    ok,
    no_rows,
    fatal,      ///< the session is gone; the driver reports ErrBadConn (2.12)
    unchanged,  ///< a conditional write met another row than it wanted
    failed,     ///< any other error of the server: pq hands it on, and nobody tries again (2.12)
    foreign,    ///< rows of a statement that somebody else has prepared
  };

  /// Which advisory lock: the row's id, or the one that creations take. Terraform's is -1, one for the whole
  /// database, OpenTofu's a hash of schema and table: neither keeps the other tool out (1.1, 3.8).
  enum class Key : std::uint16_t { row, creation, creation_in_table };

  /// The text of a statement with parameters. pq sends such a one in two round trips: it prepares it without
  /// a name, and then binds whatever its session has under that name (confirm.md 2, D6). Without parameters
  /// it is one round trip, `none` here.
  enum class Text : std::uint16_t {
    none,
    try_locks,           ///< Terraform's TryLocks: the name is its only parameter
    try_locks_with_key,  ///< OpenTofu's: the creation key is one, too
    try_creation_lock,   ///< OpenTofu's; any key is its parameter
    unlock,              ///< OpenTofu's, likewise
    select_data,
    upsert,
    remove,
  };
  /// Sessions of a pooler at most.
  static constexpr std::uint16_t kMostPooled = 2;

  /// A server session: the `number`th connection of its client, from 1. Behind a pooler in transaction mode
  /// it has no owner. Number 0: none.
  struct Session {
    sim::Who owner;
    std::uint16_t number = 0;
    friend auto operator<=>(const Session&, const Session&) = default;
  };

  /// Re-entrant: a session may take the lock that it has (4.7.1).
  struct AdvisoryLock {
    Session by;
    std::uint16_t times = 0;
    std::uint16_t elsewhere = 0;  ///< a ghost: whoever took it works on another state
  };

  /// What the server knows of one client's connections. Those before `closed_before` have ended, nothing they
  /// sent can take effect any more; later ones before `current` are lost to their client only.
  struct Connections {
    sim::Who client;
    std::uint16_t current = 1;
    std::uint16_t closed_before = 1;
    friend auto operator<=>(const Connections&, const Connections&) = default;
  };
  static constexpr std::uint16_t kAllClosed = 0xFFFF;
  /// Clients that may lose connections in one run, ended or not.
  static constexpr std::size_t kMaxLosers = 16;

  struct Value {
    StateSnapshot state;  ///< of this workspace's row; absent: no row
    AdvisoryLock row;
    AdvisoryLock creation;
    AdvisoryLock creation_in_table;
    /// Clients that have lost connections, sorted.
    std::array<Connections, kMaxLosers> connections{};
    ProcessSet ended;  ///< all connections of these are closed
    /// A ghost, behind a pooler: who has been told that the lock is his and has not given it back.
    ProcessSet told;
    std::uint16_t losses_left = 0;  ///< how many more sessions the server may end by itself
    /// Behind a pooler, of each of its sessions: what was last prepared there without a name, if it is one of
    /// `remembered`.
    std::array<Text, kMostPooled> prepared{};
    void normalise();
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  /// SELECT name FROM states WHERE name != 'default'.
  struct SelectNames {
    std::uint16_t connection = 1;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// SELECT id, pg_try_advisory_lock(id), pg_try_advisory_lock(creation key) WHERE name = ...
  struct TryLocks {
    std::uint16_t connection = 1;
    Key creation = Key::creation;
    /// Here and below: what the client prepares and then binds; `none`: one round trip does it all.
    Text bound = Text::none;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// SELECT pg_try_advisory_lock(creation key).
  struct TryCreationLock {
    std::uint16_t connection = 1;
    Key creation = Key::creation;
    Text bound = Text::none;
    std::uint16_t elsewhere = 0;  ///< a ghost: to lock or to create another workspace than this state's
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// SELECT pg_advisory_unlock(key).
  struct UnlockKey {
    std::uint16_t connection = 1;
    Text bound = Text::none;
    Key key = Key::row;
    std::uint16_t is_release = 0;  ///< a ghost: 1 for the backend's Unlock, 0 within its Lock
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct SelectData {
    std::uint16_t connection = 1;
    Text bound = Text::none;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// INSERT ... ON CONFLICT (name) DO UPDATE. The fenced variant updates only the row it has read (or inserts
  /// where it has read none): `WHERE states.data = $3`.
  struct Upsert {
    std::uint16_t connection = 1;
    Text bound = Text::none;
    std::uint16_t is_fenced = 0;
    StateSnapshot state;
    StateSnapshot expected;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct DeleteRow {
    std::uint16_t connection = 1;
    Text bound = Text::none;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// What an administrator sees in pg_locks joined with pg_stat_activity.
  struct SelectLocks {
    std::uint16_t connection = 1;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// SELECT pg_terminate_backend(pid) of that client's session.
  struct TerminateBackend {
    std::uint16_t connection = 1;
    sim::Who client;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request = std::variant<SelectNames, TryLocks, TryCreationLock, UnlockKey, SelectData, Upsert,
                               DeleteRow, SelectLocks, TerminateBackend>;

  struct Response {
    Status status = Status::ok;
    std::uint16_t got_row = 0;  ///< TryLocks; UnlockKey: the session had it; SelectLocks: somebody has it
    std::uint16_t got_creation = 0;  ///< TryLocks, TryCreationLock, SelectLocks
    StateSnapshot state{};           ///< SelectData; SelectNames: there is a row
    sim::Who holder{};               ///< SelectLocks
    std::uint16_t elsewhere = 0;     ///< a ghost: the creation key was refused because of another state
    /// A ghost: what was bound there instead of what the client had prepared; `failed` and `none`: nothing
    /// was there.
    Text instead = Text::none;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  StateSnapshot initial_state;
  /// A pooler in transaction mode: every round trip goes to any of its server sessions (4.7.4), at most
  /// kMostPooled.
  std::uint16_t pooled_sessions = 0;
  /// How many sessions the server may end by itself: fail-over, restart, idle_session_timeout (4.7.2, 4.7.3).
  std::uint16_t session_losses = 0;

  /// Texts (a bit each) that may do something else than fail where another statement finds them; what is left
  /// of any other need not be told from nothing.
  std::uint16_t remembered = 0xFFFF;

  [[nodiscard]] Value initial() const;
  [[nodiscard]] unsigned alternatives(const Value& value, const Request& request) const;
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request,
                                            unsigned alternative) const;
  void process_ended(Value& value, sim::Slot slot) const;
  void process_started(Value& value, sim::Slot slot) const;
  void connection_lost(Value& value, sim::Slot slot) const;
  [[nodiscard]] sim::SlotSet holders(const Value& value) const;
  static constexpr std::string_view kCountedEvent = "session_losses";
  [[nodiscard]] unsigned events_spent(const Value& value) const { return session_losses - value.losses_left; }
  static std::string_view operation(const Request& request);
  [[nodiscard]] sim::Route route(const Request& request, unsigned alternative) const;
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);

 private:
  [[nodiscard]] sim::Effect<Response> apply_pooled(Value& value, sim::Who caller, const Request& request,
                                                   unsigned alternative) const;
};

}  // namespace lockstorm::models
