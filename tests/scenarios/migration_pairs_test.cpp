// `init -migrate-state` alone, without faults, from every backend in every mode to every other, itself
// included: it ends with success, and what was at the old place is at the new one.
#include <gtest/gtest.h>

#include "models/terraform/outcome.hpp"
#include "models/terraform/state_manager.hpp"
#include "scenarios/campaigns/matrix.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/world/aftermath.hpp"
#include "scenarios/world/world.hpp"
#include "scenarios/world/world_parts.hpp"
#include "sim/explore/explorer.hpp"

namespace lockstorm::scenarios {
namespace {

// The state of inmem ends with its process, and lock-table is no backend of the tools.
std::vector<BackendMode> modes_of(models::Dialect tool) {
  std::vector<BackendMode> modes;
  for (const BackendType* type : backend_types()) {
    if (type->arguments.empty() || type->name == "inmem" || !type->available(tool)) continue;
    std::ranges::move(matrix_modes(*type), std::back_inserter(modes));
  }
  return modes;
}

Scenario migration(const AnyBackend& from, const AnyBackend& to, models::Dialect tool) {
  Scenario scenario = calm_configuration(from, tool, 1);
  scenario.client.commands = {models::Command::init_migrate};
  scenario.client.migrate_to = MigrationTarget{to};
  to->prepare_audit(scenario);
  return scenario;
}

// The tools themselves leave a lock in some endings, without any fault, behind a pooler in transaction mode
// (backend-protocols.md 3.8, PG-5), and where OpenTofu's only unlock is refused because what it has just
// written is still being processed (1.1, 3.13).
bool may_keep_its_lock(const BackendMode& mode, models::Dialect tool, bool is_destination) {
  if (mode.name == "pg+pooler") return true;
  return mode.backend->type().name == "remote" && tool == models::Dialect::opentofu && is_destination;
}

// Behind a pooler a statement may meet a session on which it was not prepared (confirm.md 2, D6).
bool may_fail(const BackendMode& mode) { return mode.name == "pg+pooler"; }

bool is_free(const World& world, const models::Backend& backend, sim::ValuePool& values,
             const sim::EndState& end) {
  const Aftermath after = find_aftermath(world, backend, values, end.services);
  return !after.lock_shown && !after.blocked;
}

void expect_moved(const Scenario& scenario, bool source_may_keep_lock, bool destination_may_keep_lock,
                  bool may_end_early) {
  const auto world = build_world(scenario);
  ASSERT_TRUE(world->places.has_destination());
  ASSERT_EQ(world->backends.size(), 2U);
  const models::Backend& source = *world->backends.front();
  const models::Backend& destination = *world->backends.back();
  sim::StateTables tables(world->spec, sim::Automaton::Mode::compressed);
  sim::Explorer<2> explorer(tables, world->monitors, world->end_check, {});
  const sim::ExploreResult result = explorer.run();
  sim::ValuePool& values = tables.values();
  EXPECT_TRUE(result.complete) << result.why_incomplete;
  EXPECT_FALSE(explorer.end_states().empty());
  const bool may_keep_lock = source_may_keep_lock || destination_may_keep_lock;
  checkers::PropertySet may_be_violated;
  if (may_keep_lock)
    may_be_violated = {checkers::Property::stale_lock_recovery, checkers::Property::lock_released};
  for (const checkers::Property property :
       checkers::PropertySet::from_bits(result.violated) - may_be_violated)
    ADD_FAILURE() << checkers::property_name(property);
  const models::StateSnapshot before = initial_snapshot(scenario);
  std::size_t done = 0;
  std::size_t without_lock = 0;
  for (const auto& [end, violated] : explorer.end_states()) {
    ASSERT_EQ(end.processes[0].status, sim::ProcessStatus::ended);
    ASSERT_NE(end.processes[0].outcome, 0U);
    const auto outcome = values.get<models::Outcome>(end.processes[0].outcome);
    if (outcome.ending != models::Ending::done && may_end_early) continue;
    ++done;
    EXPECT_EQ(outcome.ending, models::Ending::done);
    EXPECT_TRUE(outcome.unlock_failed == 0 || may_keep_lock);
    const Aftermath moved = find_aftermath(*world, destination, values, end.services);
    EXPECT_EQ(moved.readable, models::GetStatus::found);
    EXPECT_TRUE(models::same_content(moved.state, before)) << "what the new place has";
    const Aftermath left = find_aftermath(*world, source, values, end.services);
    EXPECT_EQ(left.state, before) << "what the old place has";
    const bool source_free = is_free(*world, source, values, end);
    const bool destination_free = is_free(*world, destination, values, end);
    const bool free = !locked_by_record(*world, values, end.services);
    EXPECT_TRUE(source_free || source_may_keep_lock) << "a lock at the old place";
    EXPECT_TRUE(destination_free || destination_may_keep_lock) << "a lock at the new place";
    EXPECT_TRUE(free || may_keep_lock) << "a lock by the servers' record";
    if (source_free && destination_free && free) ++without_lock;
  }
  EXPECT_GT(without_lock, 0U);
  EXPECT_EQ(without_lock < explorer.end_states().size(), may_keep_lock) << "what is allowed, happens";
  EXPECT_EQ(done < explorer.end_states().size(), may_end_early) << "what is allowed, happens";
}

struct Source {
  models::Dialect tool;
  BackendMode mode;
  friend void PrintTo(const Source& source, std::ostream* out) { *out << source.mode.name; }
};

std::vector<Source> sources() {
  std::vector<Source> all;
  for (const models::Dialect tool : {models::Dialect::terraform, models::Dialect::opentofu}) {
    for (BackendMode& mode : modes_of(tool)) all.push_back({tool, std::move(mode)});
  }
  return all;
}

std::string name_of_pair(const testing::TestParamInfo<Source>& info) {
  std::string name = std::string(tool_key(info.param.tool)) + "_" + info.param.mode.name;
  std::ranges::replace_if(name, [](unsigned char letter) { return std::isalnum(letter) == 0; }, '_');
  return name;
}

class MigrationPairs : public testing::TestWithParam<Source> {};

TEST_P(MigrationPairs, TakeTheStateAlong) {
  const auto& [tool, from] = GetParam();
  for (const BackendMode& to : modes_of(tool)) {
    SCOPED_TRACE(from.name + " to " + to.name);
    const Scenario scenario = migration(from.backend, to.backend, tool);
    const std::optional<Objection> objection = objection_to(scenario);
    if (from.backend->type().name == "cloud" || to.backend->type().name == "cloud") {
      ASSERT_TRUE(objection);
      EXPECT_NE(objection->problem.find("for migration between state backends only"), std::string::npos);
      continue;
    }
    ASSERT_FALSE(objection) << objection->problem;
    expect_moved(scenario, may_keep_its_lock(from, tool, false), may_keep_its_lock(to, tool, true),
                 may_fail(from) || may_fail(to));
  }
}

INSTANTIATE_TEST_SUITE_P(AllModes, MigrationPairs, testing::ValuesIn(sources()), name_of_pair);

}  // namespace
}  // namespace lockstorm::scenarios
