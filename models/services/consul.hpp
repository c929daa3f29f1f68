// Consul: the keys of one state, the lock key bound to a session, and the sessions
// (backend-protocols.md 3.5, 4.4).
#pragma once

#include <array>
#include <string>
#include <variant>

#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// Writes are linearizable (4.4.1), default reads too but around a change of leaders, when one that does not
/// know yet that it has been deposed answers from what it has (4.4.2): `stale_reads` says how many. A stale
/// look at the lock key is left out, since only the acquire behind it decides; so are the timers that a new
/// leader restarts, since they fire when they like here.
///
/// Sessions expire, and the moment is the server's: 2 x TTL after the last renewal or any time later (4.4.3).
/// A process that runs renews its sessions in time (every TTL/2, four times as often as needed); one that is
/// paused or gone may or may not have lost them, so its sessions are `in_doubt` from then on. Whether they
/// have expired is decided when somebody asks for the lock. That is exact: before, nobody can tell. A process
/// that resumes stays in doubt although it renews again, which adds nothing: what expires later might as well
/// have expired in a pause that came later. What ends sessions of running processes is `FailHealthCheck`.
struct Consul {
  static constexpr std::string_view kName = "consul";
  static constexpr std::size_t kMaxSessions = 48;
  static constexpr std::size_t kMaxTexts = 16;
  /// Chunks that a state above the size limit is split in.
  static constexpr std::uint16_t kChunks = 2;

  enum class Status : std::uint16_t {
    ok,                 ///< 200
    no,                 ///< 200 with `false`: acquire refused, CAS failed, transaction rolled back
    not_found,          ///< 404
    unchanged,          ///< no answer yet: the read blocks
    too_large,          ///< 413, "too large"
    too_many_requests,  ///< 429: rate limit
    invalid_session,    ///< 500, "invalid session"
    no_leader,          ///< 500, "No cluster leader"
    no_answer,          ///< never sent: what a client makes of an answer that does not come
    forbidden,          ///< 403, "Permission denied"
  };

  struct Session {
    LockId id;
    std::uint16_t in_doubt = 0;  ///< it may have expired
    [[nodiscard]] bool exists() const { return !id.empty(); }
    friend auto operator<=>(const Session&, const Session&) = default;
  };

  /// Keys `<path>/tfstate.<md5>/<i>` of one text.
  struct Chunks {
    StateSnapshot text;
    std::uint16_t present = 0;  ///< bit i: chunk i exists
    friend auto operator<=>(const Chunks&, const Chunks&) = default;
  };

  struct Value {
    /// Key `<path>`: the text, or the pointer to its chunks. A ModifyIndex is told by the text: a set of
    /// identical bytes keeps the index (4.4.1), and no client writes a text again that another has replaced -
    /// except a duplicated first write, whose second effect has a new index that nobody remembers.
    StateSnapshot state;
    std::uint16_t is_pointer = 0;
    std::array<Chunks, kMaxTexts> chunks{};
    /// Key `<path>/.lock`: the session that holds it; an absent key is a free one.
    LockId holder;
    std::uint16_t delayed = 0;  ///< the lock-delay may still be in force (4.4.4)
    LockInfo info;              ///< key `<path>/.lockinfo`
    /// What stood under the two keys before; kept as long as a stale read may still show it.
    StateSnapshot older_state;
    LockInfo older_info;
    std::uint16_t older_is_pointer = 0;
    std::uint16_t stale_reads_left = 0;
    std::array<Session, kMaxSessions> sessions{};

