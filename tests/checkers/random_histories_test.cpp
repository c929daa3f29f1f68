// Each checker against the naive one on random histories that are longer than those that can be enumerated,
// told in all the ways in which a recording tells of an unknown result: at once, late, by a crash, never.
#include <gtest/gtest.h>

#include <algorithm>

#include "checkers/formats/format.hpp"
#include "sim/random.hpp"
#include "tests/checkers/checked_models.hpp"

namespace lockstorm::checkers {
namespace {

using sim::Random;

struct Open {
  std::uint32_t process = 0;
  const OperationKind* kind = nullptr;
};

class RandomHistory {
 public:
  RandomHistory(const CheckedModel& of, std::uint64_t seed) : of_(of), random_(seed) {}

  History drawn(unsigned operations) {
    // Fewer kinds at a time meet each other more often.
    std::vector<const OperationKind*> kinds;
    for (unsigned i = 0; i < 6; ++i) kinds.push_back(&of_.kinds[below(of_.kinds.size())]);
    while (begun_ < operations) {
      if (!open_.empty() && below(5) < 2) {
        end(below(open_.size()));
      } else {
        begin(*kinds[below(kinds.size())]);
      }
    }
    while (!open_.empty() && below(8) != 0) end(below(open_.size()));
    std::erase_if(open_, [](const Open& one) { return one.kind->outcome == EventType::unknown; });
    while (!open_.empty()) end(open_.size() - 1);
    return std::move(history_);
  }

 private:
  std::uint32_t below(std::size_t bound) { return random_.below(static_cast<std::uint32_t>(bound)); }

  void begin(const OperationKind& kind) {
    const auto process = kind.process >= 0 ? static_cast<std::uint32_t>(kind.process)
                                           : static_cast<std::uint32_t>(100 + begun_);
    const auto waiting = std::ranges::find(open_, process, &Open::process);
    if (waiting != open_.end()) {
      // An answer that is known comes, and a crash is the end of what has none.
      if (kind.function != kCrash || waiting->kind->outcome != EventType::unknown)
        return end(static_cast<std::size_t>(waiting - open_.begin()));
      open_.erase(waiting);
    }
    ++begun_;
    if (kind.function == kCrash) return emit(process, EventType::unknown, kind);
    emit(process, EventType::invoke, kind);
    open_.push_back({process, &kind});
    if (kind.outcome == EventType::unknown && below(2) == 0) end(open_.size() - 1);
  }

  void end(std::size_t number) {
    const Open one = open_[number];
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(number));
    emit(one.process, one.kind->outcome, *one.kind);
  }

  void emit(std::uint32_t process, EventType type, const OperationKind& kind) {
    now_ += std::chrono::nanoseconds(below(3));
    const bool is_asked = type == EventType::invoke || type == EventType::unknown;
    history_.push_back({.type = type,
                        .process = process,
                        .line = static_cast<std::uint32_t>(history_.size() + 1),
                        .function = kind.function,
                        .key = {},
                        .value = is_asked ? kind.invoked : kind.completed,
                        .time = now_});
  }

  const CheckedModel& of_;
  Random random_;
  History history_;
  std::vector<Open> open_;
  unsigned begun_ = 0;
  std::chrono::nanoseconds now_{};
};

// Where nothing succeeded, what holds shows nothing.
Judgement expected_of(const CheckedModel& of, const History& history) {
  const bool is_shown =
      std::ranges::any_of(history, [](const Event& event) { return event.type == EventType::ok; });
  if (!of.naive(history, of.initial)) return Judgement::violated;
  return is_shown ? Judgement::holds : Judgement::unknown;
}

void compare_random_histories(const CheckedModel& of, std::uint64_t first, std::uint64_t count) {
  std::size_t accepted = 0, wrong = 0;
  for (std::uint64_t seed = first; seed < first + count && wrong < 3; ++seed) {
    const History history = RandomHistory(of, seed).drawn(5 + static_cast<unsigned>(seed % 5));
    const Judgement expected = expected_of(of, history);
    accepted += expected == Judgement::holds ? 1 : 0;
    const auto verdicts = judge(history, of.model, {}, of.initial);
    ASSERT_TRUE(verdicts) << verdicts.error().message;
    const Judgement judgement = worst(*verdicts);
    if (judgement == expected) continue;
    ++wrong;
    ADD_FAILURE() << "seed " << seed << ": " << name_of(judgement) << ", but the naive checker says "
                  << name_of(expected) << "\n"
                  << write_history(history, Format::json_lines);
  }
  EXPECT_GT(accepted, count / 1000);
}

class RandomHistoriesOf : public testing::TestWithParam<CheckedModel> {};
TEST_P(RandomHistoriesOf, FiveToNineOperations) { compare_random_histories(GetParam(), 0, 2000); }
INSTANTIATE_TEST_SUITE_P(Model, RandomHistoriesOf, testing::ValuesIn(checked_models()), name_of_test);

class NightlyRandomHistoriesOf : public testing::TestWithParam<CheckedModel> {};
TEST_P(NightlyRandomHistoriesOf, FiveToNineOperations) {
  compare_random_histories(GetParam(), 1'000'000, 200'000);
}
INSTANTIATE_TEST_SUITE_P(NightlyModel, NightlyRandomHistoriesOf, testing::ValuesIn(checked_models()),
                         name_of_test);

}  // namespace
}  // namespace lockstorm::checkers
