// What is exported is the same world: other tools count the same states and steps, and find the same
// violated.
#include <gtest/gtest.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <vector>

#include "scenarios/files/library.hpp"
#include "scenarios/world/world.hpp"
#include "sim/explore/explorer.hpp"
#include "sim/explore/plain_graph.hpp"
#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

struct Counts {
  std::size_t states = 0;
  std::size_t transitions = 0;
  std::size_t endings = 0;
};

Counts exported_counts(const std::string& text) {
  std::smatch found;
  const std::regex line("Exported: .*: ([0-9]+) states, ([0-9]+) transitions and ([0-9]+) endings");
  EXPECT_TRUE(std::regex_search(text, found, line)) << text;
  return {std::stoul(found[1]), std::stoul(found[2]), std::stoul(found[3])};
}

std::size_t number_before(const std::string& text, const std::string& words) {
  std::smatch found;
  EXPECT_TRUE(std::regex_search(text, found, std::regex("([0-9]+) " + words))) << text;
  return found.empty() ? 0 : std::stoul(found[1]);
}

// The library's own explorer, told to reduce nothing.
sim::ExploreResult explored_without_reductions(const std::string& name) {
  const auto found = scenarios::find_scenarios({name});
  const auto world = scenarios::build_world(found->front());
  sim::StateTables tables(world->spec, sim::Automaton::Mode::compressed);
  sim::ExploreOptions options;
  options.symmetry = false;
  options.reduction = false;
  return sim::Explorer<4>(tables, world->monitors, world->end_check, options).run();
}

// Names of assertions that SPIN saw fail: one for each property.
std::set<std::string> failed_assertions(const std::string& text) {
  std::set<std::string> failed;
  const std::regex line("assertion violated \\( (\\w+) \\)");
  for (std::sregex_iterator one(text.begin(), text.end(), line), end; one != end; ++one)
    failed.insert((*one)[1]);
  return failed;
}

std::set<std::string> violated_properties(const std::string& json) {
  std::set<std::string> violated;
  const nlohmann::json result = nlohmann::json::parse(json);
  for (const auto& [name, property] : result.at("properties").items()) {
    if (property.at("verdict") != "violated") continue;
    std::string macro;
    for (const char c : name) macro += c == '-' ? '_' : static_cast<char>(std::toupper(c));
    violated.insert(macro + "_HOLDS");
  }
  return violated;
}

// Of each backend, with and without what is adverse; what is held and what is violated.
const std::vector<std::string> kSpinScenarios{
    "azurerm/opentofu/crash",
    "azurerm/opentofu/lock-wait",
    "ci/orphan",
    "ci/restart-unlocks",
    "cloud/opentofu/crash",
    "commands/apply-unlocked",
    "commands/local-plan-interrupted",
    "commands/migration-crash",
    "commands/push-errored-state-without-lineage",
    "commands/workspace-new",
    "consul/opentofu/session-loss-lost-request",
    "consul/terraform/first-apply-stale-reads",
    "consul/terraform/large/crash",
    "cos/opentofu/new-workspace-crash",
    "drift/errored-state-gone",
    "gcs/opentofu/first-apply",
    "gcs/terraform/lost-response",
    "http/blob/terraform/crash",
    "http/gitlab/opentofu/force-unlock-race",
    "http/gitlab/terraform/dead-holder",
    "http/server/terraform/expiry-by-silence",
    "inmem/lock-id",
    "issues/terraform-19018-compared",
    "issues/terraform-22410",
    "kubernetes/opentofu/crash",
    "kubernetes/parts/no-faults",
    "local/opentofu/pause",
    "lock-released/killed-after-interrupt",
    "lock-table/l0",
    "lock-table/l0-2-blind-release",
    "lock-table/l0-3-crash",
    "lock-table/l1-1-two-stealers-c",
    "lock-table/l1-2-slow-holder-c",
    "oci/late-request",
    "oss/opentofu/crash",
    "people/delete-digest-stale-reads",
    "pg/pooler/save-fails",
    "pg/terraform/session-ends",
    "remote/terraform/shared-token/lost-response",
    "rights/credentials-end",
    "s3/dynamodb/opentofu/lock-wait",
    "s3/lockfile/opentofu/lost-response",
    "s3/store/radosgw-suspended",
    "state_store/no-lock",
};

class Exports : public testing::TestWithParam<std::string> {};

TEST_P(Exports, AreCountedAndJudgedBySpinAsByLockstorm) {
  if (shell("command -v spin && command -v cc").status != 0) GTEST_SKIP() << "needs spin and a C compiler";
  const std::string& name = GetParam();
  const TemporaryDirectory directory;
  const CommandResult verified = lockstorm("verify '" + name + "' --export promela --export-dir " +
                                           directory.file("") + " --json " + directory.file("result.json"));
  const Counts counts = exported_counts(verified.out);
  const CommandResult spin =
      shell("cd " + directory.file("") +
            " && spin -a *.pml && cc -O1 -w -DSAFETY -DBFS -DNOREDUCE -o pan pan.c && ./pan -c0 -w20 2>&1");
  ASSERT_EQ(spin.status, 0) << spin.out;
  EXPECT_EQ(number_before(spin.out, "states, stored"), counts.states);
  EXPECT_EQ(number_before(spin.out, "transitions \\("), counts.transitions + counts.endings + 1);
  EXPECT_EQ(spin.out.find("exceed"), std::string::npos) << spin.out;

  std::set<std::string> failed = failed_assertions(spin.out);
  std::set<std::string> violated = violated_properties(file_text(directory.file("result.json")));
  // That somebody can never finish is no assertion; what endings say of progress is.
  if (!failed.contains("PROGRESS_HOLDS")) violated.erase("PROGRESS_HOLDS");
  EXPECT_EQ(failed, violated);
}