    void normalise();
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  /// PUT session/create with TTL 15 s, LockDelay 5 s. The server draws the id; here the caller brings it.
  /// Creating the same id again is another session in its place: clients do so when nothing can refer to the
  /// earlier one any more.
  struct CreateSession {
    LockId id;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct DestroySession {
    LockId id;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// GET .lock
  struct GetLock {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// GET .lock?index&consistent, the blocking read of the client's lock monitor: answered when the key does
  /// not name `session` any more. That this answer is not there yet is one way for it to end.
  struct WatchLock {
    LockId session;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// PUT .lock?acquire=SESSION
  struct Acquire {
    LockId session;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// PUT .lock?release=SESSION. Clients use a session for one lock, and their renewers destroy it right after
  /// the release: it is gone at once.
  struct Release {
    LockId session;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// DELETE .lock, whoever holds it (4.4.6).
  struct DeleteLock {
    LockId meant;  ///< a ghost: whose lock the caller wants to remove
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct GetInfo {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct PutInfo {
    LockInfo info;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct DeleteInfo {
    LockId meant;  ///< a ghost, as in DeleteLock
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// GET of the state key.
  struct GetState {
    std::uint16_t for_write = 0;  ///< a ghost, 1: only looks whether it is a pointer
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct GetChunk {
    StateSnapshot text;
    std::uint16_t number = 0;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct PutChunk {
    StateSnapshot text;
    std::uint16_t number = 0;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// DELETE `tfstate.<md5>/?recurse`
  struct DeleteChunks {
    StateSnapshot text;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  enum class Verb : std::uint16_t { set, cas };
  /// PUT txn with one operation on the state key.
  struct WriteState {
    StateSnapshot text;
    StateSnapshot index;  ///< cas: the version it must still be
    Verb verb = Verb::set;
    std::uint16_t pointer = 0;  ///< 1: the value is a pointer to the text's chunks
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// DELETE of the state key alone (`workspace delete`).
  struct DeleteState {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// GET ?keys below the workspace prefix.
  struct ListWorkspaces {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// No request: the node that the holder's session is bound to fails its serfHealth check, or the session's
  /// renewals do not get through for 2 x TTL (4.4.3). The session is gone although its process runs.
  struct FailHealthCheck {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request = std::variant<CreateSession, DestroySession, GetLock, WatchLock, Acquire, Release,
                               DeleteLock, GetInfo, PutInfo, DeleteInfo, GetState, GetChunk, PutChunk,
                               DeleteChunks, WriteState, DeleteState, ListWorkspaces, FailHealthCheck>;

  struct Response {
    Status status = Status::ok;
    std::uint16_t is_pointer = 0;
    LockId holder;
    LockInfo info;
    StateSnapshot state;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  StateSnapshot initial_state;
  bool lock_here = true;
  bool large_states = false;      ///< every state is above the size limit of a value (4.4.8)
  std::uint16_t stale_reads = 0;  ///< default reads that a deposed leader answers (4.4.2)

  [[nodiscard]] Value initial() const;
  /// Of what concerns the lock, 0: as much time has passed as is needed for what is in doubt to be over, but
  /// the caller's own session has not expired; the last one: no time has passed. Of a read of the state or of
  /// the lock info, 1: it is stale.
  [[nodiscard]] unsigned alternatives(const Value& value, const Request& request) const;
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request,
                                            unsigned alternative) const;
  static Response refuse(const Request& request, sim::Refusal kind);
  void process_ended(Value& value, sim::Slot slot) const;
  /// A lock whose session nobody renews is free, and the lock-delay is over.
  void settled(Value& value) const;
  void process_paused(Value& value, sim::Slot slot, bool paused) const;
  /// Nobody while the holder's session is in doubt; everybody when no lock is kept.
  [[nodiscard]] sim::SlotSet holders(const Value& value) const;
  static constexpr std::string_view kCountedEvent = "stale_reads";
  [[nodiscard]] unsigned events_spent(const Value& value) const {
    return stale_reads - value.stale_reads_left;
  }
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
  /// Whose session has expired by then (4.4.3).
  static sim::RanOut ran_out(const Value& before, const Request& request, unsigned alternative,
                             const Value& after);
  /// All chunks that the pointer names are there.
  static bool readable(const Value& value);
};

}  // namespace lockstorm::models
