// Which hazards come, go and stay when one pipeline becomes another.
#include "scenarios/pipeline/compared_hazards.hpp"

#include <gtest/gtest.h>

#include <array>

#include "tests/pipeline/repository.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

std::string compared_workflow(const std::string& job, const std::string& group, const std::string& flags) {
  return "name: infra\non: {push: {branches: [main]}}\njobs:\n  " + job +
         ":\n    runs-on: ubuntu-latest\n    timeout-minutes: 300\n" + group +
         "    steps:\n      - run: terraform init && terraform apply -auto-approve " + flags + "\n";
}

const std::string kGroupOfOne = "    concurrency: {group: tf, queue: max}\n";
const std::string kCancelling = "    concurrency: {group: tf, cancel-in-progress: true}\n";
constexpr const char* kComparedFile = ".github/workflows/infra.yml";

// "comes P05, goes P01, stays P06".
std::string compared(const Repository& a, const Repository& b) {
  const auto read = [](const Repository& repository) {
    Pipeline pipeline = repository.read();
    const std::array<std::filesystem::path, 1> paths{pipeline.root};
    std::vector<HazardFinding> findings = hazard_findings(pipeline, find_hazards(pipeline), paths);
    return std::pair(std::move(pipeline), std::move(findings));
  };
  const auto [pipeline_a, findings_a] = read(a);
  const auto [pipeline_b, findings_b] = read(b);
  std::string text;
  for (const ComparedHazard& one : compare_hazards({&pipeline_a, &findings_a}, {&pipeline_b, &findings_b})) {
    const auto& side = one.side == Side::a ? findings_a : findings_b;
    text += (text.empty() ? "" : ", ") +
            std::string(one.change == Change::comes  ? "comes "
                        : one.change == Change::goes ? "goes "
                                                     : "stays ") +
            side[one.number].id().substr(6);
  }
  return text;
}

TEST(ComparedHazards, ComeWithAChangeAndGoWithAnother) {
  const Repository a;
  const Repository b;
  a.write(kComparedFile, compared_workflow("apply", kGroupOfOne, "-lock-timeout=5m"));
  b.write(kComparedFile, compared_workflow("apply", kCancelling, "-lock-timeout=5m"));
  EXPECT_EQ(compared(a, a), "");
  EXPECT_EQ(compared(a, b), "comes P05, comes P06");
  EXPECT_EQ(compared(b, a), "goes P05, goes P06");
}

TEST(ComparedHazards, AreTheSameUnderAnotherNameOfTheJobOrTheFile) {
  const Repository a;
  const Repository job;
  const Repository file;
  a.write(kComparedFile, compared_workflow("apply", "", ""));
  job.write(kComparedFile, compared_workflow("deploy", "", ""));
  file.write(".github/workflows/deploy.yml", compared_workflow("apply", "", ""));
  EXPECT_EQ(compared(a, job), "stays P06, stays P01, stays P11");
  EXPECT_EQ(compared(a, file), "stays P06, stays P01, stays P11");
}

TEST(ComparedHazards, AJobThatIsAddedBesideOneThatStaysHasItsOwn) {
  const Repository a;
  const Repository b;
  a.write(kComparedFile, compared_workflow("apply", kGroupOfOne, "-lock-timeout=5m"));
  b.write(kComparedFile, compared_workflow("apply", kGroupOfOne, "-lock-timeout=5m"));
  b.write(".github/workflows/second.yml", compared_workflow("apply", "", "-lock-timeout=5m"));
  const std::string text = compared(a, b);
  EXPECT_NE(text.find("comes P01"), std::string::npos) << text;
  EXPECT_NE(text.find("comes P17"), std::string::npos) << text;
}

TEST(ComparedHazards, OfNothingAllCome) {
  const Repository b;
  b.write(kComparedFile, compared_workflow("apply", "", "-lock-timeout=5m"));
  Pipeline pipeline = b.read();
  const std::array<std::filesystem::path, 1> paths{pipeline.root};
  const std::vector<HazardFinding> findings = hazard_findings(pipeline, find_hazards(pipeline), paths);
  ASSERT_FALSE(findings.empty());
  for (const ComparedHazard& one : compare_hazards({}, {&pipeline, &findings}))
    EXPECT_EQ(one.change, Change::comes);
  for (const ComparedHazard& one : compare_hazards({&pipeline, &findings}, {}))
    EXPECT_EQ(one.change, Change::goes);
}

}  // namespace
}  // namespace lockstorm::scenarios::pipeline
