// Worlds without an end are reported as such: what grows, where, and verdict unknown.
#include <gtest/gtest.h>

#include "scenarios/search/verify.hpp"
#include "scenarios/world/world.hpp"
#include "tests/sim/toy_world.hpp"

namespace lockstorm::scenarios {
namespace {

/// Hands out a new number to everybody who asks.
struct Counter {
  static constexpr std::string_view kName = "counter";
  struct Next {};
  using Request = std::variant<Next>;
  struct Value {
    std::uint32_t number = 0;
  };
  using Response = Value;
  static std::string operation(const Request&) { return "Next"; }
  Value initial() const { return {}; }
  sim::Effect<Response> apply(Value& value, sim::Slot, const Request&) const {
    ++value.number;
    return {value, 0};
  }
};

VerifyResult verify_world(sim::WorldSpec spec) {
  World world;
  world.spec = std::move(spec);
  world.checked = {checkers::Property::mutual_exclusion};
  return verify(Scenario{}, world, {});
}

sim::WorldSpec counting(sim::Process::Body body) {
  sim::WorldSpec spec;
  spec.services.push_back(sim::make_service(Counter{}));
  spec.classes.push_back({"client", std::move(body), 1, 0});
  return spec;
}

void expect_unknown(const VerifyResult& result, const std::vector<std::string_view>& reasons) {
  EXPECT_EQ(result.verdict, Verdict::unknown);
  ASSERT_EQ(result.properties.size(), 1U);
  EXPECT_EQ(result.properties.begin()->second, Verdict::unknown);
  for (const std::string_view reason : reasons)
    EXPECT_NE(result.why.find(reason), std::string::npos) << result.why;
}

constexpr sim::ServiceRef<Counter> kCounter{0};

TEST(TooLarge, AnswersThatNeverRepeat) {
  expect_unknown(verify_world(counting([](sim::Process& self) {
                   Counter::Value last;
                   for (;;) {
                     self.forget(1, last);
                     last = *self.call(kCounter, Counter::Next{});
                   }
                 })),
                 {"no finite model", "'client'", "new answers to Next of counter"});
}

TEST(TooLarge, ALoopThatForgetsNothing) {
  sim::WorldSpec spec = sim::toy::world_of(
      [](sim::Process& self) {
        while (self.call(sim::ServiceRef<sim::toy::Server>{0}, sim::toy::Read{})->counter == 0) {
        }
      },
      1);
  expect_unknown(verify_world(std::move(spec)),
                 {"no finite model", "'client'", "Read of server", "that loop needs forget()"});
}

TEST(TooLarge, MoreProcessesThanAKeyHolds) {
  expect_unknown(verify_world(sim::toy::world(20, {})), {"too large for exhaustive search"});
}

// Finite, only large: that is the memory bound's business.
TEST(TooLarge, ALoopThatForgetsIsNot) {
  sim::WorldSpec spec = sim::toy::world_of(
      [](sim::Process& self) {
        const sim::ServiceRef<sim::toy::Server> server{0};
        struct Nothing {};
        for (Nothing nothing;;) {
          self.forget(1, nothing);
          if (self.call(server, sim::toy::Acquire{})->ok == 0) continue;
          self.call(server, sim::toy::Release{});
          return;
        }
      },
      3);
  EXPECT_EQ(verify_world(std::move(spec)).verdict, Verdict::held);
}

}  // namespace
}  // namespace lockstorm::scenarios
