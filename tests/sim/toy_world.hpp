// A small lock protocol for tests of the engines: one server with a lock and a counter.
#pragma once

#include <array>
#include <string>
#include <variant>

#include "sim/monitor.hpp"
#include "sim/process/process.hpp"
#include "sim/world_spec.hpp"

namespace lockstorm::sim::toy {

struct Acquire {
  friend auto operator<=>(const Acquire&, const Acquire&) = default;
};
struct Release {
  std::uint8_t only_mine = 1;
};
struct Read {};
struct Write {
  std::uint8_t value = 0;
  std::uint8_t base = 0;
};

struct Server {
  static constexpr std::string_view kName = "server";
  struct Value {
    Who holder;
    std::uint8_t counter = 0;
    std::uint8_t unused = 0;
  };
  using Request = std::variant<Acquire, Release, Read, Write>;
  static std::string operation(const Request& request) {
    static constexpr std::array<const char*, 4> kNames{"Acquire", "Release", "Read", "Write"};
    return kNames[request.index()];
  }
  struct Response {
    Who holder;
    std::uint8_t ok = 0;
    std::uint8_t counter = 0;
  };
  static constexpr Tags kLost = 1;

  Value initial() const { return {}; }
  Effect<Response> apply(Value& value, Slot caller, const Request& request) const {
    const Who me = Who::process(caller);
    if (std::holds_alternative<Acquire>(request)) {
      if (!value.holder.is_nobody()) return {{value.holder, 0, 0}, 0};
      value.holder = me;
      return {{me, 1, 0}, 0};
    }
    if (const auto* release = std::get_if<Release>(&request)) {
      if (release->only_mine == 0 || value.holder == me) value.holder = Who::nobody();
      return {{Who::nobody(), 1, 0}, 0};
    }
    if (std::holds_alternative<Read>(request)) return {{value.holder, 1, value.counter}, 0};
    const Write& write = std::get<Write>(request);
    const Tags tags = write.base != value.counter ? kLost : Tags{0};
    value.counter = write.value;
    return {{Who::nobody(), 1, value.counter}, tags};
  }
  Response refuse(const Request&, Refusal) const { return {Who::nobody(), 2, 0}; }
  SlotSet holders(const Value& value) const { return only(value.holder); }
};

inline constexpr ServiceRef<Server> kServer{0};
inline constexpr std::uint16_t kInside = 1;

/// What a scope tells that has nothing to tell.
struct Nothing {};

/// Property 0: two clients inside; property 1: a lost update.
struct Watch {
  [[nodiscard]] unsigned bits() const { return 0; }
  static constexpr Tags kEffectTags = Server::kLost;
  static constexpr Tags kDeliveryTags = 0;
  static constexpr std::uint16_t kActs = 0;
  static constexpr std::uint16_t kFlags = kInside;
  Violations on_effect(std::span<std::uint8_t>, const EffectEvent&) const { return 2; }
  Violations on_delivered(std::span<std::uint8_t>, Slot, Tags) const { return 0; }
  Violations on_flags(Slot slot, std::uint16_t, std::uint16_t after,
                      std::span<const std::uint16_t> all) const {
    if ((after & kInside) == 0) return 0;
    for (Slot other = 0; other < all.size(); ++other) {
      if (other != slot && (all[other] & kInside) != 0) return 1;
    }
    return 0;
  }
};

/// Lock (with `tries` attempts), read, write value + 1, unlock. `client_retries`: a call is repeated once
/// when unanswered. `scoped`: the calls are scopes.
inline void client(Process& self, unsigned tries, bool client_retries, bool scoped, std::uint8_t only_mine) {
  const auto call = [&](const Server::Request& request) {
    auto reply = self.call(kServer, request);
    if (!reply.answered() && client_retries) reply = self.call(kServer, request);
    return reply.answered() ? *reply : Server::Response{Who::nobody(), 3, 0};
  };
  const auto call_in_scope = [&](std::uint16_t tag, const Server::Request& request) {
    return scoped ? self.scope<Server::Response>(tag, [&] { return call(request); }) : call(request);
  };
  bool locked = false;
  for (unsigned i = 0; i < tries && !locked; ++i) locked = call_in_scope(1, Acquire{}).ok == 1;
  if (!locked) return;
  self.set_flag(kInside, true);
  const auto seen = call_in_scope(2, Read{});
  if (seen.ok == 1) call_in_scope(3, Write{static_cast<std::uint8_t>(seen.counter + 1), seen.counter});
  self.set_flag(kInside, false);
  call_in_scope(4, Release{only_mine});
}

/// Clients of any body, and nothing goes wrong.
inline WorldSpec world_of(Process::Body body, std::uint16_t clients) {
  WorldSpec spec;
  spec.services.push_back(make_service(Server{}));
  spec.classes.push_back({"client", std::move(body), clients, 0xFFFF});
  return spec;
}

inline WorldSpec world(std::uint16_t clients, FaultBudget budget, unsigned tries = 2, bool retries = false,
                       bool scoped = true, std::uint8_t only_mine = 1) {
  WorldSpec spec;
  spec.services.push_back(make_service(Server{}));
  spec.classes.push_back(
      {"client", [=](Process& self) { client(self, tries, retries, scoped, only_mine); }, clients, 0xFFFF});
  spec.budget = budget;
  return spec;
}

}  // namespace lockstorm::sim::toy
