// What `describe BACKEND` reads off the models.
#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/campaigns/anatomy.hpp"
#include "scenarios/campaigns/recorder.hpp"

namespace lockstorm::scenarios {
namespace {

const Anatomy& anatomy_of(const std::vector<Anatomy>& all, std::string_view backend, models::Dialect tool) {
  const auto found = std::ranges::find_if(
      all, [&](const Anatomy& anatomy) { return anatomy.backend == backend && anatomy.tool == tool; });
  EXPECT_NE(found, all.end()) << backend;
  return found == all.end() ? all.front() : *found;
}

std::vector<std::string> calls_of(const AnatomyRun& run, std::string_view operation) {
  std::vector<std::string> calls;
  for (const AnatomyCall& call : run.calls) {
    if (call.operation == operation) calls.push_back(call.text);
  }
  return calls;
}

// backend-protocols.md 3.2, Unlock: the tools read the lock file, compare the ID and delete it without a
// condition.
TEST(Anatomy, TellsTheCallsOfTheLockFile) {
  const auto all = dissect(*backend_type_named("s3"));
  const AnatomyRun& apply = anatomy_of(all, "s3 with use_lockfile", models::Dialect::opentofu).runs.front();
  EXPECT_EQ(calls_of(apply, operation::kLock),
            std::vector<std::string>{"PutObject .tflock If-None-Match:* (client's lock) -> 200"});
  EXPECT_EQ(calls_of(apply, operation::kUnlock),
            (std::vector<std::string>{"GetObject .tflock -> 200, client's lock",
                                      "DeleteObject .tflock (meaning client's lock) -> 204"}));
}

// 3.1, Put: state first, digest second; between them nobody can read the state.
TEST(Anatomy, TellsWhatAKillBetweenStateAndDigestLeaves) {
  const auto all = dissect(*backend_type_named("s3"));
  const AnatomyRun& apply =
      anatomy_of(all, "s3 with dynamodb_table", models::Dialect::terraform).runs.front();
  const auto put = std::ranges::find(apply.calls, operation::kPut, &AnatomyCall::operation);
  ASSERT_LT(put + 1, apply.calls.end());
  EXPECT_EQ(put->left.found.readable, models::GetStatus::failed);
  EXPECT_TRUE(put->left.found.lock_cleared);
  EXPECT_EQ((put + 1)->left.found.readable, models::GetStatus::found);
}

// The kernel drops a lock with its process.
TEST(Anatomy, AKilledProcessLeavesNoLocalLock) {
  for (const Anatomy& anatomy : dissect(*backend_type_named("local"))) {
    for (const AnatomyCall& call : anatomy.runs.front().calls) EXPECT_FALSE(call.left.locked) << call.text;
  }
}

// 3.4, Lock: between lease and metadata the lock shows no ID.
TEST(Anatomy, TellsALockWithoutId) {
  for (const Anatomy& anatomy : dissect(*backend_type_named("azurerm"))) {
    const AnatomyRun& apply = anatomy.runs.front();
    EXPECT_TRUE(std::ranges::any_of(apply.calls, [](const AnatomyCall& call) {
      return call.operation == operation::kLock && call.left.locked && !call.left.found.lock_shown;
    }));
  }
}

class EveryBackend : public testing::TestWithParam<std::string> {};

TEST_P(EveryBackend, IsToldFromLockToUnlock) {
  for (const Anatomy& anatomy : dissect(*backend_type_named(GetParam()))) {
    SCOPED_TRACE(anatomy.backend);
    ASSERT_FALSE(anatomy.runs.empty());
    const AnatomyRun& apply = anatomy.runs.front();
    ASSERT_FALSE(apply.calls.empty());
    const LeftBehind& end = apply.calls.back().left;
    EXPECT_FALSE(end.locked || end.found.lock_shown) << "an undisturbed apply leaves its lock";
    const bool dies_with_the_process = GetParam() == "inmem";
    EXPECT_EQ(end.found.readable,
              dies_with_the_process ? models::GetStatus::absent : models::GetStatus::found);
    EXPECT_TRUE(dies_with_the_process || end.found.state != apply.before.found.state);
    const bool locks = std::ranges::any_of(
        apply.calls, [](const AnatomyCall& call) { return call.operation == operation::kLock; });
    const bool unlocks = std::ranges::any_of(
        apply.calls, [](const AnatomyCall& call) { return call.operation == operation::kUnlock; });
    EXPECT_EQ(locks, unlocks);
  }
}

std::vector<std::string> names_of_types() {
  std::vector<std::string> names;
  for (const BackendType* type : backend_types()) names.emplace_back(type->name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Types, EveryBackend, testing::ValuesIn(names_of_types()), [](const auto& test) {
  std::string name = test.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace lockstorm::scenarios