TEST_P(Exports, AreWhatTheExplorerComesToWithoutReductions) {
  const std::string& name = GetParam();
  const TemporaryDirectory directory;
  const Counts counts =
      exported_counts(lockstorm("verify '" + name + "' --export aut --export-dir " + directory.file("")).out);
  const sim::ExploreResult explored = explored_without_reductions(name);
  ASSERT_TRUE(explored.complete);
  EXPECT_EQ(counts.states, explored.states);
  EXPECT_EQ(counts.transitions, explored.transitions);
  EXPECT_EQ(counts.endings, explored.end_states);
}

INSTANTIATE_TEST_SUITE_P(Library, Exports, testing::ValuesIn(kSpinScenarios), [](const auto& info) {
  return std::regex_replace(info.param, std::regex("[^A-Za-z0-9]"), "_");
});

// SPIN would come to what our search had overlooked: here, to what was taken out of a table.
TEST(SpinTables, WithAnEntryMissingAreNotTakenForTheWorld) {
  if (shell("command -v spin && command -v cc").status != 0) GTEST_SKIP() << "needs spin and a C compiler";
  const TemporaryDirectory directory;
  lockstorm("verify lock-table/l0 --export promela --export-dir " + directory.file(""));
  const std::string tables = file_text(directory.file("lock-table-l0.h"));
  const std::regex first_effect("(struct effect effects\\[\\] = \\{\\s*\\{)[0-9]+");
  ASSERT_TRUE(std::regex_search(tables, first_effect));
  directory.write("lock-table-l0.h", std::regex_replace(tables, first_effect, "$1-1"));
  const CommandResult spin =
      shell("cd " + directory.file("") +
            " && spin -a *.pml && cc -O1 -w -DSAFETY -DBFS -DNOREDUCE -o pan pan.c && ./pan -c0 -w20 2>&1");
  EXPECT_TRUE(failed_assertions(spin.out).contains("KNOWN_TO_LOCKSTORM")) << spin.out;
}

// `des (FIRST, TRANSITIONS, STATES)` and its lines: each state is there and is come to, each number is right.
TEST(Aldebaran, IsAGraphOfWhatItSays) {
  const TemporaryDirectory directory;
  const CommandResult verified =
      lockstorm("verify lock-table/l0-2-blind-release --export aut --export-dir " + directory.file(""));
  const Counts counts = exported_counts(verified.out);
  const std::string text = file_text(directory.file("lock-table-l0-2-blind-release.aut"));
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  std::smatch head;
  ASSERT_TRUE(std::regex_match(line, head, std::regex("des \\(0, ([0-9]+), ([0-9]+)\\)"))) << line;
  EXPECT_EQ(std::stoul(head[2]), counts.states);
  EXPECT_EQ(std::stoul(head[1]), counts.transitions + counts.endings);

  const std::regex step("\\(([0-9]+), \"([^\"]*)\", ([0-9]+)\\)");
  std::set<std::size_t> reached{0};
  std::set<std::size_t> leaving;
  std::size_t steps = 0;
  bool violates = false;
  while (std::getline(lines, line)) {
    std::smatch found;
    ASSERT_TRUE(std::regex_match(line, found, step)) << line;
    ++steps;
    const std::size_t from = std::stoul(found[1]);
    EXPECT_TRUE(reached.contains(from)) << line;  // breadth first: a state is come to before it is left
    reached.insert(std::stoul(found[3]));
    leaving.insert(from);
    violates |= found[2].str().find("VIOLATES own-lock-only") != std::string::npos;
  }
  EXPECT_EQ(steps, counts.transitions + counts.endings);
  EXPECT_EQ(reached.size(), counts.states);
  EXPECT_EQ(leaving.size(), counts.states);
  EXPECT_TRUE(violates);
}

TEST(ExportFiles, AreRefusedBeforeTheWork) {
  EXPECT_EQ(lockstorm("verify lock-table/l0 --export dot").status, 64);
  EXPECT_EQ(lockstorm("verify lock-table/l0 --export promela --export-dir /dev/null/here").status, 65);
}

TEST(ExportFiles, OfAWorldThatIsTooLargeAreNotWritten) {
  const TemporaryDirectory directory;
  const CommandResult verified = lockstorm(
      "verify lock-table/l1-6-clock-skew --memory 6M --export promela --export-dir " + directory.file("out"));
  EXPECT_EQ(verified.status, 65) << verified.out;
  EXPECT_NE(verified.out.find("cannot be exported"), std::string::npos) << verified.out;
  EXPECT_TRUE(std::filesystem::is_empty(directory.file("out")));
}

}  // namespace
}  // namespace lockstorm::cli
