// Which edits are offered, which of them have a price, and what counts as better.
#include "scenarios/fixes/fixes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/format/unified_diff.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

AuditedState s3_state(const std::map<std::string, AttributeValue>& arguments,
                      std::vector<std::string> required_versions = {}) {
  AuditedState state;
  BackendBlock block{"s3", {}, {"main.tf", 2, 3}};
  for (const auto& [name, value] : arguments) block.arguments[name] = {value, {"main.tf", 3, 5}};
  state.configuration.backend = std::move(block);
  for (std::string& version : required_versions)
    state.configuration.required_versions.emplace_back(std::move(version), SourceLocation{"main.tf", 1, 1});
  return state;
}

const Fix* offered(const std::vector<Fix>& fixes, std::string_view argument) {
  for (const Fix& fix : fixes) {
    for (const ArgumentEdit& edit : fix.edits) {
      if (edit.name == argument) return &fix;
    }
  }
  return nullptr;
}

TEST(Fixes, ALockFileIsSafeWhereEveryVersionKnowsIt) {
  const auto unsafe = [](std::vector<std::string> versions) {
    const auto fixes = fixes_for(s3_state({}, std::move(versions)));
    const Fix* fix = offered(fixes, "use_lockfile");
    return fix == nullptr ? "not offered" : fix->unsafe;
  };
  EXPECT_EQ(unsafe({}), "");
  EXPECT_EQ(unsafe({">= 1.10"}), "");
  EXPECT_EQ(unsafe({"~> 1.11.2"}), "");
  EXPECT_THAT(unsafe({">= 1.5"}), HasSubstr("lets in versions before 1.10"));
  EXPECT_THAT(unsafe({"~> 1.9.0"}), HasSubstr("lets in no version with use_lockfile"));
  AuditedState pinned = s3_state({});
  pinned.tool.version = PinnedVersion{"1.9.8", {".terraform-version", 1, 1}};
  const auto fixes = fixes_for(pinned);
  EXPECT_THAT(offered(fixes, "use_lockfile")->unsafe, HasSubstr("1.9.8"));
}

TEST(Fixes, TheTableGoesOnlyWithAPrice) {
  const auto with_table = fixes_for(s3_state({{"dynamodb_table", std::string("locks")}}));
  const Fix* fix = offered(with_table, "dynamodb_table");
  ASSERT_NE(fix, nullptr);
  EXPECT_THAT(fix->unsafe, HasSubstr("old block"));
  EXPECT_EQ(offered(fixes_for(s3_state({{"use_lockfile", true}})), "use_lockfile"), nullptr) << "it is there";
  EXPECT_NE(offered(fixes_for(s3_state({{"use_lockfile", false}})), "use_lockfile"), nullptr);
}

TEST(Fixes, EditsAreWhatWouldBeRead) {
  const auto configuration =
      after_edits(s3_state({{"dynamodb_table", std::string("locks")}}).configuration,
                  {{"use_lockfile", "true"}, {"max_retries", "1"}, {"dynamodb_table", std::nullopt}});
  const auto& arguments = configuration.backend->arguments;
  EXPECT_EQ(arguments.size(), 2U);
  EXPECT_EQ(arguments.at("use_lockfile").value, AttributeValue(true));
  EXPECT_EQ(arguments.at("max_retries").value, AttributeValue(1.0));
}

Finding finding_with(const char* rule, Grade grade, bool is_inherent = false) {
  Finding finding;
  finding.rule = *rule_of_id(rule);
  finding.grade = grade;
  finding.is_inherent = is_inherent;
  return finding;
}

TEST(Fixes, AreBetterIfSomethingGoesAndNothingAsBadComes) {
  const std::vector<Finding> before{finding_with("LS-S3-300", Grade::critical)};
  const auto is_better = [&](const std::vector<Finding>& after) {
    return effect_of(before, after).is_better();
  };
  EXPECT_TRUE(is_better({}));
  EXPECT_TRUE(is_better({finding_with("LS-S3-310", Grade::high)}));
  EXPECT_FALSE(is_better({finding_with("LS-S3-310", Grade::critical)}));
  EXPECT_FALSE(is_better(before));
  EXPECT_FALSE(is_better({before[0], finding_with("LS-S3-310", Grade::low)})) << "nothing is gone";
  EXPECT_TRUE(is_better({finding_with("LS-S3-802", Grade::info, true)})) << "that was there all along";
  EXPECT_THAT(effect_of(before, {}).gone, ElementsAre(before[0].rule));
}

TEST(UnifiedDiff, ShowsOnlyTheLinesThatDiffer) {
  const auto as_is = [](std::string_view line) { return std::string(line); };
  EXPECT_EQ(reports::unified_diff("main.tf", "a\nb\nc\n", "a\nb\nx\nc\n", as_is),
            "--- a/main.tf\n+++ b/main.tf\n@@ -2,0 +3 @@\n+x\n");
  EXPECT_EQ(reports::unified_diff("main.tf", "a\nb\nc", "a\nx\ny", as_is),
            "--- a/main.tf\n+++ b/main.tf\n@@ -2,2 +2,2 @@\n-b\n-c\n\\ No newline at end of file\n+x\n+y\n\\ "
            "No newline at "
            "end of file\n");
  EXPECT_EQ(reports::unified_diff("main.tf", "a\nb\n", "a\n", as_is),
            "--- a/main.tf\n+++ b/main.tf\n@@ -2 +1,0 @@\n-b\n");
  EXPECT_EQ(reports::unified_diff("main.tf", "a\n", "a\n", as_is), "");
  EXPECT_EQ(reports::unified_diff("main.tf", "a\nb\nc\nd\ne\n", "x\nb\nc\ne\nf\n", as_is),
            "--- a/main.tf\n+++ b/main.tf\n@@ -1 +1 @@\n-a\n+x\n@@ -4 +3,0 @@\n-d\n@@ -5,0 +5 @@\n+f\n")
      << "what stands between two changes is not shown";
}

}  // namespace
}  // namespace lockstorm::scenarios
