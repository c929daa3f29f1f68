// Where a world is too much for the engine, the engine says so, also without assertions.
#include "sim/limits.hpp"

#include <gtest/gtest.h>

#include "sim/explore/explorer.hpp"
#include "sim/run/simulator.hpp"
#include "tests/sim/toy_world.hpp"

namespace lockstorm::sim {
namespace {

template <Monitor M = NoMonitor>
ExploreResult result_of_exploring(const WorldSpec& spec, const M& monitor = {}) {
  StateTables tables(spec, Automaton::Mode::compressed);
  return Explorer<2>(tables, MonitorOf<M>(monitor), {}, {}).run();
}

/// Answers a request in any of so many ways.
struct Dice {
  static constexpr std::string_view kName = "dice";
  unsigned sides = 6;
  struct Value {
    std::uint16_t shown = 0;
  };
  struct Throw {};
  using Request = std::variant<Throw>;
  struct Response {
    std::uint16_t shown = 0;
  };
  Value initial() const { return {}; }
  unsigned alternatives(const Value&, const Request&) const { return sides; }
  Effect<Response> apply(Value& value, Slot, const Request&, unsigned alternative = 0) const {
    value.shown = static_cast<std::uint16_t>(alternative + 1);
    return {{value.shown}, 0};
  }
};

WorldSpec with_dice(unsigned sides) {
  WorldSpec spec;
  spec.services.push_back(make_service(Dice{sides}));
  spec.classes.push_back(
      {"client", [](Process& self) { self.call(ServiceRef<Dice>{0}, Dice::Throw{}); }, 2, 0});
  return spec;
}

TEST(Limits, AlternativesOfOneRequest) {
  const WorldSpec spec = with_dice(16);
  StateTables known(spec, Automaton::Mode::compressed);
  const MonitorOf<NoMonitor> nothing;
  Explorer<2> explorer(known, nothing, {}, {});
  EXPECT_TRUE(explorer.run().complete);
  EXPECT_EQ(explorer.end_states().size(), 16U) << "every side, whoever threw last";
  EXPECT_THROW(result_of_exploring(with_dice(17)), LimitExceeded);
}

TEST(Limits, MovesOfOneProcess) {
  const auto chooses = [](std::uint32_t bound) {
    return toy::world_of([bound](Process& self) { self.choose(bound); }, 1);
  };
  EXPECT_EQ(result_of_exploring(chooses(300)).end_states, 1U);
  EXPECT_THROW(result_of_exploring(chooses(70'000)), LimitExceeded);
}

TEST(Limits, ServicesOfOneWorld) {
  const auto tables_for = [](std::size_t services) {
    WorldSpec spec = toy::world_of([](Process& self) { self.work(); }, 1);
    spec.services.assign(services, make_service(toy::Server{}));
    const StateTables tables(spec, Automaton::Mode::compressed);
  };
  EXPECT_THROW(tables_for(0), LimitExceeded);
  EXPECT_NO_THROW(tables_for(kMaxServices));
  EXPECT_THROW(tables_for(kMaxServices + 1), LimitExceeded);
}

/// Keeps `used` in its bits for every lost update, having asked for `asked` bits.
struct Watcher : NoMonitor {
  unsigned asked = 1;
  std::uint8_t used = 1;
  static constexpr Tags kEffectTags = toy::Server::kLost;
  [[nodiscard]] unsigned bits() const { return asked; }
  Violations on_effect(std::span<std::uint8_t> bits, const EffectEvent& event) const {
    bits[event.slot] = used;
    return 0;
  }
};

TEST(Limits, BitsOfAMonitor) {
  const WorldSpec spec =
      toy::world_of([](Process& self) { self.call(ServiceRef<toy::Server>{0}, toy::Write{1, 9}); }, 2);
  const auto watched = [&](unsigned asked, std::uint8_t used) {
    Watcher watcher;
    watcher.asked = asked;
    watcher.used = used;
    return result_of_exploring(spec, watcher);
  };
  EXPECT_TRUE(watched(1, 1).complete);
  EXPECT_THROW(watched(1, 2), LimitExceeded);
  EXPECT_THROW(watched(9, 1), LimitExceeded);
}

/// Tells every visitor who came just before.
struct Door {
  static constexpr std::string_view kName = "door";
  struct Value {
    Who last;
  };
  struct Visit {};
  using Request = std::variant<Visit>;
  struct Response {
    Who before;
  };
  Value initial() const { return {}; }
  Effect<Response> apply(Value& value, Slot caller, const Request&) const {
    const Who before = value.last;
    value.last = Who::process(caller);
    return {{before}, 0};
  }
};

WorldSpec visitors(std::uint16_t count) {
  WorldSpec spec;
  spec.services.push_back(make_service(Door{}));
  spec.classes.push_back({"visitor",
                          [](Process& self) {
                            const auto seen = self.call(ServiceRef<Door>{0}, Door::Visit{});
                            self.set_outcome(*seen);
                          },
                          count, 0});
  spec.two_step_calls = true;
  return spec;
}

// In a chain of five each but the first names the one before, and nothing else tells those in the middle
// apart.
TEST(Limits, FiveClientsThatNameEachOtherHaveOneForm) {
  const WorldSpec spec = visitors(5);
  StateTables tables(spec, Automaton::Mode::compressed);
  const MonitorOf<NoMonitor> nothing;
  const EndCheck always = [](ValuePool&, const EndState&) { return Violations{1}; };
  Explorer<2> explorer(tables, nothing, always, {});
  const ExploreResult result = explorer.run();
  ASSERT_TRUE(result.complete);
  EXPECT_EQ(result.end_states, 1U) << "whoever comes first, it is one chain";
  ASSERT_TRUE(result.first[0].has_value());
  ValuePool values;
  Simulator world(spec, values, nothing);
  for (const StepChoice& choice : explorer.schedule_to(*result.first[0])) {
    ASSERT_EQ(world.enabled().size(), choice.bound);
    world.take(choice.index);
  }
  EXPECT_TRUE(world.finished());
}

TEST(Limits, OrdersOfClientsThatNameEachOther) {
  EXPECT_THROW(result_of_exploring(visitors(9)), LimitExceeded);
}

}  // namespace
}  // namespace lockstorm::sim
