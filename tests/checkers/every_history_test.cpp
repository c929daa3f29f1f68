// Each checker against a naive one on all histories of a few operations. The histories of four operations are
// compared always, those of five and six by the nightly tests.
#include <gtest/gtest.h>

#include <cstdio>
#include <functional>

#include "checkers/formats/format.hpp"
#include "checkers/judge.hpp"
#include "tests/checkers/every_history.hpp"
#include "tests/checkers/naive_objects.hpp"

namespace lockstorm::checkers {
namespace {

using Kinds = std::vector<OperationKind>;
using enum EventType;

struct Case {
  std::string name;
  Model model{};
  Kinds kinds;
  std::vector<std::vector<std::uint8_t>> renamings;
  bool (*naive)(const History&) = nullptr;
};

void PrintTo(const Case& of, std::ostream* out) { *out << of.name; }

Value list(std::initializer_list<Value> items) { return Value::List(items); }
Value lineage(const char* name, int serial) {
  return Value::Fields{{"lineage", Value(name)}, {"serial", Value(serial)}};
}
Value version(const char* writer, int serial) {
  return Value::Fields{{"writer", Value(writer)}, {"serial", Value(serial)}};
}
Value update(const char* writer, int serial, Value base) {
  return Value::Fields{{"writer", Value(writer)}, {"serial", Value(serial)}, {"base", std::move(base)}};
}
Value leased(const char* id, int lease) {
  return Value::Fields{{"id", Value(id)}, {"lease_ns", Value(lease)}};
}
Value id(const char* name) { return Value::Fields{{"id", Value(name)}}; }

OperationKind read(Value value) { return {.function = "read", .completed = std::move(value)}; }
OperationKind write(Value value, EventType outcome = ok) {
  return {.function = "write", .outcome = outcome, .invoked = value, .completed = value};
}
OperationKind cas(Value from, Value to, EventType outcome = ok) {
  const Value both = list({std::move(from), std::move(to)});
  return {.function = "cas", .outcome = outcome, .invoked = both, .completed = both};
}
OperationKind text(const char* function, const char* value, EventType outcome = ok) {
  const bool is_get = std::string_view(function) == "get";
  return {.function = function,
          .outcome = outcome,
          .invoked = is_get ? Value() : Value(value),
          .completed = Value(value)};
}
OperationKind append(Value value, EventType outcome = ok) {
  return {.function = "append", .outcome = outcome, .invoked = value, .completed = value};
}
OperationKind lock(const char* function, int process, EventType outcome = ok, Value invoked = {},
                   Value completed = {}) {
  return {.function = function,
          .outcome = outcome,
          .invoked = std::move(invoked),
          .completed = std::move(completed),
          .process = process};
}

std::vector<Case> cases() {
  std::vector<Case> all;
  // Values 1 and 2 are alike; 7 is written by nobody.
  all.push_back({"Register",
                 Model::register_cell,
                 {read({}), read(1), read(2), write(1), write(2), write(1, unknown)},
                 {},
                 is_register});
  all.push_back({"RegisterThatWasThere",
                 Model::register_cell,
                 {read({}), read(1), read(7), read(8), write(1), write(1, fail)},
                 {{0, 1, 3, 2, 4, 5}},
                 is_register});
  all.push_back({"CasRegister",
                 Model::cas_register,
                 {read({}), read(1), read(2), write(1), write(2), cas({}, 1), cas(1, 2), cas(1, 2, fail),
                  cas(1, 2, unknown), cas(7, 1), cas({}, 1, fail)},
                 {},
                 is_register});
  all.push_back(
      {"KeyValue",
       Model::key_value,
       {text("get", ""), text("get", "a"), text("get", "ab"), text("get", "zb"), text("get", "z"),
        text("put", "a"), text("append", "b"), text("append", "b", unknown), text("append", "a", fail)},
       {},
       is_store});
  all.push_back({"TerraformState",
                 Model::terraform_state,
                 {read({}), read(lineage("a", 1)), read(lineage("a", 2)), read(lineage("x", 5)),
                  write(lineage("a", 1)), write(lineage("a", 2)), write(lineage("b", 3)),
                  write(lineage("a", 2), unknown), write(lineage("x", 6))},
                 {},
                 is_terraform_state});
  all.push_back(
      {"Mutex",
       Model::mutex,
       {lock("acquire", -1), lock("release", -1), lock("acquire", -1, unknown), lock("release", -1, unknown)},
       {},
       is_mutex});
  all.push_back({"ReentrantMutex",
                 Model::reentrant_mutex,
                 {lock("acquire", 0), lock("acquire", 1), lock("release", 0), lock("release", 1),
                  lock("acquire", 0, unknown), lock("acquire", 1, unknown), lock("release", 0, unknown),
                  lock("release", 1, unknown)},
                 {{1, 0, 3, 2, 5, 4, 7, 6}},
                 is_reentrant_mutex});
  all.push_back({"FencingLock",
                 Model::fencing_lock,
                 {lock("acquire", -1, ok, {}, 1), lock("acquire", -1, ok, {}, 2), lock("release", -1),
                  lock("acquire", -1, unknown), lock("release", -1, unknown)},
                 {},
                 is_fencing_lock});
  // Two processes are alike; processes of their own are operators.
  all.push_back({"LockWithoutIds",
                 Model::lock,
                 {lock("acquire", 0), lock("acquire", 1), lock("release", 0), lock("release", 1),
                  lock("acquire", 0, unknown), lock("acquire", 1, unknown), lock("release", 0, unknown),
                  lock("release", 1, unknown), lock("release", 0, fail), lock("release", 1, fail),
                  lock("evict", -1), lock("evict", -1, unknown), lock("evict", -1, fail)},
                 {{1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 10, 11, 12}},
                 is_lock});
  all.push_back({"LockWithIds",
                 Model::lock,
                 {lock("acquire", 0, ok, {}, id("a")), lock("acquire", 1, ok, {}, id("b")),
                  lock("release", 0, ok, id("a")), lock("release", 1, ok, id("b")),
                  lock("acquire", 0, unknown, id("a")), lock("acquire", 1, unknown, id("b")),
                  lock("release", 0, unknown, id("a")), lock("release", 1, unknown, id("b")),
                  lock("evict", -1, ok, id("a")), lock("evict", -1, ok, id("b")),
                  lock("evict", -1, unknown, id("a")), lock("evict", -1, unknown, id("b")),
                  lock("evict", -1, fail, id("a")), lock("evict", -1, fail, id("b"))},
                 {{1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12}},
                 is_lock});
  // x and y are acquired by nobody.
  all.push_back(
      {"LockThatWasThere",
       Model::lock,
       {lock("acquire", 0, ok, {}, id("a")), lock("acquire", 1, ok, {}, id("b")),
        lock("release", 0, ok, id("a")), lock("release", 1, ok, id("b")), lock("release", 0, ok, id("x")),
        lock("release", 1, ok, id("x")), lock("acquire", 0, fail, {}, id("x")),
        lock("acquire", 1, fail, {}, id("x")), lock("evict", -1, ok, id("x")),
        lock("evict", -1, unknown, id("x")), lock("evict", -1, ok, id("y")), lock("acquire", 1, unknown)},
       {},
       is_lock});
  all.push_back({"LockOfTheDead",
                 Model::lock,
                 {lock("acquire", 0), lock("acquire", 1), lock("release", 0), lock("release", 1),
                  lock("acquire", 0, unknown), lock("acquire", 1, unknown), lock("crash", 0, unknown),
                  lock("crash", 1, unknown), lock("evict", -1, ok, id("x"))},
                 {{1, 0, 3, 2, 5, 4, 7, 6, 8}},
                 is_lock});
  // An event a nanosecond.
  all.push_back({"LockWithLeases",
                 Model::lock,
                 {lock("acquire", 0, ok, {}, leased("a", 3)), lock("acquire", 1, ok, {}, leased("b", 3)),
                  lock("acquire", 1, ok, {}, leased("b", 1)), lock("acquire", 0), lock("release", 0),
                  lock("release", 1), lock("evict", -1, unknown, id("a")), lock("release", 1, ok, id("x"))},
                 {},
                 is_lock});
  all.push_back({"States",
                 Model::states,
                 {read({}), read(version("a", 1)), read(version("b", 2)), read(version("x", 1)),
                  write(update("a", 1, {})), write(update("b", 2, {})),
                  write(update("b", 2, version("a", 1))), write(update("c", 2, version("a", 1))),
                  write(update("a", 1, version("b", 2))), write(update("a", 1, {}), unknown),
                  write(update("b", 2, version("a", 1)), unknown), write(update("b", 2, version("x", 1)))},
                 {},
                 is_state});
  all.push_back({"StatesThatDoNotSayWhatTheyReplace",
                 Model::states,
                 {read({}), read(version("a", 1)), read(version("b", 2)), read(version("c", 2)),
                  read(version("x", 1)), write(version("a", 1)), write(version("b", 2)),
                  write(version("c", 2)), write(version("b", 2), unknown)},
                 {},
                 is_state});
  all.push_back({"Lists",
                 Model::states,
                 {read({}), read(list({1})), read(list({2})), read(list({1, 2})), read(list({2, 1})),
                  read(list({7})), read(list({7, 1})), append(1), append(2), append(1, unknown)},
                 {},
                 is_state});
  return all;
}

class EveryHistoryOf : public testing::TestWithParam<Case> {};

// The same verdict from both.
void compare(const Case& of, unsigned operations) {
  std::size_t compared = 0, accepted = 0, wrong = 0;
  EveryHistory(of.kinds, of.renamings).visit(operations, [&](const History& history) {
    const auto calls = calls_of(history);
    if (std::ranges::none_of(*calls, [](const Call& call) { return call.completed != kNever; })) return;
    ++compared;
    const bool expected = of.naive(history);
    accepted += expected ? 1 : 0;
    const auto verdicts = judge(history, of.model, {});
    ASSERT_TRUE(verdicts) << verdicts.error().message;
    const Judgement judgement = worst(*verdicts);
    // Where nothing succeeded, what holds shows nothing.
    const bool is_shown =
        std::ranges::any_of(*calls, [](const Call& call) { return call.outcome == EventType::ok; });
    const Judgement held = is_shown ? Judgement::holds : Judgement::unknown;
    if (judgement == (expected ? held : Judgement::violated)) return;
    if (++wrong > 5) return;
    ADD_FAILURE() << name_of(judgement) << ", but the naive checker says " << (expected ? "held" : "violated")
                  << "\n"
                  << write_history(history, Format::json_lines)
                  << (verdicts->front().findings.empty() ? "" : verdicts->front().findings.front().proof);
  });
  EXPECT_EQ(wrong, 0U);
  if (operations < 4) return;
  EXPECT_GT(accepted, compared / 1000);
  EXPECT_LT(accepted, compared - compared / 1000);
  std::printf("%s: %zu histories of %u operations compared, %zu of them accepted\n", of.name.c_str(),
              compared, operations, accepted);
  testing::Test::RecordProperty("compared", std::to_string(compared));
}

TEST_P(EveryHistoryOf, FourOperationsAndFewer) {
  for (unsigned operations = 1; operations <= 4; ++operations) compare(GetParam(), operations);
}

INSTANTIATE_TEST_SUITE_P(Model, EveryHistoryOf, testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param.name; });

class NightlyEveryHistoryOf : public testing::TestWithParam<Case> {};

TEST_P(NightlyEveryHistoryOf, FiveOperations) { compare(GetParam(), 5); }

// What has few kinds of operations, with six of them.
TEST_P(NightlyEveryHistoryOf, SixOperations) {
  if (GetParam().kinds.size() > 6) GTEST_SKIP() << "too many kinds of operation";
  compare(GetParam(), 6);
}

INSTANTIATE_TEST_SUITE_P(NightlyModel, NightlyEveryHistoryOf, testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param.name; });

// A half-order of n operations: 1, 2, 5, 15, 53, 217 (Fishburn numbers, OEIS A022493).
TEST(EveryHistory, EachIntervalOrderIsThereOnce) {
  std::vector<std::size_t> counts;
  for (unsigned operations = 1; operations <= 6; ++operations) {
    std::size_t count = 0;
    EveryHistory({read({})}).visit(operations, [&](const History&) { ++count; });
    counts.push_back(count);
  }
  EXPECT_EQ(counts, (std::vector<std::size_t>{1, 2, 5, 15, 53, 217}));
}

}  // namespace
}  // namespace lockstorm::checkers
