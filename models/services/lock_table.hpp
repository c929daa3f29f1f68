// The simplified lock table as a server: one DynamoDB item that says whether a state is locked
// (backend-protocols.md 5.1, 4.1), and the attributes that the corrected protocol adds to it (5.4).
#pragma once

#include <string>
#include <variant>

#include "models/services/tick.hpp"
#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

struct LockTable {
  static constexpr std::string_view kName = "lock-table";

  enum class Status : std::uint16_t { ok, conditional_check_failed, throttled, server_error };

  /// What an UpdateItem sets.
  enum class Update : std::uint16_t {
    acquire,    ///< IsLocked = true, LastModified = m (Owner = me, Epoch = Epoch + 1, Beat = 0)
    take_over,  ///< the same on a lock that is taken for stale
    release,    ///< IsLocked = false, LastModified = m (REMOVE Owner)
    heartbeat,  ///< LastModified = m (Beat = Beat + 1)
    put_state,  ///< State = the new state file
  };
  /// When it does so; evaluated atomically with the write (4.1.1).
  enum class Condition : std::uint16_t {
    none,
    is_free,          ///< attribute_not_exists(LockID) OR IsLocked = false
    is_locked,        ///< IsLocked = true
    last_modified,    ///< IsLocked = true AND LastModified = the value seen
    owner,            ///< Owner = the value given
    owner_and_epoch,  ///< Owner = me AND Epoch = mine
    epoch_and_beat,   ///< IsLocked = true AND Epoch = and Beat = the values seen
  };
  /// Which attributes a GetItem asks for.
  enum class Projection : std::uint16_t {
    age,         ///< IsLocked, LastModified
    owner,       ///< IsLocked, Owner, Epoch, Beat
    state,       ///< State
    everything,  ///< all, and whose lock it is: what a person finds out with the help of the CI's job list
  };

  struct Row {
    std::uint8_t exists = 0;
    std::uint8_t is_locked = 0;
    Tick last_modified;  ///< as the writer's clock showed it
    std::uint16_t beat = 0;
    std::uint16_t epoch = 0;
    LockId owner;  ///< whose lock it is; without `has_owner` nobody stored it, and no client is shown it
    friend auto operator<=>(const Row&, const Row&) = default;
  };

  struct Value {
    Row row;
    Row older;                     ///< what an eventually consistent read may still show
    StateSnapshot state;           ///< attribute State, only where the state lives in the same item (5.4.3)
    Tick now;                      ///< true time
    std::uint16_t lease_left = 0;  ///< ghost: ticks until the holder's lease is over, 0 = over or not judged
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  struct GetItem {
    Projection projection = Projection::age;
    std::uint16_t consistent_read = 1;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct UpdateItem {
    Update update = Update::acquire;
    Condition condition = Condition::none;
    LockId owner{};  ///< Owner; where the table has none, a ghost: the lock that the client means
    Tick last_modified{};
    Tick expected_last_modified{};
    std::uint16_t expected_epoch = 0;
    std::uint16_t expected_beat = 0;
    StateSnapshot state{};
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request = std::variant<GetItem, UpdateItem>;

  struct Response {
    Status status = Status::ok;
    Row row;                    ///< GetItem: the attributes asked for; acquire and take_over: the new Epoch
    StateSnapshot state;        ///< GetItem state
    std::uint16_t is_read = 0;  ///< GetItem: found or not
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  bool has_owner = false;   ///< Owner, Epoch, Beat and State are attributes of the item (5.4)
  bool row_exists = true;   ///< false: the very first use (L0-7)
  bool stale_lock = false;  ///< an earlier job died with the lock, longer ago than any lease
  /// An earlier job, alive, took the lock a moment ago and keeps it. It writes LastModified anew just when
  /// its lease would end, so that only an older version of the record looks free or stale (L0-5, L1-7).
  bool held_lock = false;
  bool eventual_reads = false;  ///< somebody reads without ConsistentRead, so the older version matters
  StateSnapshot initial_state;  ///< attribute State
  /// How long a lease runs in ticks; 0: there is no clock to judge leases by.
  std::uint8_t lease_ticks = 0;
  /// True: a lease runs from the moment the table is written. False: from the LastModified that was written,
  /// as the protocols of 5.3 understand it; only fair while every clock is right.
  bool lease_from_write = true;

  [[nodiscard]] Value initial() const;
  [[nodiscard]] unsigned alternatives(const Value& value, const Request& request) const;
  /// Alternative 1 of a read is the older version.
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request,
                                            unsigned alternative) const;
  [[nodiscard]] static Response refuse(const Request& request, sim::Refusal kind);
  void tick(Value& value) const;
  [[nodiscard]] sim::SlotSet holders(const Value& value) const;
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

}  // namespace lockstorm::models
