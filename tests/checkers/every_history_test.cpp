// Each checker against a naive one on all histories of a few operations. The histories of four operations are
// compared always, those of five and six by the nightly tests.
#include <gtest/gtest.h>

#include <cstdio>

#include "checkers/formats/format.hpp"
#include "checkers/judge.hpp"
#include "tests/checkers/checked_models.hpp"
#include "tests/checkers/every_history.hpp"

namespace lockstorm::checkers {
namespace {

// The same verdict from both.
void compare_every_history(const CheckedModel& of, unsigned operations) {
  std::size_t compared = 0, accepted = 0, wrong = 0;
  EveryHistory(of.kinds, of.numbers, of.fixed()).visit(operations, [&](const History& history) {
    ++compared;
    const bool expected = of.naive(history, of.initial);
    accepted += expected ? 1 : 0;
    const auto verdicts = judge(history, of.model, {}, of.initial);
    ASSERT_TRUE(verdicts) << verdicts.error().message;
    const Judgement judgement = worst(*verdicts);
    // Where nothing succeeded, what holds shows nothing.
    const bool is_shown =
        std::ranges::any_of(history, [](const Event& event) { return event.type == EventType::ok; });
    const Judgement held = is_shown ? Judgement::holds : Judgement::unknown;
    if (judgement == (expected ? held : Judgement::violated)) return;
    if (++wrong > 5) return;
    ADD_FAILURE() << name_of(judgement) << ", but the naive checker says " << (expected ? "held" : "violated")
                  << "\n"
                  << write_history(history, Format::json_lines)
                  << (verdicts->front().findings.empty() ? "" : verdicts->front().findings.front().proof);
  });
  EXPECT_EQ(wrong, 0U);
  std::printf("%s (%s): %zu histories of %u operations compared, %zu of them accepted\n", of.name.c_str(),
              std::string(name_of(of.model)).c_str(), compared, operations, accepted);
  if (operations < 4) return;
  EXPECT_GT(accepted, compared / 1000);
  EXPECT_LT(accepted, compared - compared / 1000);
  testing::Test::RecordProperty("compared", std::to_string(compared));
}

class EveryHistoryOf : public testing::TestWithParam<CheckedModel> {};

TEST_P(EveryHistoryOf, FourOperationsAndFewer) {
  for (unsigned operations = 1; operations <= 4; ++operations) compare_every_history(GetParam(), operations);
}

INSTANTIATE_TEST_SUITE_P(Model, EveryHistoryOf, testing::ValuesIn(checked_models()), name_of_test);

class NightlyEveryHistoryOf : public testing::TestWithParam<CheckedModel> {};

TEST_P(NightlyEveryHistoryOf, FiveOperations) { compare_every_history(GetParam(), 5); }

INSTANTIATE_TEST_SUITE_P(NightlyModel, NightlyEveryHistoryOf, testing::ValuesIn(checked_models()),
                         name_of_test);

std::vector<CheckedModel> those_of_few_kinds() {
  auto models = checked_models();
  std::erase_if(models, [](const CheckedModel& of) {
    return kinds_up_to_renaming(of.kinds.size(), renamings_of(of.kinds, of.numbers, of.fixed())) > 6;
  });
  return models;
}

class NightlyEveryHistoryOfFewKinds : public testing::TestWithParam<CheckedModel> {};

TEST_P(NightlyEveryHistoryOfFewKinds, SixOperations) { compare_every_history(GetParam(), 6); }

INSTANTIATE_TEST_SUITE_P(NightlyModel, NightlyEveryHistoryOfFewKinds, testing::ValuesIn(those_of_few_kinds()),
                         name_of_test);

TEST(EveryHistory, EachModelIsChecked) {
  const auto models = checked_models();
  for (const std::string_view name : model_names()) {
    EXPECT_TRUE(std::ranges::any_of(models, [&](const auto& model) { return name_of(model.model) == name; }))
        << name;
  }
}

}  // namespace
}  // namespace lockstorm::checkers
