// A store whose lock is a lease: acquire, renew and release are requests, and it keeps the state as well. One
// model for locks of one's own (docs/your-own-backend.md): what differs between them are its members and what
// requests compare.
#pragma once

#include <array>
#include <string>
#include <variant>

#include "models/services/process_set.hpp"
#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// Every request is atomic, and whoever reads sees the last write. Who waits stands in a queue behind the
/// holder; most protocols have none, and the queue is the holder alone.
struct LeaseStore {
  static constexpr std::string_view kName = "lease-store";
  /// A holder and those who wait.
  static constexpr std::size_t kMaxEntries = 4;

  enum class Status : std::uint16_t {
    ok,
    held,       ///< somebody has the lock
    not_there,  ///< there is no such lock, or not that of the request
    throttled,
    failed,     ///< an error: it may have been done
    no_leader,  ///< the leader has changed: not done
  };
  /// What a request compares with the record before it does anything.
  enum class Compare : std::uint16_t {
    nothing,
    holder,  ///< the lock has this id
    token,   ///< ... and this token
    newest,  ///< writes: no newer token has been seen by the state
  };
  /// How a lock is asked for.
  enum class Mode : std::uint16_t {
    create,     ///< if there is none
    overwrite,  ///< whatever there is
    enqueue,    ///< behind whoever is there
  };

  /// What a new leader knows of.
  enum class NewLeader : std::uint8_t {
    keeps_leases,     ///< all leases, and gives each its whole time
    forgets_waiters,  ///< that of the holder alone
    forgets_leases,   ///< none
  };

  struct Entry {
    LockInfo info;
    std::uint16_t token = 0;     ///< since it has been the first
    std::uint16_t left = 0;      ///< ticks until its lease is over; without clocks, or a lease, always 0
    std::uint16_t in_doubt = 0;  ///< nobody renews it: its owner has ended or stands still
    std::uint16_t nameless = 0;  ///< the metadata that says whose it is has not been written yet
    [[nodiscard]] bool exists() const { return !info.id.empty(); }
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };

  struct Value {
    std::array<Entry, kMaxEntries> queue{};  ///< the first has the lock
    std::uint16_t last_token = 0;            ///< tokens grow, and none is given twice
    std::uint16_t newest_seen = 0;           ///< by the state: the newest token that a write has carried
    std::uint16_t leader_changes_left = 0;
    StateSnapshot state;
    ProcessSet ended;  ///< what they have sent may still arrive, and nobody will renew it
    [[nodiscard]] const Entry* find(const LockId& id) const;
    [[nodiscard]] Entry* find(const LockId& id);
    void erase(const LockId& id);
    /// Whoever is the first by now has the lock, and gets a token with it.
    void promote();
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  struct Acquire {
    LockInfo info;
    Mode mode = Mode::create;
    std::uint16_t nameless = 0;  ///< the metadata follows in a request of its own
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct WriteMetadata {
    LockInfo info;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// `id` is what the sender means; what is compared `compare` says.
  struct Renew {
    LockId id;
    std::uint16_t token = 0;
    Compare compare = Compare::token;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct Release {
    LockId id;
    std::uint16_t token = 0;
    Compare compare = Compare::token;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// Who has the lock; and whether the entry of `id` is there, and who is before it.
  struct Look {
    LockId id;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// Removes a lock that says of nobody that it is his.
  struct BreakNameless {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// `registers`: the state remembers the reader's token as it does that of a writer.
  struct ReadState {
    std::uint16_t token = 0;
    std::uint16_t registers = 0;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct WriteState {
    StateSnapshot state;
    LockId id;
    std::uint16_t token = 0;
    Compare compare = Compare::token;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request =
      std::variant<Acquire, WriteMetadata, Renew, Release, Look, BreakNameless, ReadState, WriteState>;

  struct Response {
    Status status = Status::ok;
    std::uint16_t token = 0;     ///< Acquire and Look: the holder's; Renew: that of the lock
    std::uint16_t is_there = 0;  ///< Look: the entry of that id is
    std::uint16_t locked = 0;    ///< there is a holder, named or not
    LockInfo holder;             ///< whom the record names
    LockId ahead;                ///< Acquire, Look: whose entry is just before that of the id
    StateSnapshot state;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  bool leases = true;  ///< false: a lock hangs on no lease, and stays when its holder is gone
  /// How long a lease runs. 0: without clocks whoever runs renews in time, and the lease of one who has ended
  /// or stands still may be over at any moment.
  std::uint8_t lease_ticks = 0;
  bool token_each_renewal = false;    ///< a renewal gives the lock a new token
  bool renewal_answers_token = true;  ///< ... and says which
  bool ignores_renewals = false;      ///< answers them with success, and does nothing
  bool renewal_creates = false;       ///< a renewal of a lock that is not there makes it (an upsert)
  std::uint8_t leader_changes = 0;    ///< requests, at most, in whose midst the leader changes
  NewLeader new_leader = NewLeader::keeps_leases;
  StateSnapshot initial_state{};

  [[nodiscard]] Value initial() const;
  /// While a lease is in doubt 0: it was over before; 1: it was not. The last, while leaders may change: the
  /// leader changes, and the request is answered with an error.
  [[nodiscard]] unsigned alternatives(const Value& value, const Request& request) const;
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request,
                                            unsigned alternative) const;
  [[nodiscard]] static Response refuse(const Request& request, sim::Refusal kind);
  void tick(Value& value) const;
  void process_ended(Value& value, sim::Slot slot) const;
  static void process_started(Value& value, sim::Slot slot);
  void process_paused(Value& value, sim::Slot slot, bool paused) const;
  void settled(Value& value) const;
  /// Nobody while the holder's lease is in doubt.
  [[nodiscard]] sim::SlotSet holders(const Value& value) const;
  static constexpr std::string_view kCountedEvent = "leader_changes";
  [[nodiscard]] unsigned events_spent(const Value& value) const {
    return leader_changes - value.leader_changes_left;
  }
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
  static sim::RanOut ran_out(const Value& before, const Request& request, unsigned alternative,
                             const Value& after);
};

}  // namespace lockstorm::models
