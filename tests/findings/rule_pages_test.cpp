// scenarios/library/rules.txt and docs/rules say what audits of the whole matrix find, and each page tells
// what is found today.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "checkers/property_set.hpp"
#include "reports/campaigns/reported_hazards.hpp"
#include "reports/campaigns/rule_page.hpp"
#include "scenarios/campaigns/audit.hpp"
#include "scenarios/campaigns/matrix.hpp"
#include "scenarios/files/audit_name.hpp"
#include "scenarios/findings/finding.hpp"
#include "scenarios/findings/rule_examples.hpp"
#include "scenarios/search/tell_showing.hpp"
#include "scenarios/search/verify.hpp"
#include "sim/explore/parallel.hpp"
#include "test_paths.hpp"
#include "tests/file_text.hpp"

namespace lockstorm::reports {
namespace {

namespace fs = std::filesystem;

const fs::path kPages = fs::path(LOCKSTORM_SOURCE) / "docs" / "rules";
constexpr std::string_view kAboutTheTable =
    "# Every rule that finds something somewhere in the matrix, and the simplest configuration that shows\n"
    "# it. LOCKSTORM_UPDATE_GOLDEN=1 ctest --preset release -R RulePages renews it, and docs/rules.\n";

// Rule ids, and the configuration that shows each: the first in the order of the matrix of those with the
// fewest adverse events.
using Table = std::map<std::string, std::string>;

// What an audit of the row would find. All is checked in all configurations: what is known already is left
// out when it is concluded, as in an audit.
std::map<std::string, std::string> rules_of(const scenarios::MatrixRow& row) {
  scenarios::AuditPlan plan;
  plan.backend = row.configurations.front().backend;
  std::vector<scenarios::VerifyResult> results;
  for (scenarios::Scenario configuration : row.configurations) {
    configuration.client.runner = scenarios::AuditOptions{}.runner;
    configuration.name = scenarios::audit_name(configuration);
    results.push_back(scenarios::verify(configuration, {.explain = false}));
  }
  std::map<std::string, std::string> found;
  for (const scenarios::Finding& finding :
       scenarios::findings_of(plan, results, scenarios::conclude_audit(results)))
    found.emplace(finding.rule.id(), results[finding.configuration].scenario.name);
  return found;
}

Table rules_of_matrix() {
  const std::vector<scenarios::MatrixRow> rows = scenarios::plan_matrix({});
  std::vector<Table> found(rows.size());
  sim::run_parallel(2, rows.size(), [&](std::size_t i) { found[i] = rules_of(rows[i]); });
  Table all;
  for (const Table& one : found) all.insert(one.begin(), one.end());
  return all;
}

std::string table_text(const Table& table) {
  std::string text(kAboutTheTable);
  for (const auto& [id, configuration] : table) text += fmt::format("{} {}\n", id, configuration);
  return text;
}

std::string page_of(const scenarios::RuleExample& example) {
  const scenarios::Rule rule = scenarios::rule_of_id(example.id).value();
  scenarios::VerifyResult result = scenarios::verify(scenarios::example_of(rule).value(), {});
  return rule_page(rule, &result);
}

std::string index_of_pages() {
  std::string text =
      "# Rules\n\n"
      "What audits find. `lockstorm describe LS-S3-310` prints a rule's page; [grades.md](../grades.md) says "
      "where\nthe grades come from, and what the numbers mean.\n\n"
      "| rule | what | grade |\n|---|---|---|\n";
  for (const scenarios::RuleExample& example : scenarios::rule_examples()) {
    const scenarios::Rule rule = scenarios::rule_of_id(example.id).value();
    const bool is_inherent = scenarios::is_inherent(rule.property, *rule.cause);
    text += fmt::format("| [{0}]({0}.md) | {1} | {2} |\n", example.id, rule_title(rule),
                        is_inherent ? "inherent"
                                    : scenarios::grade_name(grade_of(occurrence_of(*rule.cause),
                                                                     scenarios::harm_of(rule.property))));
  }
  return text;
}

std::string index_of_hazards() {
  std::string text =
      "\n## Hazards of pipelines\n\n"
      "What is written in the files of the CI system; [pipelines.md](../pipelines.md) says how they are "
      "read, "
      "and what\ntheir grade depends on.\n\n| rule | what |\n|---|---|\n";
  for (unsigned number = 1; number <= scenarios::pipeline::kHazards; ++number)
    text += fmt::format("| [{0}]({0}.md) | {1} |\n", scenarios::pipeline::hazard_id(number),
                        scenarios::pipeline::hazard_rule(number).title);
  return text;
}

// docs/grades.md: the table of scenarios/findings/grades.hpp, with its reasons.
std::string grades_page() {
  std::string text =
      "# Grades\n\n"
      "What a finding's grade says is how much it matters: what it takes, and what it destroys. "
      "`lockstorm audit`\nshows both beside the grade; `--fail-on GRADE` decides which fail (default "
      "`high`).\n\n"
      "| what it takes |";
  std::string line = "\n|---|";
  for (const scenarios::HarmColumn& harm : scenarios::kHarms) {
    text += fmt::format(" {} |", harm.name);
    line += "---|";
  }
  text += line + "\n";
  for (const scenarios::OccurrenceRow& row : scenarios::kOccurrences) {
    text += fmt::format("| {} |", row.name);
    for (const scenarios::Grade grade : row.grades) text += fmt::format(" {} |", grade_name(grade));
    text += "\n";
  }
  text += "\nWhat it takes:\n\n";
  for (const scenarios::OccurrenceRow& row : scenarios::kOccurrences)
    text += fmt::format("- {}: {}\n", row.name, row.why);
  text += "\nWhat it destroys:\n\n";
  for (const scenarios::HarmColumn& harm : scenarios::kHarms)
    text += fmt::format("- {}: {}\n", harm.name, harm.why);
  text +=
      "\nInherent is what no backend can prevent: a job that is killed between creating a resource and "
      "saving the\nstate takes what it knows with it. It is told once, and fails no audit.\n\n"
      "## What the number of a rule says\n\n"
      "`LS-S3-310`: on s3, property 3 is violated by cause 10. [rules/](rules/README.md) has a page for "
      "each rule that finds\nsomething in the matrix.\n\n| first digit | property |\n|---|---|\n";
  for (const checkers::Property property : checkers::PropertySet::of_backends()) {
    const std::string id =
        scenarios::Rule{scenarios::backend_types().front(), property, &scenarios::troubles().front()}.id();
    text += fmt::format("| {} | {} |\n", id[id.size() - 3], checkers::property_name(property));
  }
  text += "\n| last digits | cause |\n|---|---|\n";
  for (const scenarios::Trouble& cause : scenarios::troubles())
    text += fmt::format("| {:02} | {} |\n", cause.number, cause.name);
  text +=
      "\n## Hazards of pipelines\n\n"
      "`LS-CI-P07`: hazard 7 of those that [pipelines.md](pipelines.md) lists. Its grade is that of what it "
      "does at the state\nthat its job works on:\n\n| severity | grade |\n|---|---|\n";
  using scenarios::pipeline::Severity;
  for (const Severity severity : {Severity::damage, Severity::by_fault, Severity::refused, Severity::note})
    text += fmt::format("| {} | {} |\n", severity_name(severity),
                        grade_name(scenarios::pipeline::grade_of(severity)));
  return text;
}

bool is_updating() { return std::getenv("LOCKSTORM_UPDATE_GOLDEN") != nullptr; }

void write(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }

// Minutes: every configuration of the matrix.
TEST(NightlyRules, AreThoseThatAuditsOfTheMatrixFind) {
  const std::string table = table_text(rules_of_matrix());
  const fs::path file = fs::path(LOCKSTORM_SOURCE) / "scenarios" / "library" / "rules.txt";
  if (is_updating()) return write(file, table);
  EXPECT_EQ(table, file_text(file));
}

TEST(RulePages, TellWhatIsFound) {
  const std::vector<scenarios::RuleExample>& examples = scenarios::rule_examples();
  ASSERT_GT(examples.size(), 100U);
  std::vector<std::string> pages(examples.size());
  const std::string index = index_of_pages() + index_of_hazards();
  sim::run_parallel(2, examples.size(), [&](std::size_t i) { pages[i] = page_of(examples[i]); });
  if (is_updating()) {
    for (const auto& file : fs::directory_iterator(kPages)) fs::remove(file);
    write(kPages / "README.md", index);
    for (std::size_t i = 0; i < pages.size(); ++i)
      write(kPages / fmt::format("{}.md", examples[i].id), pages[i]);
    for (unsigned number = 1; number <= scenarios::pipeline::kHazards; ++number)
      write(kPages / fmt::format("{}.md", scenarios::pipeline::hazard_id(number)), hazard_page(number));
    return;
  }
  EXPECT_EQ(file_text(kPages / "README.md"), index);
  for (std::size_t i = 0; i < pages.size(); ++i)
    EXPECT_EQ(file_text(kPages / fmt::format("{}.md", examples[i].id)), pages[i])
        << "if this change is meant, run with LOCKSTORM_UPDATE_GOLDEN=1";
  for (unsigned number = 1; number <= scenarios::pipeline::kHazards; ++number)
    EXPECT_EQ(file_text(kPages / fmt::format("{}.md", scenarios::pipeline::hazard_id(number))),
              hazard_page(number));
  const auto files = std::distance(fs::directory_iterator(kPages), fs::directory_iterator());
  EXPECT_EQ(static_cast<std::size_t>(files), pages.size() + scenarios::pipeline::kHazards + 1)
      << "a page of no rule is left";
}

TEST(GradesPage, HasTheTable) {
  const fs::path file = kPages.parent_path() / "grades.md";
  if (is_updating()) return write(file, grades_page());
  EXPECT_EQ(file_text(file), grades_page());
}

}  // namespace
}  // namespace lockstorm::reports
