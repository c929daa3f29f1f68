// Findings of two set-ups side by side: what goes, comes and stays, and what has to be asked for that.
#include "scenarios/findings/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/backends/gcs.hpp"
#include "scenarios/backends/s3.hpp"
#include "scenarios/campaigns/troubles.hpp"
#include "scenarios/data/backend_type.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using checkers::PropertySet;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// A set-up of which only some verdicts matter: for each configuration those of its properties.
class MadeUp {
 public:
  explicit MadeUp(AnyBackend backend, PropertySet means_something = PropertySet::all())
      : applicable_(means_something) {
    for (const Trouble& trouble : troubles()) {
      Scenario scenario;
      scenario.backend = backend;
      scenario.client.tool = models::Dialect::terraform;
      configurations_.push_back(audit_configuration(std::move(scenario), trouble));
    }
    backend_ = std::move(backend);
  }

  // By that cause; whatever is not mentioned held, or was not looked at.
  MadeUp& violates(Property property, unsigned cause) {
    Finding finding;
    finding.rule = {&backend_->type(), property, trouble_numbered(cause)};
    finding.configuration = number_of(cause);
    finding.harm = harm_of(property);
    finding.occurrence = occurrence_of(*finding.rule.cause);
    finding.grade = grade_of(finding.occurrence, finding.harm);
    findings_.push_back(finding);
    verdicts_[{finding.configuration, property}] = Verdict::violated;
    return *this;
  }
  MadeUp& not_looked_at(Property property, unsigned cause) {
    verdicts_[{number_of(cause), property}] = std::nullopt;
    return *this;
  }

  AuditedSetUp set_up() {
    results_.clear();
    for (std::size_t i = 0; i < configurations_.size(); ++i) {
      VerifyResult& result = results_.emplace_back();
      result.scenario = configurations_[i];
      for (const Property property : applicable_) {
        const auto known = verdicts_.find({i, property});
        if (known == verdicts_.end()) result.properties[property] = Verdict::held;
        if (known != verdicts_.end() && known->second) result.properties[property] = *known->second;
      }
    }
    return {configurations_, results_, findings_};
  }

  [[nodiscard]] std::size_t number_of(unsigned cause) const {
    for (std::size_t i = 0; i < configurations_.size(); ++i) {
      if (trouble_of(configurations_[i]).number == cause) return i;
    }
    ADD_FAILURE() << "no configuration with cause " << cause;
    return 0;
  }

 private:
  AnyBackend backend_;
  PropertySet applicable_;
  std::vector<Scenario> configurations_;
  std::vector<VerifyResult> results_;
  std::vector<Finding> findings_;
  std::map<std::pair<std::size_t, Property>, std::optional<Verdict>> verdicts_;
};

// The numbers of causes in causes.cpp.
constexpr unsigned kNoFault = 0;
constexpr unsigned kKilledJob = 2;
constexpr unsigned kLostAnswer = 6;
constexpr unsigned kKilledThenUnlocked = 20;

std::vector<std::string> told(const std::vector<ComparedFinding>& findings) {
  constexpr auto kWords = sim::text_for_each<Change>({"goes", "comes", "stays", "unknown"});
  std::vector<std::string> all;
  for (const ComparedFinding& one : findings)
    all.push_back(std::string(kWords[static_cast<std::size_t>(one.change)]) + " " + one.finding.rule.id());
  return all;
}

TEST(CompareFindings, GoComeAndStay) {
  MadeUp a{S3Config{}};
  a.violates(Property::state_integrity, kKilledJob).violates(Property::no_lost_update, kLostAnswer);
  MadeUp b{S3Config{}};
  b.violates(Property::no_lost_update, kLostAnswer).violates(Property::own_lock_only, kLostAnswer);
  EXPECT_THAT(comparison_questions(a.set_up(), b.set_up()), IsEmpty());
  EXPECT_THAT(told(compare_findings(a.set_up(), b.set_up(), {})),
              ElementsAre("goes LS-S3-402", "stays LS-S3-306", "comes LS-S3-506"));
}

// Of another type of backend a finding is the same if the same cause does the same harm.
TEST(CompareFindings, MatchAcrossTypesOfBackends) {
  MadeUp a{S3Config{}};
  a.violates(Property::no_lost_update, kLostAnswer);
  MadeUp b{GcsConfig{}};
  b.violates(Property::no_lost_update, kLostAnswer);
  EXPECT_THAT(told(compare_findings(a.set_up(), b.set_up(), {})), ElementsAre("stays LS-GCS-306"));
}

// Whoever loses updates without any fault loses them with a killed job, too.
TEST(CompareFindings, WhatTakesLessImpliesWhatTakesMore) {
  MadeUp a{S3Config{}};
  a.violates(Property::no_lost_update, kNoFault).not_looked_at(Property::no_lost_update, kKilledThenUnlocked);
  MadeUp b{S3Config{}};
  b.violates(Property::no_lost_update, kKilledThenUnlocked);
  EXPECT_THAT(comparison_questions(a.set_up(), b.set_up()), IsEmpty());
  EXPECT_THAT(told(compare_findings(a.set_up(), b.set_up(), {})),
              ElementsAre("goes LS-S3-300", "stays LS-S3-320"));
  EXPECT_THAT(told(compare_findings(b.set_up(), a.set_up(), {})),
              ElementsAre("comes LS-S3-300", "stays LS-S3-320"));
}

// An audit stops looking once a first apply alone violates a property; that says nothing of later applies.
TEST(CompareFindings, WhatWasNotLookedAtIsAskedFor) {
  MadeUp a{S3Config{}};
  a.violates(Property::no_drift, 1).not_looked_at(Property::no_drift, kLostAnswer);
  MadeUp b{S3Config{}};
  b.violates(Property::no_drift, kLostAnswer);
  const auto questions = comparison_questions(a.set_up(), b.set_up());
  ASSERT_THAT(questions, SizeIs(1));
  EXPECT_EQ(questions[0].side, Side::a);
  EXPECT_EQ(questions[0].configuration, a.number_of(kLostAnswer));
  EXPECT_EQ(questions[0].check, PropertySet{Property::no_drift});
  const auto answered = [&](Verdict verdict) {
    VerifyResult answer;
    answer.properties[Property::no_drift] = verdict;
    answer.verdict = verdict;
    return told(compare_findings(a.set_up(), b.set_up(), std::vector{answer}));
  };
  EXPECT_THAT(answered(Verdict::held), ElementsAre("goes LS-S3-801", "comes LS-S3-806"));
  EXPECT_THAT(answered(Verdict::violated), ElementsAre("goes LS-S3-801", "stays LS-S3-806"));
  EXPECT_THAT(answered(Verdict::unknown), ElementsAre("goes LS-S3-801", "unknown LS-S3-806"));
}

// Without a lock every job works unprotected; that a lock may fail to protect is no news then. That it may
// stay is.
TEST(CompareFindings, WhatALockProtectsFromIsNoNewsWhereThereWasNone) {
  const PropertySet without_lock{Property::mutual_exclusion, Property::no_lost_update,
                                 Property::state_integrity, Property::progress, Property::no_drift};
  MadeUp a(S3Config{}, without_lock);
  a.violates(Property::mutual_exclusion, kNoFault);
  MadeUp b{S3Config{}};
  b.violates(Property::exclusive_effects, kLostAnswer).violates(Property::lock_released, kLostAnswer);
  EXPECT_THAT(told(compare_findings(a.set_up(), b.set_up(), {})),
              ElementsAre("goes LS-S3-100", "stays LS-S3-206", "comes LS-S3-906"));
}

}  // namespace
}  // namespace lockstorm::scenarios
