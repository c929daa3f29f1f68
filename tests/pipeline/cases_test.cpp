// The examples of tests/data/pipelines: what each must report, and nothing beside.
#include <gtest/gtest.h>

#include <filesystem>

#include "test_paths.hpp"
#include "tests/pipeline/hazard_ids.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

struct PipelineCase {
  const char* file;
  const char* must_report;
};

constexpr PipelineCase kPipelineCases[] = {
    {"01-no-concurrency-push.yml", "P01 P06 P11 P17"},
    {"03-sha-key.yml", "P02 P06"},
    {"04-branch-key-env-state.yml", "P03 P08 P11"},
    {"05-unlock-always-step.yml", "P01 P07 P10"},
    {"06-plan-artifact-approval.yml", "P01 P12 P13"},
    {"08-drift-and-apply.yml", "P04 P11 P17"},
    {"10-azure.yml", "P04 P06 P10 P19 P20"},
    {"12-atlantis.yaml", "P13 P15 P21 P22"},
    {"14-safe.yml", ""},
};

TEST(PipelineCases, ReportWhatTheyMustAndNothingBeside) {
  for (const PipelineCase& one : kPipelineCases) {
    const auto pipeline = read_pipeline(std::filesystem::path(LOCKSTORM_TEST_DATA) / "pipelines" / one.file);
    ASSERT_TRUE(pipeline) << pipeline.error().render();
    EXPECT_TRUE(pipeline->complaints.empty()) << one.file;
    EXPECT_EQ(ids_of(*pipeline), one.must_report) << one.file;
  }
}

TEST(PipelineCases, PointAtTheVeryPlaces) {
  const auto pipeline =
      read_pipeline(std::filesystem::path(LOCKSTORM_TEST_DATA) / "pipelines" / "04-branch-key-env-state.yml");
  ASSERT_TRUE(pipeline);
  for (const Hazard& hazard : find_hazards(*pipeline)) {
    const SourceLocation& where = hazard.causes.front().where;
    const std::pair place(where.line, where.column);
    if (hazard.number == 3) {
      EXPECT_EQ(place, std::pair(9U, 22U));
    } else if (hazard.number == 8) {
      EXPECT_EQ(place, std::pair(17U, 14U));
      EXPECT_EQ(hazard.severity, Severity::damage) << "whoever is at work loses its lock";
    }
  }
}

}  // namespace
}  // namespace lockstorm::scenarios::pipeline
