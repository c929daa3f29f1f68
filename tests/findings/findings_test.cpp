// Rule ids, the troubles that they name, and grades.
#include <gtest/gtest.h>

#include <set>

#include "checkers/property_set.hpp"
#include "scenarios/campaigns/matrix.hpp"
#include "scenarios/campaigns/troubles.hpp"
#include "scenarios/findings/finding.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using checkers::PropertySet;
using sim::Fault;

TEST(Troubles, HaveANumberAndANameEach) {
  std::set<unsigned> numbers;
  std::set<std::string_view> names;
  for (const Trouble& trouble : troubles()) {
    Scenario scenario;
    add_trouble(scenario, trouble);
    EXPECT_EQ(&trouble_of(scenario), &trouble);
    EXPECT_EQ(trouble_numbered(trouble.number), &trouble);
    EXPECT_TRUE(numbers.insert(trouble.number).second) << int{trouble.number};
    EXPECT_TRUE(names.insert(trouble.name).second) << trouble.name;
  }
  EXPECT_EQ(trouble_numbered(99), nullptr);
}

TEST(Rules, HaveAnIdEachThatLeadsBackToThem) {
  std::set<std::string> ids;
  for (const BackendType* type : backend_types()) {
    for (const Property property : PropertySet::of_backends()) {
      for (const Trouble& cause : troubles()) {
        const Rule rule{type, property, &cause};
        EXPECT_TRUE(ids.insert(rule.id()).second) << rule.id();
        EXPECT_EQ(rule_of_id(rule.id()), rule);
      }
    }
  }
}

// Baselines and acceptances of users name them.
TEST(Rules, KeepTheirIds) {
  const BackendType* s3 = backend_type_named("s3");
  EXPECT_EQ((Rule{s3, Property::mutual_exclusion, trouble_numbered(0)}.id()), "LS-S3-100");
  EXPECT_EQ((Rule{s3, Property::no_lost_update, trouble_numbered(10)}.id()), "LS-S3-310");
  EXPECT_EQ((Rule{s3, Property::lock_released, trouble_numbered(6)}.id()), "LS-S3-906");
  EXPECT_EQ((Rule{backend_type_named("lock-table"), Property::progress, trouble_numbered(2)}.id()),
            "LS-LOCKTABLE-702");
  EXPECT_EQ(trouble_numbered(22)->force_unlock, models::UnlockTarget::unresponsive);
  EXPECT_EQ(trouble_numbered(30)->faults[Fault::interrupt], 2);
}

TEST(Rules, AreReadWhateverTheCaseAndRefusedWithAReason) {
  EXPECT_EQ(rule_of_id("ls-s3-310"), rule_of_id("LS-S3-310"));
  for (const char* const id : {"", "LS", "LS-S3", "LS-S3-31", "LS-S3-3100", "LS-S3-3x0", "S3-310", "LS--310"})
    EXPECT_EQ(rule_of_id(id).error(), "a rule's id is LS-BACKEND-NUMBER, such as LS-S3-310") << id;
  EXPECT_EQ(rule_of_id("LS-S4-310").error(), "no backend has rules that begin with LS-S4-");
  EXPECT_EQ(rule_of_id("LS-S3-399").error(), "no rule has the number 399");
  EXPECT_EQ(rule_of_id("LS-S3-010").error(), "no rule has the number 010");
}

// Whatever takes more weighs no more, and whatever destroys less neither.
TEST(Grades, FallAlongBothSidesOfTheTable) {
  for (std::size_t row = 0; row < kOccurrences.size(); ++row) {
    for (std::size_t column = 0; column < kHarms.size(); ++column) {
      const Grade here = kOccurrences[row].grades[column];
      if (column > 0) {
        EXPECT_LE(here, kOccurrences[row].grades[column - 1]);
      }
      if (row > 0) {
        EXPECT_LE(here, kOccurrences[row - 1].grades[column]);
      }
    }
  }
}

TEST(Grades, AreAsPeopleWereTold) {
  const auto grade = [](Property property, unsigned cause) {
    return grade_of(occurrence_of(*trouble_numbered(cause)), harm_of(property));
  };
  EXPECT_EQ(grade(Property::mutual_exclusion, 0), Grade::critical) << "unlocked S3";
  EXPECT_EQ(grade(Property::no_lost_update, 1), Grade::high) << "two first applies on pg";
  EXPECT_EQ(grade(Property::state_integrity, 2), Grade::high) << "a digest that a killed job has not written";
  EXPECT_EQ(grade(Property::no_lost_update, 10), Grade::medium);
  EXPECT_EQ(grade(Property::mutual_exclusion, 22), Grade::low);
  EXPECT_EQ(grade(Property::progress, 6), Grade::low);
}

TEST(Grades, CountAsInherentWhatAKillTakesWithIt) {
  EXPECT_TRUE(is_inherent(Property::no_drift, *trouble_numbered(3)));
  EXPECT_TRUE(is_inherent(Property::no_drift, *trouble_numbered(30)));
  EXPECT_FALSE(is_inherent(Property::no_drift, *trouble_numbered(1)));
  EXPECT_FALSE(is_inherent(Property::no_drift, *trouble_numbered(6)));
  EXPECT_FALSE(is_inherent(Property::state_integrity, *trouble_numbered(2)));
}

TEST(Findings, StandInTheOrderOfTheirGrades) {
  AuditPlan plan;
  std::vector<VerifyResult> results(3);
  results[1].scenario.faults[Fault::late_request] = 1;
  results[2].scenario.initial = InitialState::empty;
  results[2].scenario.faults[Fault::crash] = 1;
  const std::vector<AuditFinding> answers{
      {Property::progress, Verdict::violated, 1, {}, {}},
      {Property::no_drift, Verdict::violated, 2, {}, {}},
      {Property::no_lost_update, Verdict::violated, 0, {1}, {}},
      {Property::state_integrity, Verdict::unknown, 0, {}, {}},
  };
  const std::vector<Finding> found = findings_of(plan, results, answers);
  std::vector<std::string> ids;
  for (const Finding& finding : found) ids.push_back(finding.rule.id());
  EXPECT_EQ(ids, (std::vector<std::string>{"LS-S3-300", "LS-S3-310", "LS-S3-710", "LS-S3-803"}));
  EXPECT_EQ(found.front().grade, Grade::critical);
  EXPECT_EQ(found[1].configuration, 1U);
  EXPECT_TRUE(found.back().is_inherent);
  EXPECT_EQ(found.back().grade, Grade::info);
}

}  // namespace
}  // namespace lockstorm::scenarios
