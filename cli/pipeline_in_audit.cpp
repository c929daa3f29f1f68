#include "cli/pipeline_in_audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "reports/campaigns/finding_words.hpp"
#include "reports/campaigns/met_jobs.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/pipeline/backend_facts.hpp"
#include "scenarios/pipeline/read_pipeline.hpp"

namespace lockstorm::cli {

namespace pl = scenarios::pipeline;
using scenarios::Finding;

namespace {

// What happens without a fault of the world: nothing at all, or what a script does whenever it runs.
bool is_of_pipeline(const Finding& finding) {
  const bool is_unlock = finding.rule.cause->number == scenarios::kUnlockOfRunning;
  return !finding.is_inherent && (finding.rule.cause->adverse_events() == 0 || is_unlock);
}

// Hazards about jobs that meet, or whose lock is removed.
bool is_about_meetings(unsigned number) {
  constexpr std::array kNumbers{1U, 2U, 3U, 7U, 8U, 13U, 15U, 17U, 19U, 21U, 22U, 24U};
  return std::ranges::find(kNumbers, number) != kNumbers.end();
}

const Finding* worst_of_pipeline(const reports::MetJobs& met) {
  const auto found = std::ranges::find_if(met.answer.graded, is_of_pipeline);
  return found == met.answer.graded.end() ? nullptr : &*found;
}

// The two jobs as a hazard of the second: a job that changes the state beside those in its group.
pl::HazardFinding hazard_of(const reports::PipelineInAudit& in, const reports::MetJobs& met,
                            const Finding& finding) {
  const pl::JobMeeting& meeting = met.world.meetings.front();
  pl::HazardFinding made;
  made.hazard.number = 17;
  made.hazard.severity = pl::Severity::damage;
  made.hazard.standing = pl::Standing::reported;
  made.hazard.job = meeting.jobs[1].job;
  made.hazard.why = fmt::format("{} at {}: {}", reports::meeting_words(in.answer.pipeline, meeting),
                                reports::state_name(met.answer.states[meeting.state]),
                                reports::finding_sentence(met.answer, finding));
  made.hazard.causes = meeting.causes;
  made.grade = finding.grade;
  made.where = meeting.jobs[1].where;
  made.bring = {finding.rule.cause};
  return made;
}

}  // namespace

std::optional<pl::Pipeline> pipeline_of(std::span<const std::filesystem::path> paths) {
  for (const std::filesystem::path& path : paths) {
    if (scenarios::is_standard_input(path)) continue;
    if (auto found = pl::pipeline_around(path)) return found;
  }
  return std::nullopt;
}

reports::PipelineInAudit in_audit(const pl::Pipeline& pipeline,
                                  std::span<const std::filesystem::path> audited) {
  const std::string path = pipeline.root.empty() ? "." : pipeline.root.string();
  reports::PipelineInAudit found{{path, pipeline, {}, {}}, {}, {}};
  found.answer.facts = pl::facts_from_configurations(pipeline.root);
  found.answer.hazards = pl::find_hazards(pipeline, found.answer.facts);
  found.findings = hazard_findings(pipeline, found.answer.hazards, audited);
  return found;
}

std::vector<reports::MetJobs> met_jobs(pl::JobWorlds worlds, const scenarios::Inventory& inventory) {
  std::vector<reports::MetJobs> all;
  for (pl::JobWorld& world : worlds.worlds) {
    const scenarios::SetUp& set_up = inventory.set_ups[world.set_up];
    reports::MetJobs met{std::move(world), {}};
    met.answer.path = set_up.states[met.world.meetings.front().state].directory.string();
    met.answer.plan = set_up.plan;
    met.answer.plan.configurations = met.world.scenarios;
    met.answer.states = set_up.states;
    all.push_back(std::move(met));
  }
  return all;
}

void weigh_by_worlds(reports::PipelineInAudit& in) {
  for (const reports::MetJobs& met : in.met) {
    const Finding* const worst = worst_of_pipeline(met);
    if (worst == nullptr) continue;
    bool is_told = false;
    for (pl::HazardFinding& finding : in.findings) {
      if (!is_about_meetings(finding.hazard.number) || !met.world.involves(finding.hazard.job)) continue;
      is_told = true;
      const bool is_brought = std::ranges::find(finding.bring, worst->rule.cause) != finding.bring.end();
      if (is_brought) finding.grade = std::max(finding.grade, worst->grade);
    }
    if (!is_told && met.world.are_writers()) in.findings.push_back(hazard_of(in, met, *worst));
  }
  std::ranges::stable_sort(in.findings, std::ranges::greater{}, &pl::HazardFinding::grade);
}

}  // namespace lockstorm::cli
