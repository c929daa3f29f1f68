// The lock workload as a world of both engines (bench/peers/README.md has the state space): one server, and
// straight-line clients whose calls are two steps each.
#pragma once

#include <variant>

#include "sim/monitor.hpp"
#include "sim/process/process.hpp"
#include "sim/world_spec.hpp"

namespace lockstorm::bench {

/// The lock record and the version of the state.
struct LockService {
  static constexpr std::string_view kName = "lock server";
  /// Effects of this kind are lost updates.
  static constexpr sim::Tags kLostUpdate = 1;

  struct Value {
    sim::Who holder;
    std::uint8_t generation = 0;
    std::uint8_t version = 0;
    std::uint8_t steals = 0;
    std::uint8_t unused = 0;
  };
  struct Acquire {
    std::uint8_t seen = 0;  ///< generation of the last refusal: that lock may be stolen
  };
  struct Read {};
  struct Write {
    std::uint8_t mine = 0;
    std::uint8_t read = 0;
  };
  struct Release {
    std::uint8_t mine = 0;
  };
  using Request = std::variant<Acquire, Read, Write, Release>;
  struct Response {
    std::uint8_t ok = 0;          ///< taken, or written
    std::uint8_t generation = 0;  ///< acquire
    std::uint8_t version = 0;     ///< read
    std::uint8_t asked = 0;       ///< acquire: `seen` of the request, echoed when it succeeds
  };

  std::uint8_t max_steals = 0;
  bool fenced = true;

  Value initial() const { return {}; }
  /// Alternative 1 of an acquire that is refused: steal.
  unsigned alternatives(const Value& value, const Request& request) const {
    const auto* acquire = std::get_if<Acquire>(&request);
    return acquire != nullptr && may_steal(value, *acquire) ? 2 : 1;
  }
  sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request,
                              unsigned alternative) const {
    return std::visit(
        [&](const auto& item) { return on(value, sim::Who::process(caller), item, alternative); }, request);
  }

 private:
  using Result = sim::Effect<Response>;

  bool may_steal(const Value& value, const Acquire& acquire) const {
    return !value.holder.is_nobody() && acquire.seen != 0 && acquire.seen == value.generation &&
           value.steals < max_steals;
  }
  static bool holds(const Value& value, sim::Who me, std::uint8_t mine) {
    return value.holder == me && value.generation == mine;
  }
  static Result on(Value& value, sim::Who me, const Acquire& acquire, unsigned alternative) {
    if (!value.holder.is_nobody() && alternative == 0) return {{0, value.generation, 0, 0}, 0};
    if (!value.holder.is_nobody()) ++value.steals;
    value.holder = me;
    ++value.generation;
    return {{1, value.generation, 0, acquire.seen}, 0};
  }
  static Result on(Value& value, sim::Who, const Read&, unsigned) { return {{1, 0, value.version, 0}, 0}; }
  Result on(Value& value, sim::Who me, const Write& write, unsigned) const {
    if (fenced && !holds(value, me, write.mine)) return {{}, 0};
    const sim::Tags tags = value.version != write.read ? kLostUpdate : sim::Tags{0};
    value.version = static_cast<std::uint8_t>(write.read + 1);
    return {{1, 0, 0, 0}, tags};
  }
  static Result on(Value& value, sim::Who me, const Release& release, unsigned) {
    if (holds(value, me, release.mine)) value.holder = sim::Who::nobody();
    return {{}, 0};
  }
};

/// Property 0: a lost update.
struct LockWatch : sim::NoMonitor {
  static constexpr sim::Tags kEffectTags = LockService::kLostUpdate;
  sim::Violations on_effect(std::span<std::uint8_t>, const sim::EffectEvent&) const { return 1; }
};

struct LockBounds {
  std::uint16_t clients = 2;
  std::uint8_t rounds = 1;
  std::uint8_t steals = 0;  ///< above 0: one client may die in an apply step, too
  bool fenced = true;
};

namespace detail {

// What a loop keeps.
struct Turn {
  std::uint8_t round = 0;
  std::uint8_t seen = 0;
};

inline std::uint8_t acquire(sim::Process& self, std::uint8_t round) {
  const sim::ServiceRef<LockService> server{0};
  for (Turn turn{round, 0};;) {
    self.forget(1, turn);
    const auto reply = self.call(server, LockService::Acquire{turn.seen});
    if (reply->ok != 0) return reply->generation;
    turn.seen = reply->generation;
  }
}

}  // namespace detail

/// One client; numbers are the points of the workload.
inline void lock_client(sim::Process& self, std::uint8_t rounds) {
  const sim::ServiceRef<LockService> server{0};
  for (detail::Turn turn;; ++turn.round) {
    self.forget(2, turn);
    if (turn.round == rounds) return;
    const auto mine = self.scope<std::uint8_t>(3, [&] { return detail::acquire(self, turn.round); });  // 1, 2
    self.scope<std::uint8_t>(4, [&] {
      const std::uint8_t read = self.call(server, LockService::Read{})->version;  // 3, 4
      for (int step = 0; step < 3; ++step) self.work();                           // 5, 6, 7
      self.call(server, LockService::Write{mine, read});                          // 8, 9
      return std::uint8_t{0};
    });
    self.call(server, LockService::Release{mine});  // 10, 11
  }
}

inline sim::WorldSpec lock_world(const LockBounds& bounds) {
  sim::WorldSpec spec;
  spec.services.push_back(sim::make_service(LockService{bounds.steals, bounds.fenced}));
  spec.classes.push_back({"client",
                          [rounds = bounds.rounds](sim::Process& self) { lock_client(self, rounds); },
                          bounds.clients, 0xFFFF});
  spec.two_step_calls = true;
  spec.crashes_only_at_work = true;
  if (bounds.steals > 0) spec.budget[sim::Fault::crash] = 1;
  return spec;
}

}  // namespace lockstorm::bench
