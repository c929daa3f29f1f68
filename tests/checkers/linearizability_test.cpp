// The search for an order: agreement with a naive one, unknown results, budgets and proofs.
#include "checkers/linearizability/linearizability.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "checkers/models/cell.hpp"
#include "checkers/models/key_value.hpp"
#include "checkers/models/lock_models.hpp"
#include "checkers/models/terraform_state.hpp"
#include "tests/checkers/naive_search.hpp"

namespace lockstorm::checkers {
namespace {

using models::Cell;
using models::CellOperation;
using Kind = CellOperation::Kind;

class CongruentialRandom {
 public:
  explicit CongruentialRandom(std::uint64_t seed) : state_(seed * 2 + 1) {}
  std::uint32_t below(std::uint32_t limit) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::uint32_t>(state_ >> 33U) % limit;
  }

 private:
  std::uint64_t state_;
};

// Clients of a register that answer what it held at some moment of the operation.
std::vector<Interval<Cell>> drawn_of_cell(std::uint64_t seed) {
  CongruentialRandom random(seed);
  std::vector<Interval<Cell>> operations;
  std::uint32_t now = 0, cell = 0;
  std::vector<std::optional<std::size_t>> waiting(3);
  std::vector<bool> effective(3);
  const auto take_effect = [&](CellOperation& operation) {
    if (operation.kind == Kind::read) operation.value = cell;
    if (operation.kind == Kind::write) cell = operation.value;
    if (operation.kind != Kind::cas) return;
    if (cell == operation.expected) {
      cell = operation.value;
    } else {
      operation.kind = Kind::failed_cas;
    }
  };
  while (operations.size() < 8 ||
         std::ranges::any_of(waiting, [](const auto& call) { return call.has_value(); })) {
    const std::uint32_t process = random.below(3);
    auto& call = waiting[process];
    if (!call) {
      if (operations.size() >= 8) continue;
      call = operations.size();
      effective[process] = false;
      operations.push_back(
          {now++, kNever, {static_cast<Kind>(random.below(3)), random.below(3), random.below(3)}});
    } else if (!effective[process]) {
      take_effect(operations[*call].operation);
      effective[process] = true;
    } else {
      // One in eight never says how it ended.
      if (random.below(8) != 0 || operations[*call].operation.kind == Kind::read)
        operations[*call].completed = now++;
      call.reset();
    }
  }
  return operations;
}

const Cell kCell({"nil", "1", "2", "3"});

TEST(Linearizability, WhatAModelDidIsAccepted) {
  for (std::uint64_t seed = 0; seed < 5000; ++seed)
    ASSERT_EQ(check_linearizable<Cell>(drawn_of_cell(seed), kCell, {}).verdict, Linearizable::yes) << seed;
}

// A swapped return value, or a response moved to before another's invocation: rejected when and only when the
// naive search does.
TEST(Linearizability, ACorruptionIsRejectedWhereTheNaiveSearchRejectsIt) {
  unsigned rejected = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    auto operations = drawn_of_cell(seed);
    CongruentialRandom random(seed + 77);
    auto& changed = operations[random.below(static_cast<std::uint32_t>(operations.size()))];
    if (seed % 2 == 0) {
      changed.operation.value = (changed.operation.value + 1) % 4;
    } else if (changed.completed != kNever) {
      // Positions are spread, so that a response fits anywhere.
      for (auto& operation : operations) {
        operation.invoked *= 4;
        if (operation.completed != kNever) operation.completed *= 4;
      }
      changed.completed = changed.invoked + 1;
    }
    const bool expected = naive<Cell>(operations, kCell);
    ASSERT_EQ(check_linearizable<Cell>(operations, kCell, {}).verdict,
              expected ? Linearizable::yes : Linearizable::no)
        << seed;
    rejected += expected ? 0 : 1;
  }
  EXPECT_GT(rejected, 3000U);
  EXPECT_LT(rejected, 17'000U);
}

TEST(Linearizability, AnOrderIsShownAndItIsOne) {
  const auto operations = drawn_of_cell(11);
  const SearchBudget budget;
  const auto result =
      linearizability::DepthFirstSearch<Cell>(operations, kCell, {budget, budget.max_states}).run();
  Cell::State state = kCell.initial();
  for (const std::uint32_t operation : result.longest_prefix)
    state = *Cell::step(state, operations[operation].operation);
  const auto completed =
      std::ranges::count_if(operations, [](const auto& operation) { return operation.completed != kNever; });
  EXPECT_GE(result.longest_prefix.size(), static_cast<std::size_t>(completed));
}

TEST(Linearizability, TheLongestPrefixAndWhyNothingFollows) {
  const std::vector<Interval<Cell>> operations{
      {0, 1, {Kind::write, 0, 1}}, {2, 3, {Kind::read, 0, 2}}, {4, 5, {Kind::read, 0, 1}}};
  const auto result = check_linearizable<Cell>(operations, kCell, {});
  EXPECT_EQ(result.verdict, Linearizable::no);
  EXPECT_EQ(result.longest_prefix, std::vector<std::uint32_t>{0});
  ASSERT_EQ(result.next.size(), 1U);
  EXPECT_EQ(result.next[0].operation, 1U);
  EXPECT_EQ(result.next[0].why_not, "it read 2 but the register holds 1");
}

TEST(Linearizability, ABudgetMakesItUnknownNotWrong) {
  // Fourteen appends at once, and a read that none of their orders explains.
  std::vector<Interval<models::KeyValue>> operations;
  for (std::uint32_t i = 0; i < 14; ++i)
    operations.push_back(
        {i, 100 + i, {models::KeyValueOperation::Kind::append, std::string(1, static_cast<char>('a' + i))}});
  operations.push_back({200, 201, {models::KeyValueOperation::Kind::get, "nobody wrote this"}});
  const auto result = check_linearizable<models::KeyValue>(
      operations, {}, {.max_states = 100'000, .max_bytes = std::size_t{1} << 30U, .stop = {}});
  EXPECT_EQ(result.verdict, Linearizable::unknown);
  EXPECT_EQ(result.why_unknown, "the budget of 100000 configurations is used up");
  EXPECT_EQ(check_linearizable<models::KeyValue>(operations, {}, {.max_bytes = 1'000'000}).why_unknown,
            "the memory of 1000000 bytes is used up");
  std::stop_source source;
  source.request_stop();
  EXPECT_EQ(check_linearizable<models::KeyValue>(operations, {}, {.stop = source.get_token()}).why_unknown,
            "the search was stopped");
}

TEST(Linearizability, LocksAndStates) {
  using models::LockOperation;
  const auto verdict = []<class Model>(const std::vector<Interval<Model>>& operations) {
    EXPECT_EQ(check_linearizable<Model>(operations, Model(), {}).verdict == Linearizable::yes,
              naive(operations, Model()));
    return check_linearizable<Model>(operations, Model(), {}).verdict == Linearizable::yes;
  };
  EXPECT_FALSE(verdict(std::vector<Interval<models::Mutex>>{{0, 1, {true, 1, {}}}, {2, 3, {true, 1, {}}}}));
  EXPECT_TRUE(
      verdict(std::vector<Interval<models::ReentrantMutex>>{{0, 1, {true, 1, {}}}, {2, 3, {true, 1, {}}}}));
  EXPECT_FALSE(
      verdict(std::vector<Interval<models::ReentrantMutex>>{{0, 1, {true, 1, {}}}, {2, 3, {true, 2, {}}}}));
  EXPECT_FALSE(verdict(std::vector<Interval<models::FencingLock>>{
      {0, 1, {true, 1, 5}}, {2, 3, {false, 1, {}}}, {4, 5, {true, 2, 5}}}));
  EXPECT_TRUE(verdict(std::vector<Interval<models::FencingLock>>{
      {0, 1, {true, 1, 5}}, {2, 3, {false, 1, {}}}, {4, 5, {true, 2, 6}}}));
  // Of unknown result: it may have released.
  EXPECT_TRUE(verdict(std::vector<Interval<models::Mutex>>{
      {0, 1, {true, 1, {}}}, {2, kNever, {false, 1, {}}}, {4, 5, {true, 2, {}}}}));
  EXPECT_FALSE(
      verdict(std::vector<Interval<models::TerraformState>>{{0, 1, {true, 1, 4}}, {2, 3, {true, 1, 4}}}));
  EXPECT_FALSE(
      verdict(std::vector<Interval<models::TerraformState>>{{0, 1, {true, 1, 4}}, {2, 3, {true, 2, 5}}}));
  EXPECT_TRUE(verdict(std::vector<Interval<models::TerraformState>>{
      {0, 5, {true, 1, 4}}, {2, 3, {true, 1, 3}}, {6, 7, {false, 1, 4}}}));
}

}  // namespace
}  // namespace lockstorm::checkers
