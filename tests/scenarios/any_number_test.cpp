// Views of one job: they hold whatever any number of jobs comes to, a proof is one that somebody else can
// check, and where there is none nobody says so.
#include "scenarios/search/any_number.hpp"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <set>

#include "scenarios/files/library.hpp"
#include "sim/explore/take_move.hpp"
#include "tests/cli/run_command.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using sim::LocalId;
using sim::Slot;

Scenario scenario_named(const std::string& name) { return find_scenarios({name})->front(); }

constexpr std::size_t kJobs = 3;

// A state of three jobs, in a world that has room for more of them than come.
struct JobsState {
  sim::View services;
  std::array<LocalId, kJobs> locals{};
  friend auto operator<=>(const JobsState&, const JobsState&) = default;
};

struct JobsWorld {
  JobsState& state;
  std::size_t slots;
  LocalId absent;
  [[nodiscard]] std::size_t processes() const { return slots; }
  [[nodiscard]] std::size_t services() const { return state.services.services.size(); }
  [[nodiscard]] LocalId local(Slot who) const { return who < kJobs ? state.locals[who] : absent; }
  [[nodiscard]] std::uint8_t monitor(Slot) const { return 0; }
  [[nodiscard]] sim::ServiceStateId service(std::size_t s) const { return state.services.services[s]; }
  [[nodiscard]] std::uint32_t clock() const { return 0; }
  void set_local(Slot who, LocalId id) { state.locals[who] = id; }
  void set_monitor(Slot, std::uint8_t) {}
  void set_service(std::size_t s, sim::ServiceStateId id) { state.services.services[s] = id; }
};

// Everything that three jobs come to, one state after the other, by the rules that every search has.
std::set<JobsState> states_of_three(AnyNumberWorld& searched) {
  sim::StateTables& tables = *searched.tables;
  const LocalId start = tables.initial_local(0);
  JobsState first;
  for (std::size_t s = 0; s < tables.spec().services.size(); ++s)
    first.services.services.push_back(tables.initial_service(s));
  first.services.left.assign(tables.spec().budget.count.begin(), tables.spec().budget.count.end());
  first.locals.fill(start);
  std::set<JobsState> known{first};
  std::deque<JobsState> open{first};
  while (!open.empty()) {
    const JobsState state = open.front();
    open.pop_front();
    for (Slot slot = 0; slot < kJobs; ++slot) {
      const LocalId local = state.locals[slot];
      for (std::uint16_t i = 0; i < tables.info(local).move_count; ++i) {
        const std::uint8_t fault = tables.move(local, i).move.fault;
        if (fault != sim::kNoFault && state.services.left[fault] == 0) continue;
        unsigned ways = 1;
        for (unsigned way = 0; way < ways; ++way) {
          JobsState next = state;
          if (fault != sim::kNoFault) --next.services.left[fault];
          ways = take_move(tables, searched.world->monitors,
                           JobsWorld{next, tables.spec().process_count(), start}, slot, local, i, way)
                     .alternatives;
          if (known.insert(next).second) open.push_back(next);
        }
      }
    }
  }
  return known;
}

class Views : public testing::TestWithParam<std::string> {};

// What the proof claims, looked at in full for three jobs: each of them always has a view of the set.
TEST_P(Views, HaveEveryStateThatThreeJobsComeTo) {
  AnyNumberWorld searched = any_number_world(scenario_named(GetParam()));
  ASSERT_EQ(searched.why_not, "");
  const sim::ViewSearchResult views = searched.search->run();
  ASSERT_TRUE(views.complete) << views.why_incomplete;
  const std::set<sim::View> set(views.views.begin(), views.views.end());
  const std::set<JobsState> states = states_of_three(searched);
  EXPECT_GT(states.size(), 1000U);
  for (const JobsState& state : states) {
    for (Slot slot = 0; slot < kJobs; ++slot) {
      sim::View raw = state.services;
      raw.local = state.locals[slot];
      ASSERT_TRUE(set.contains(searched.search->canonical(raw, slot)));
    }
  }
}

const std::vector<std::string> kSmallWorlds{"lock-table/l0", "http/gitlab/terraform/no-faults",
                                            "s3/lockfile/terraform/no-faults"};
INSTANTIATE_TEST_SUITE_P(Small, Views, testing::ValuesIn(kSmallWorlds),
                         [](const auto& info) { return std::to_string(info.index); });

