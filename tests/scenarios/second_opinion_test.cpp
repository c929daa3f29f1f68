// Both engines hand their histories to the checkers of recorded histories: what the monitors say of a run,
// the checkers say of its history, which knows nothing of the monitors.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "checkers/judge.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/search/verify.hpp"
#include "scenarios/world/world.hpp"
#include "sim/run/simulator.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Event;
using checkers::EventType;
using checkers::History;
using checkers::Judgement;
using checkers::Property;
using checkers::Value;
using sim::ProcessStatus;
using sim::StepRecord;

bool is_live(ProcessStatus status) {
  return status == ProcessStatus::alive || status == ProcessStatus::paused;
}

void add(History& history, EventType type, std::uint32_t process, std::string function, Value value) {
  history.push_back({.type = type,
                     .process = process,
                     .line = static_cast<std::uint32_t>(history.size() + 1),
                     .function = std::move(function),
                     .key = {},
                     .value = std::move(value),
                     .time = {}});
}

// What clients believe: granted when they enter their critical section, released when they leave it.
History lock_history(const std::vector<StepRecord>& records) {
  History history;
  for (const StepRecord& record : records) {
    if (record.step.is_tick) continue;
    const std::uint32_t client = record.step.slot;
    const bool held =
        (record.flags_before & checkers::kInCriticalSection) != 0 && is_live(record.status_before);
    const bool holds = (record.flags_after & checkers::kInCriticalSection) != 0;
    if (held && !is_live(record.status_after)) {
      add(history, EventType::unknown, client, "crash", {});
    } else if (held != holds && is_live(record.status_after)) {
      add(history, EventType::invoke, client, holds ? "acquire" : "release", {});
      add(history, EventType::ok, client, holds ? "acquire" : "release", {});
    }
  }
  return history;
}

// Updates of one state file: what each replaced, as far as its writer has read, and whether it was told.
class StateHistory {
 public:
  /// `file`: 0, or `kOfOtherState` for the one that a migration goes to.
  StateHistory(const std::vector<StepRecord>& records, sim::Tags file) {
    for (const StepRecord& record : records) {
      if (record.step.is_tick || (record.tags & checkers::kOfOtherState) != file) continue;
      if (record.step.move.is_effect()) {
        effect(record);
      } else if ((record.tags & checkers::kWritesState) != 0) {
        delivered(record.step.slot);
      }
    }
  }

  // Every update of unknown result that took the place of an acknowledged one is seen by an observer.
  [[nodiscard]] History history() const {
    History history;
    for (const auto& [write, is_ok] : events_) {
      const Write& of = writes_[write];
      const auto process = static_cast<std::uint32_t>(write + 1);
      if (is_ok) {
        add(history, EventType::ok, process, "write", value_of(write));
        continue;
      }
      add(history, EventType::invoke, process, "write", value_of(write));
      if (of.replaced == kNoWrite || of.base == of.replaced || !writes_[of.replaced].is_acknowledged)
        continue;
      add(history, EventType::invoke, 0, "read", {});
      add(history, EventType::ok, 0, "read", name_of(write));
    }
    return history;
  }

  /// A request that its sender had given up on has stored something after another one of the same sender:
  /// whether that is an older save, or the same once more in another request, is not in the records.
  [[nodiscard]] bool has_own_late_save() const { return has_own_late_save_; }

 private:
  static constexpr std::size_t kNoWrite = static_cast<std::size_t>(-1);
  struct Write {
    std::size_t base = kNoWrite, replaced = kNoWrite;
    bool is_acknowledged = false;
  };

  void effect(const StepRecord& record) {
    const sim::Slot client = record.step.slot;
    const bool learns = (record.flags_before & checkers::kReadsToCompare) == 0;
    if ((record.tags & checkers::kReadsState) != 0 && learns) bases_[client] = current_;
    if ((record.tags & checkers::kWritesState) == 0) return;
    if (record.step.move.kind == sim::MoveKind::stray_effect && last_write_[client] != kNoWrite)
      has_own_late_save_ |= last_request_[client] != record.request;
    last_request_[client] = record.request;
    writes_.push_back({bases_[client], current_, false});
    events_.emplace_back(writes_.size() - 1, false);
    current_ = bases_[client] = last_write_[client] = writes_.size() - 1;
  }

  void delivered(sim::Slot client) {
    const std::size_t write = last_write_[client];
    if (write == kNoWrite || writes_[write].is_acknowledged) return;
    writes_[write].is_acknowledged = true;
    events_.emplace_back(write, true);
  }

  static Value name_of(std::size_t write) {
    return write == kNoWrite
               ? Value()
               : Value(Value::Fields{{"writer", "client"}, {"serial", static_cast<std::int64_t>(write + 1)}});
  }

