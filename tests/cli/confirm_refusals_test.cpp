// What `confirm` cannot force it says by the name of the key.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

struct Unforceable {
  std::string scenario;
  std::string key;
};

TEST(ConfirmRefusals, NameTheKey) {
  for (const Unforceable& one : {Unforceable{"ci/restart-unlocks", "restarts"},
                                 {"issues/terraform-24149", "lock_sharers"},
                                 {"several-states/write-skew", "reads"},
                                 {"issues/opentofu-2169", "shared_directory"},
                                 {"issues/atlantis-1122", "orchestrator"},
                                 {"issues/terraform-17624", "`leaks_lock`"},
                                 {"issues/terraform-7507e3cd21", "`locks_twice`"},
                                 {"issues/distributedlock-228", "`cleans_up_refused`"},
                                 {"issues/terraform-31256", "`refusal_is_final`"},
                                 {"issues/terraform-30178", "`saves_empty`"},
                                 {"issues/opentofu-3661", "`unlock_is_cancelled`"}}) {
    SCOPED_TRACE(one.scenario);
    const CommandResult result = lockstorm("confirm " + one.scenario);
    EXPECT_EQ(result.status, 3);
    EXPECT_THAT(result.out, testing::HasSubstr("CANNOT BE FORCED"));
    EXPECT_THAT(result.out, testing::HasSubstr(one.key));
  }
}

}  // namespace
}  // namespace lockstorm::cli
