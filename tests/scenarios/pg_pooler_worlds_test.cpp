// What pg's set-up and a pooler between two round trips come to, in whole worlds.
#include <gtest/gtest.h>

#include <set>

#include "scenarios/search/reached.hpp"
#include "scenarios/search/verify.hpp"
#include "tests/scenarios/scenario_text.hpp"

namespace lockstorm::scenarios {
namespace {

using models::Ending;

std::set<Ending> endings(const std::string& yaml) {
  std::set<Ending> all;
  for (const CommandReached& command : verify(scenario_of(yaml), VerifyOptions{}).reached) {
    for (const models::CommandEnd& end : command.ends) all.insert(end.ending);
  }
  return all;
}

bool is_refused(const std::string& yaml) { return !parse_scenario(yaml, "test.yaml", "test").has_value(); }

const std::string kFirstApplies = "client: {count: 2}\ninitial_state: empty\n";
const std::string kAlone = "store: {transaction_pooling: true}\nclient: {count: 1}\n";

// confirm.md 2, D5, and what two `terraform init` did on an empty database.
TEST(PgSetUp, FailsOneOfTwoFirstJobs) {
  EXPECT_TRUE(
      endings("backend: {type: pg, tables_exist: false}\n" + kFirstApplies).contains(Ending::open_failed));
  EXPECT_FALSE(endings("backend: {type: pg}\n" + kFirstApplies).contains(Ending::open_failed));
}

TEST(PgSetUp, FailsNobodyWhoIsAlone) {
  const auto all =
      endings("backend: {type: pg, tables_exist: false}\nclient: {count: 1}\ninitial_state: empty\n");
  EXPECT_EQ(all, std::set<Ending>{Ending::applied});
}

// D6: wherever it is, the command fails there.
TEST(PgPooler, FailsAStatementOfTwoRoundTrips) {
  const auto all = endings("backend: {type: pg}\n" + kAlone);
  for (const Ending ending : {Ending::applied, Ending::open_failed, Ending::lock_refused, Ending::read_failed,
                              Ending::persist_failed})
    EXPECT_TRUE(all.contains(ending)) << models::ending_text(ending);
}

TEST(PgPooler, FailsNoStatementOfOneRoundTrip) {
  const auto all = endings("backend: {type: pg, conn_str: 'host=pooler binary_parameters=yes'}\n" + kAlone);
  for (const Ending ending : {Ending::open_failed, Ending::read_failed, Ending::persist_failed})
    EXPECT_FALSE(all.contains(ending)) << models::ending_text(ending);
}

// Terraform's set-up has one statement with a parameter, which `skip_schema_creation` leaves out.
TEST(PgPooler, FailsNoSetUpThatAsksForNoSchema) {
  EXPECT_FALSE(
      endings("backend: {type: pg, skip_schema_creation: true}\n" + kAlone).contains(Ending::open_failed));
}

TEST(PgPooler, StepsSayWhichSessionItWas) {
  const VerifyResult result = verify(scenario_of("backend: {type: pg}\n"
                                                 "store: {transaction_pooling: true}\n"
                                                 "client: {count: 2}\ncheck: [mutual-exclusion]\n"),
                                     VerifyOptions{});
  ASSERT_FALSE(result.counterexamples.empty());
  bool some = false;
  for (const CounterexampleStep& step : result.counterexamples.front().steps) {
    if (step.route.session == 0) continue;
    some = true;
    EXPECT_LE(step.route.session, 2);
  }
  EXPECT_TRUE(some);
}

TEST(PgScenario, RefusesAnEmptyDatabaseWithAState) {
  EXPECT_TRUE(is_refused("backend: {type: pg, tables_exist: false}\nclient: {count: 1}\n"));
  EXPECT_TRUE(
      is_refused("backend: {type: pg, tables_exist: false}\nstore: {transaction_pooling: true}\n"
                 "client: {count: 1}\ninitial_state: empty\n"));
  EXPECT_TRUE(
      is_refused("backend: {type: pg, tables_exist: false, skip_table_creation: true}\n"
                 "client: {count: 1}\ninitial_state: empty\n"));
  EXPECT_FALSE(
      is_refused("backend: {type: pg, tables_exist: false}\nclient: {count: 1}\ninitial_state: empty\n"));
}

}  // namespace
}  // namespace lockstorm::scenarios
