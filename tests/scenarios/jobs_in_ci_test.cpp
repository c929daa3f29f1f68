// Jobs as CI systems have them: run again after a failure, started anew after a loss; and old releases.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/services/dispatcher.hpp"
#include "scenarios/search/verify.hpp"
#include "tests/scenarios/scenario_text.hpp"

namespace lockstorm::scenarios {
namespace {

using models::Dispatcher;
using testing::HasSubstr;

TEST(Dispatcher, StartsOneJobForEachThatIsLost) {
  Dispatcher ci;
  ci.jobs = 2;
  Dispatcher::Value value = ci.initial();
  const auto asked = [&] { return ci.apply(value, 5, Dispatcher::AskForWork{}).response.status; };
  EXPECT_EQ(asked(), Dispatcher::Status::nothing_yet);
  ci.process_ended(value, 0);
  EXPECT_EQ(asked(), Dispatcher::Status::start);
  EXPECT_EQ(asked(), Dispatcher::Status::nothing_yet);
  EXPECT_EQ(ci.apply(value, 1, Dispatcher::Report{}).response.status, Dispatcher::Status::ok);
  ci.process_ended(value, 1);
  EXPECT_EQ(asked(), Dispatcher::Status::all_over);
}

TEST(Dispatcher, GivesUpSilentJobsOnlyWhereItIsToldTo) {
  for (const bool gives_up : {false, true}) {
    Dispatcher ci;
    ci.jobs = 1;
    ci.gives_up_silent = gives_up;
    Dispatcher::Value value = ci.initial();
    ci.process_paused(value, 0, true);
    EXPECT_EQ(ci.apply(value, 5, Dispatcher::AskForWork{}).response.status,
              gives_up ? Dispatcher::Status::start : Dispatcher::Status::nothing_yet);
  }
}

TEST(JobsInCi, SuccessorsComeOnlyWhereSomebodyWasLost) {
  const VerifyResult calm = verify(
      scenario_of("backend: {type: gcs}\nclient: {count: 2, restarts: 1}\ncheck: [mutual-exclusion]\n"), {});
  EXPECT_EQ(calm.verdict, Verdict::held) << calm.why;
}

TEST(JobsInCi, OrphansArePrintedByName) {
  const VerifyResult result = verify(named("ci/orphan-unlocked"), {});
  ASSERT_FALSE(result.counterexamples.empty());
  EXPECT_THAT(result.counterexamples.front().actors, testing::Contains(HasSubstr("successor")));
}

TEST(JobsInCi, ReleasesWithBugsCountInTheFingerprint) {
  const std::string backend = "backend: {type: gcs}\n";
  EXPECT_EQ(fingerprint(scenario_of(backend)),
            fingerprint(scenario_of(backend + "client: {leaks_lock: never}\n")));
  for (const char* bug : {"leaks_lock: success", "leaks_lock: failure", "ignores_unlock_error: true",
                          "refusal_is_final: true", "unlock_is_cancelled: true", "restarts: 1", "retries: 1"})
    EXPECT_NE(fingerprint(scenario_of(backend)),
              fingerprint(scenario_of(backend + "client: {" + bug + "}\n")))
        << bug;
}

}  // namespace
}  // namespace lockstorm::scenarios
