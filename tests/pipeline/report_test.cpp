// What people are told of a pipeline: that an answer covers no more than was read, and what it does cover.
#include "reports/pipeline/pipeline_report.hpp"

#include <gtest/gtest.h>

#include "scenarios/pipeline/read_pipeline.hpp"

namespace lockstorm::reports {
namespace {

PipelineAnswer answer_to(const std::string& yaml) {
  PipelineAnswer answer{"ci.yml", scenarios::pipeline::read_pipeline_text(yaml, "ci.yml"), {}};
  answer.hazards = scenarios::pipeline::find_hazards(answer.pipeline);
  return answer;
}

std::string last_line(const std::string& text) {
  const std::size_t before = text.rfind('\n', text.size() - 2);
  return text.substr(before == std::string::npos ? 0 : before + 1);
}

const std::string kQuietWorkflow =
    "name: x\non: {push: {branches: [main]}}\njobs:\n  a:\n    runs-on: ubuntu-latest\n"
    "    steps: [{run: terraform validate}]\n";

TEST(PipelineReport, SaysNoHazardOnlyWhereAllWasRead) {
  EXPECT_EQ(last_line(text_pipeline(answer_to(kQuietWorkflow), Style{})), "no hazard\n");
  EXPECT_EQ(last_line(text_pipeline(answer_to("on: [push\njobs: {}\n"), Style{})),
            "no hazard in what could be read; nothing is answered for ci.yml\n");
}

TEST(PipelineReport, SaysWhatHazardsAreCountedIn) {
  PipelineAnswer answer =
      answer_to(kQuietWorkflow + "  b:\n    runs-on: ubuntu-latest\n    steps: [{run: terraform apply}]\n");
  const std::string whole = last_line(text_pipeline(answer, Style{}));
  EXPECT_TRUE(whole.ends_with("hazards\n")) << whole;
  answer.pipeline.complaints.push_back({{"other.yml", 1, 2}, "broken", "", ""});
  EXPECT_TRUE(last_line(text_pipeline(answer, Style{}))
                  .ends_with(" in what could be read; nothing is answered for other.yml\n"));
  EXPECT_NE(explain_keys(answer, Style{}).find("nothing is answered for other.yml"), std::string::npos);
}

}  // namespace
}  // namespace lockstorm::reports