class ProvedForAny : public testing::TestWithParam<std::string> {};

TEST_P(ProvedForAny, NumberOfJobs) {
  const AnyNumberResult result = prove_for_any_number(scenario_named(GetParam()));
  EXPECT_EQ(result.why_not, "");
  for (const AnyNumberVerdict& verdict : result.properties)
    EXPECT_TRUE(verdict.held) << checkers::property_name(verdict.property) << ": " << verdict.too_coarse;
  EXPECT_EQ(result.properties.size(), kAnyNumberProperties.size());

  if (cli::shell("command -v python3").status != 0) GTEST_SKIP() << "needs python3";
  const cli::TemporaryDirectory directory;
  const std::string check = std::string(LOCKSTORM_SOURCE) + "/scripts/check-views ";
  directory.write("right", result.certificate);
  const cli::CommandResult right = cli::shell(check + directory.file("right") + " 2>&1");
  EXPECT_EQ(right.status, 0) << right.out;
  EXPECT_NE(right.out.find("held for any number of jobs"), std::string::npos) << right.out;

  // Every view but the first one is come to from another: without the last the set is not closed.
  const std::size_t last = result.certificate.rfind("\nview ");
  directory.write("wrong", result.certificate.substr(0, last) + "\nend\n");
  const cli::CommandResult wrong = cli::shell(check + directory.file("wrong") + " 2>&1");
  EXPECT_EQ(wrong.status, 1) << wrong.out;
  directory.write("cut", result.certificate.substr(0, last));
  EXPECT_EQ(cli::shell(check + directory.file("cut") + " 2>&1").status, 2);
}

const std::vector<std::string> kProved{"lock-table/l0",
                                       "s3/lockfile/terraform/no-faults",
                                       "s3/lockfile/terraform/crash",
                                       "s3/dynamodb/terraform/no-faults",
                                       "http/gitlab/terraform/no-faults",
                                       "oss/terraform/no-faults",
                                       "remote/terraform/no-faults"};
INSTANTIATE_TEST_SUITE_P(Backends, ProvedForAny, testing::ValuesIn(kProved),
                         [](const auto& info) { return std::to_string(info.index); });

TEST(AnyNumber, IsNotSaidOfWhatTwoJobsViolate) {
  const AnyNumberResult result = prove_for_any_number(scenario_named("lock-table/l0-6-read-then-write"));
  for (const AnyNumberVerdict& verdict : result.properties) {
    if (verdict.property != Property::mutual_exclusion) continue;
    EXPECT_FALSE(verdict.held);
    EXPECT_EQ(verdict.violated_by, 2U);
  }
}

TEST(AnyNumber, IsNotAskedWhereJobsAreNotEqual) {
  for (const char* name : {"s3/lockfile/terraform/force-unlock-paused", "consul/terraform/no-faults",
                           "pg/terraform/no-faults", "lock-table/corrected"}) {
    const AnyNumberWorld searched = any_number_world(scenario_named(name));
    EXPECT_NE(searched.why_not, "") << name;
    EXPECT_EQ(searched.search, nullptr) << name;
  }
}

TEST(AnyNumber, WritesNoProofWhereThereIsNone) {
  const cli::TemporaryDirectory directory;
  const cli::CommandResult result =
      cli::lockstorm("verify lock-table/l0-6-read-then-write --views " + directory.file("proof"));
  EXPECT_EQ(result.status, 65) << result.out;
  EXPECT_NE(result.out.find("violated by 2 jobs"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("there is no proof to be written"), std::string::npos) << result.out;
  EXPECT_FALSE(std::filesystem::exists(directory.file("proof")));
}

// With six jobs one name is too many for a view; two, three and four are looked at one by one.
TEST(AnyNumber, SaysHowFarItHasLookedWhereViewsNameTooMany) {
  const AnyNumberResult result = prove_for_any_number(scenario_named("local/terraform/no-faults"));
  EXPECT_NE(result.why_not, "");
  EXPECT_EQ(result.certificate, "");
  for (const AnyNumberVerdict& verdict : result.properties) {
    EXPECT_FALSE(verdict.held);
    EXPECT_EQ(verdict.held_up_to, 4U);
  }
}

}  // namespace
}  // namespace lockstorm::scenarios
