// How the holder of the lock table's lock keeps it: the heartbeat of backend-protocols.md 5.3, and the lease
// of 5.4.4, which the holder ends by itself when nothing confirms it.
#pragma once

#include "models/backends/lock_table.hpp"

namespace lockstorm::models {

/// How a wait for the lock ended, and what the holder has to remember of it.
struct HeldLock {
  std::uint16_t granted = 0;
  std::uint16_t epoch = 0;
  Tick last_modified;  ///< what it wrote last
};

/// One process's hold on the lock, from the grant to the release, and the fibers beside the job that keep it.
class LockTableLease {
 public:
  LockTableLease(sim::Process& self, const LockTableBackend& backend)
      : self_(self), backend_(backend), options_(backend.options()) {}

  /// Once, before the first run.
  void start_fibers();

  /// From now on the locks asked for have this id.
  void draw_id(const LockId& id) { shared_.id = id; }
  [[nodiscard]] const LockId& id() const { return shared_.id; }

  /// The lock has been granted. With a lease, waits for the first beat that confirms it, since nobody knows
  /// how long ago it was that an answered or an unanswered acquire took effect. False: it was gone before
  /// that.
  bool begin(const HeldLock& held);
  /// The holder believes that the lock is his, and so may write.
  [[nodiscard]] bool holds() const { return shared_.over == Over::no; }
  /// Lets go. True: the lock may still be in the table, to be released.
  bool end();

  /// An update of the lock that is held, with the condition that the protocol has for it.
  [[nodiscard]] LockTable::UpdateItem mine(LockTable::Update what) const;

 private:
  enum class Over : std::uint16_t {
    no,
    ran_out,  ///< not confirmed in time
    gone,     ///< a beat found it in other hands
  };
  // What the job and the fibers beside it all use.
  struct Shared {
    LockId id;
    HeldLock held;
    std::uint16_t holding = 0;
    Over over = Over::no;
    std::uint16_t beating = 0;    ///< a beat is on its way
    std::uint16_t beat_age = 0;   ///< ticks since its start
    std::uint16_t confirmed = 0;  ///< of this hold one beat at least
    std::uint16_t age = 0;        ///< ticks since the start of the last one that was
  };

  void beat_now_and_then();
  void keep_time();
  void send_beats();
  void count_tick();
  void learn(const SdkAnswer<LockTable::Response>& answer);
  void lose(Over over);

  sim::Process& self_;
  const LockTableBackend& backend_;
  const LockTableOptions& options_;
  Shared shared_;
};

}  // namespace lockstorm::models
