// Random small worlds: clients of random programs on a server that notices everything it can. The local-step
// reduction must lose no end state and no violation in any of them.
#include <gtest/gtest.h>

#include "checkers/monitors.hpp"
#include "sim/explore/explorer.hpp"
#include "sim/random.hpp"

namespace lockstorm::sim {
namespace {

using namespace std::chrono_literals;

struct Ask {
  enum class What : std::uint8_t {
    lock,
    unlock,
    read,
    write,
    who_died,
    who_sleeps,
    maybe_stale,
    change_cloud
  };
  What what{};
  std::uint8_t operand = 0;
};

// A lock, a register, an age, and the last process that it saw die, freeze or lose its connection.
struct Server {
  static constexpr std::string_view kName = "server";
  struct Value {
    Who holder, dead, paused, cut;
    std::uint8_t content = 0, serial = 0, age = 0, unused = 0;
    template <class F>
    void visit_who(F&& f) {
      for (Who* who : {&holder, &dead, &paused, &cut}) f(*who);
    }
  };
  using Request = std::variant<Ask>;
  struct Response {
    Who who;
    std::uint8_t first = 0, second = 0;
    template <class F>
    void visit_who(F&& f) {
      f(who);
    }
  };
  static std::string operation(const Request&) { return "ask"; }
  Value initial() const { return {}; }
  unsigned alternatives(const Value&, const Request& request) const {
    return std::get<Ask>(request).what == Ask::What::maybe_stale ? 2 : 1;
  }
  Effect<Response> apply(Value& value, Slot caller, const Request& request, unsigned alternative) const {
    const auto [what, operand] = std::get<Ask>(request);
    const Who me = Who::process(caller);
    switch (what) {
      case Ask::What::lock:
        if (!value.holder.is_nobody()) return {{value.holder, 0, 0}, 0};
        value.holder = me;
        value.age = 0;
        return {{me, 1, 0}, 0};
      case Ask::What::unlock: {
        const bool foreign = !value.holder.is_nobody() && value.holder != me;
        value.holder = Who::nobody();
        return {{Who::nobody(), 1, 0}, foreign ? Tags{checkers::kTouchesForeignLock} : Tags{0}};
      }
      case Ask::What::read:
        return {{Who::nobody(), value.content, value.serial}, checkers::kReadsState};
      case Ask::What::write:
        value.content = operand;
        value.serial = static_cast<std::uint8_t>((value.serial + 1) % 4);
        return {{Who::nobody(), 1, 0}, checkers::kWritesState};
      case Ask::What::who_died:
        return {{value.dead, 0, 0}, 0};
      case Ask::What::who_sleeps:
        return {{value.paused, value.age, 0}, 0};
      case Ask::What::maybe_stale:
        return {{Who::nobody(), static_cast<std::uint8_t>(alternative != 0 ? value.content : 0), 0}, 0};
      case Ask::What::change_cloud:
        return {{value.cut, value.age, 0}, checkers::kChangesCloud};
    }
    return {};
  }
  Response refuse(const Request&, Refusal) const { return {Who::nobody(), 9, 0}; }
  void process_ended(Value& value, Slot slot) const {
    if (value.holder == Who::process(slot)) value.holder = Who::nobody();
    value.dead = Who::process(slot);
  }
  void process_paused(Value& value, Slot slot, bool paused) const {
    value.paused = paused ? Who::process(slot) : Who::nobody();
  }
  void connection_lost(Value& value, Slot slot) const { value.cut = Who::process(slot); }
  void tick(Value& value) const {
    if (value.age < 3) ++value.age;
  }
  SlotSet holders(const Value& value) const { return only(value.holder); }
};

struct Instruction {
  enum class Kind : std::uint8_t {
    ask,
    sleep,
    sleep_or_give_up,
    work,
    choose,
    go_in,
    go_out,
    look_at_clock,
    stop_if
  };
  Kind kind{};
  Ask ask;
  std::uint8_t cell = 0;
};
using Program = std::vector<Instruction>;

std::uint8_t below(Random& random, std::uint32_t bound) {
  return static_cast<std::uint8_t>(random.below(bound));
}

Program random_program(Random& random, std::uint32_t length) {
  Program program;
  for (std::uint32_t i = 0; i < length; ++i) {
    // Every other instruction is a request.
    const std::uint8_t kind = below(random, 16);
    program.push_back({kind < 8 ? Instruction::Kind::ask : static_cast<Instruction::Kind>(1 + kind % 8),
                       {static_cast<Ask::What>(below(random, 8)), below(random, 3)},
                       below(random, 3)});
  }
  return program;
}

struct Cells {
  std::array<std::uint16_t, 4> cell{};
};

std::uint16_t summary(const std::optional<Server::Response>& response) {
  if (!response) return 72;
  const unsigned who = response->who.is_me() ? 64 : response->who.is_nobody() ? 0 : 128;
  return static_cast<std::uint16_t>(response->first * 8U + response->second + who);
}

// What it ends with depends on everything it has seen.
void run_program(Process& self, const Program& program, bool second_fiber, bool timed) {
  const ServiceRef<Server> server{0};
  const auto ask = [&](const Ask& what) {
    const auto answer = self.call(server, Server::Request{what});
    return answer.answered() ? std::optional(*answer) : std::nullopt;
  };
  Cells seen;
  bool done = !second_fiber;
  if (second_fiber) {
    self.spawn([&] {
      if (timed) self.sleep(1s);
      seen.cell[3] = summary(ask(program.front().ask));
      done = true;
    });
  }
  for (const Instruction& next : program) {
    std::uint16_t& cell = seen.cell[next.cell];
    if (next.kind == Instruction::Kind::stop_if && cell != 0) break;
    switch (next.kind) {
      case Instruction::Kind::ask:
        cell = summary(ask(next.ask));
        break;
      case Instruction::Kind::sleep:
        self.sleep(std::chrono::seconds(next.cell));
        break;
      case Instruction::Kind::sleep_or_give_up:
        cell = self.sleep_unless_deadline(std::chrono::seconds(1 + next.cell)) ? 1 : 0;
        break;
      case Instruction::Kind::work:
        self.work();
        break;
      case Instruction::Kind::choose:
        cell = static_cast<std::uint16_t>(self.choose(2));
        break;
      case Instruction::Kind::go_in:
      case Instruction::Kind::go_out:
        self.set_flag(checkers::kInCriticalSection, next.kind == Instruction::Kind::go_in);
        break;
      case Instruction::Kind::look_at_clock:
        if (timed) cell = static_cast<std::uint16_t>(self.now());
        break;
      case Instruction::Kind::stop_if:
        break;
    }
  }
  if (!done) self.wait_until([&] { return done; });
  self.set_outcome(seen);
}

WorldSpec random_world(std::uint64_t seed) {
  Random random(seed);
  const Program first = random_program(random, 3 + random.below(3));
  const Program second = random_program(random, 2 + random.below(3));
  const bool two_fibers = random.below(4) == 0;
  const std::uint32_t time = random.below(3);
  WorldSpec spec;
  spec.services.push_back(make_service(Server{}));
  spec.time.ticks = time == 0 ? 0 : 2;
  spec.time.urgent = time == 2;
  const auto runs = [timed = time != 0](Program program, bool fibers) {
    return [=](Process& self) { run_program(self, program, fibers, timed); };
  };
  spec.classes.push_back(
      {"client", runs(first, two_fibers), static_cast<std::uint16_t>(1 + random.below(2)), 0xFFFF});
  spec.classes.push_back({"other", runs(second, false), 1, 0xFFFF});
  for (std::uint32_t i = random.below(3); i > 0; --i) spec.budget.count[random.below(kFaultKinds)] = 1;
  return spec;
}

TEST(RandomWorlds, TheReductionLosesNothing) {
  const MonitorOf<checkers::Monitors> watch;
  std::size_t compared = 0;
  std::size_t timed = 0;
  std::size_t violating = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    const WorldSpec spec = random_world(seed);
    StateTables tables(spec, Automaton::Mode::compressed);
    ExploreOptions options;
    options.symmetry = false;
    options.max_states = 20'000;
    options.hang_property = 6;
    options.reduction = false;
    Explorer<4> full(tables, watch, {}, options);
    const ExploreResult all = full.run();
    if (!all.complete) continue;
    options.reduction = true;
    Explorer<4> reduced(tables, watch, {}, options);
    const ExploreResult fewer = reduced.run();
    EXPECT_EQ(fewer.violated, all.violated) << "seed " << seed;
    EXPECT_TRUE(reduced.end_states() == full.end_states()) << "seed " << seed;
    EXPECT_LE(fewer.states, all.states);
    ++compared;
    timed += spec.time.ticks > 0 ? 1 : 0;
    violating += all.violated != 0 ? 1 : 0;
  }
  EXPECT_GT(compared, 400U);
  EXPECT_GT(timed, 200U);
  EXPECT_GT(violating, 100U);
}

}  // namespace
}  // namespace lockstorm::sim