  [[nodiscard]] Value value_of(std::size_t number) const {
    return Value(Value::Fields{{"writer", "client"},
                               {"serial", static_cast<std::int64_t>(number + 1)},
                               {"base", name_of(writes_[number].base)}});
  }

  std::vector<std::size_t> bases_ = std::vector<std::size_t>(sim::kMaxProcesses, kNoWrite),
                           last_write_ = bases_;
  std::vector<sim::ValueId> last_request_ = std::vector<sim::ValueId>(sim::kMaxProcesses, 0);
  bool has_own_late_save_ = false;
  std::size_t current_ = kNoWrite;
  std::vector<Write> writes_;
  std::vector<std::pair<std::size_t, bool>> events_;
};

bool judge_finds(const History& history, checkers::Model model) {
  if (history.empty()) return false;
  const auto verdicts = checkers::judge(history, model, {});
  EXPECT_TRUE(verdicts) << (verdicts ? "" : verdicts.error().message);
  return verdicts && checkers::worst(*verdicts) == Judgement::violated;
}

struct Tally {
  unsigned runs = 0, overlaps = 0, lost = 0, not_compared = 0;
};

// Both opinions of one run.
void compare(const std::vector<StepRecord>& records, Tally& tally) {
  checkers::PropertySet found;
  for (const StepRecord& record : records) found |= checkers::PropertySet::from_bits(record.violations);
  const bool overlap = found.contains(Property::mutual_exclusion);
  const bool lost = found.contains(Property::no_lost_update);
  EXPECT_EQ(judge_finds(lock_history(records), checkers::Model::lock), overlap);
  bool judged_lost = false;
  bool is_comparable = true;
  for (const sim::Tags file : {sim::Tags{0}, sim::Tags{checkers::kOfOtherState}}) {
    const StateHistory states(records, file);
    is_comparable = is_comparable && !states.has_own_late_save();
    judged_lost = judge_finds(states.history(), checkers::Model::states) || judged_lost;
  }
  if (is_comparable) {
    EXPECT_EQ(judged_lost, lost);
  }
  tally.not_compared += is_comparable ? 0 : 1;
  ++tally.runs;
  tally.overlaps += overlap ? 1 : 0;
  tally.lost += lost ? 1 : 0;
}

TEST(SecondOpinion, OfRandomRunsOfTheSimulator) {
  Tally tally;
  const std::vector<Scenario> whole_library = find_scenarios("*").value();
  for (const Scenario& scenario : whole_library) {
    if (scenario.clients() > 6) continue;
    const std::unique_ptr<World> world = build_world(scenario);
    sim::ValuePool values;
    sim::Simulator simulator(world->spec, values, world->monitors);
    std::uint64_t random = 1;
    for (int run = 0; run < 40; ++run) {
      SCOPED_TRACE(scenario.name + ", run " + std::to_string(run));
      simulator.restart();
      for (int step = 0; step < 2000 && !simulator.finished(); ++step) {
        random = random * 6364136223846793005U + 1442695040888963407U;
        simulator.take((random >> 33U) % simulator.enabled().size());
      }
      compare(simulator.records(), tally);
      if (HasFailure()) return;
    }
  }
  std::printf("%u runs, %u with overlapping holders, %u with lost updates\n", tally.runs, tally.overlaps,
              tally.lost);
  EXPECT_LT(tally.not_compared, tally.runs / 100);
  EXPECT_GT(tally.overlaps, 50U);
  EXPECT_GT(tally.lost, 50U);
}

TEST(SecondOpinion, OfTheExplorersCounterexamples) {
  Tally tally;
  unsigned number = 0;
  const std::vector<Scenario> whole_library = find_scenarios("*").value();
  for (const Scenario& scenario : whole_library) {
    if (scenario.clients() > 2 || scenario.client.lock_timeout.count() > 0) continue;
    // Every fourth: the explorer takes its time.
    if (number++ % 4 != 0) continue;
    const std::unique_ptr<World> world = build_world(scenario);
    const VerifyResult result =
        verify(scenario, *world, {.max_bytes = std::size_t{1} << 28U, .explain = false});
    for (const Counterexample& counterexample : result.counterexamples) {
      SCOPED_TRACE(scenario.name + ", " + counterexample.replay);
      sim::ValuePool values;
      sim::Simulator simulator(world->spec, values, world->monitors);
      for (const sim::StepChoice& choice : counterexample.schedule) simulator.take(choice.index);
      compare(simulator.records(), tally);
      if (HasFailure()) return;
    }
  }
  std::printf("%u counterexamples, %u with overlapping holders, %u with lost updates\n", tally.runs,
              tally.overlaps, tally.lost);
  EXPECT_LT(tally.not_compared, tally.runs / 20);
  EXPECT_GT(tally.overlaps, 5U);
  EXPECT_GT(tally.lost, 5U);
}

}  // namespace
}  // namespace lockstorm::scenarios
