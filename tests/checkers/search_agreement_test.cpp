// Both searches and a naive one agree on small random histories of every model, and what they show as a
// prefix is one.
#include <gtest/gtest.h>

#include <algorithm>

#include "checkers/linearizability/linearizability.hpp"
#include "checkers/models/cell.hpp"
#include "checkers/models/key_value.hpp"
#include "checkers/models/lock_models.hpp"
#include "checkers/models/terraform_state.hpp"
#include "sim/random.hpp"
#include "tests/checkers/naive_search.hpp"

namespace lockstorm::checkers {
namespace {

using sim::Random;

template <class Model>
using Operations = std::vector<Interval<Model>>;

// Whatever they answer: most small histories over few values are possible about half of the time.
template <class Model, class Draw>
Operations<Model> drawn(Random& random, unsigned processes, std::size_t count, const Draw& draw) {
  Operations<Model> operations;
  std::vector<std::optional<std::size_t>> waiting(processes);
  for (std::uint32_t now = 0; operations.size() < count ||
                              std::ranges::any_of(waiting, [](const auto& call) { return call.has_value(); });
       ++now) {
    auto& call = waiting[random.below(processes)];
    if (!call) {
      if (operations.size() >= count) continue;
      call = operations.size();
      operations.push_back({now, kNever, draw(random)});
    } else {
      if (random.below(8) != 0) operations[*call].completed = now;  // one in eight never says how it ended
      call.reset();
    }
  }
  return operations;
}

// Each operation of the prefix is possible after those before it, and nothing that completed before it is
// missing.
template <class Model>
void expect_prefix(const Operations<Model>& operations, const Model& model,
                   const LinearizabilityResult& result) {
  auto state = model.initial();
  std::vector<bool> done(operations.size());
  for (const std::uint32_t one : result.longest_prefix) {
    ASSERT_FALSE(done[one]);
    for (std::size_t i = 0; i < operations.size(); ++i)
      ASSERT_TRUE(done[i] || operations[i].completed == kNever ||
                  operations[i].completed > operations[one].invoked);
    const auto next = model.step(state, operations[one].operation);
    ASSERT_TRUE(next.has_value());
    state = *next;
    done[one] = true;
  }
}

template <class Model, class Draw>
void expect_agreement(const Model& model, const Draw& draw, unsigned seeds = 20'000) {
  unsigned accepted = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const unsigned processes = 2 + random.below(4);
    const auto operations = drawn<Model>(random, processes, 3 + random.below(6), draw);
    const bool expected = naive(operations, model);
    const auto wanted = expected ? Linearizable::yes : Linearizable::no;
    const SearchBudget budget;
    const std::span<const Interval<Model>> span(operations);
    const auto frontier = linearizability::search_just_in_time(span, model, {budget, budget.max_states});
    ASSERT_EQ(frontier.verdict, wanted);
    const auto depth_first =
        linearizability::DepthFirstSearch<Model>(span, model, {budget, budget.max_states}).run();
    ASSERT_EQ(depth_first.verdict, wanted);
    if (!expected) {
      expect_prefix(operations, model, frontier);
      expect_prefix(operations, model, depth_first);
      ASSERT_FALSE(testing::Test::HasFatalFailure());
    }
    accepted += expected ? 1 : 0;
  }
  EXPECT_GT(accepted, seeds / 50);
  EXPECT_LT(accepted, seeds - seeds / 50);
}

TEST(SearchAgreement, CompareAndSetRegister) {
  using Kind = models::CellOperation::Kind;
  expect_agreement(models::Cell({"nil", "1", "2"}), [](Random& random) {
    return models::CellOperation{static_cast<Kind>(random.below(4)), random.below(3), random.below(3)};
  });
}

TEST(SearchAgreement, RegisterOfManyWrites) {
  using Kind = models::CellOperation::Kind;
  expect_agreement(models::Cell({"nil", "1", "2"}), [](Random& random) {
    return models::CellOperation{random.below(3) == 0 ? Kind::read : Kind::write, 0, random.below(3)};
  });
}

models::KeyValueOperation some_store_operation(Random& random) {
  using Kind = models::KeyValueOperation::Kind;
  static constexpr const char* kGot[]{"", "a", "b", "ab", "ba", "aa"};
  const auto kind = static_cast<Kind>(random.below(3));
  return {kind, kind == Kind::get ? kGot[random.below(6)] : kGot[1 + random.below(2)]};
}

TEST(SearchAgreement, KeyWithAppends) { expect_agreement(models::KeyValue(), some_store_operation); }

TEST(SearchAgreement, StoreAsOneObject) {
  expect_agreement(models::KeyValueStore(2), [](Random& random) {
    const models::KeyValueOperation one = some_store_operation(random);
    return models::StoreOperation{random.below(2), one.kind, one.value};
  });
}

models::LockOperation some_lock_operation(Random& random) {
  const bool is_acquire = random.below(2) == 0;
  models::LockOperation operation{is_acquire, random.below(2), {}};
  if (is_acquire && random.below(3) != 0) operation.token = random.below(4);
  return operation;
}

TEST(SearchAgreement, Mutex) { expect_agreement(models::Mutex(), some_lock_operation); }
TEST(SearchAgreement, ReentrantMutex) { expect_agreement(models::ReentrantMutex(), some_lock_operation); }
TEST(SearchAgreement, FencingLock) { expect_agreement(models::FencingLock(), some_lock_operation); }

TEST(SearchAgreement, TerraformState) {
  expect_agreement(models::TerraformState(), [](Random& random) {
    return models::TerraformStateOperation{random.below(2) == 0, random.below(4) == 0 ? 2U : 1U,
                                           random.below(4)};
  });
}

}  // namespace
}  // namespace lockstorm::checkers
