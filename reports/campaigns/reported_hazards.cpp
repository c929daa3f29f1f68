#include "reports/campaigns/reported_hazards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "reports/campaigns/finding_words.hpp"
#include "reports/campaigns/met_jobs.hpp"
#include "reports/campaigns/reported.hpp"
#include "reports/format/layout.hpp"
#include "reports/text/text_report.hpp"
#include "scenarios/data/fnv1a.hpp"
#include "scenarios/data/printable.hpp"
#include "scenarios/pipeline/state_directories.hpp"

namespace lockstorm::reports {
namespace {

namespace pl = scenarios::pipeline;
using scenarios::Finding;
using scenarios::Grade;
using scenarios::Outcome;
using scenarios::printable;

constexpr Style kPagePlain{.colour = false, .width = 100};

scenarios::SourceLocation named(const scenarios::SourceLocation& where, const RepositoryPlaces& places) {
  return {places.name_of(where.file), std::max(where.line, 1U), std::max(where.column, 1U)};
}

scenarios::Standing standing_of_hazard(const PipelineInAudit& in, std::size_t number) {
  if (number < in.standings.size()) return in.standings[number];
  scenarios::Standing standing;
  standing.outcome = in.findings[number].grade >= Grade::high ? Outcome::fails : Outcome::below;
  return standing;
}

// Where the states of the set-ups lie, each looked up once.
class StatesOfSetUps {
 public:
  StatesOfSetUps(const RepositoryAnswer& answer, const pl::Pipeline& pipeline) {
    for (const AuditAnswer& one : answer.answers) {
      std::vector<pl::StateDirectory>& directories = of_[&one];
      for (const scenarios::AuditedState& state : one.states)
        directories.emplace_back(pipeline, state.directory);
    }
  }

  [[nodiscard]] bool works_on(const pl::Job& job, const AuditAnswer& answer) const {
    return std::ranges::any_of(of_.at(&answer), [&](const pl::StateDirectory& directory) {
      return std::ranges::any_of(job.runs, [&](const pl::JobRun& run) {
        return std::ranges::any_of(run.commands,
                                   [&](const pl::Command& command) { return directory.may_be_of(command); });
      });
    });
  }

 private:
  std::map<const AuditAnswer*, std::vector<pl::StateDirectory>> of_;
};

// What no backend can prevent counts less than what some can, unless that is next to nothing.
int weight_of(const Finding& finding) {
  constexpr int kInherent = 2 * static_cast<int>(Grade::low) + 1;
  return finding.is_inherent ? kInherent : 2 * static_cast<int>(finding.grade);
}

// The worst finding of those that its troubles bring about.
void find_shown(const RepositoryAnswer& answer, const StatesOfSetUps& states, ReportedHazard& hazard) {
  const auto& bring = hazard.finding->bring;
  for (const AuditAnswer& one : answer.answers) {
    const Finding* worst = nullptr;
    for (const Finding& finding : one.graded) {
      const bool is_brought = std::ranges::find(bring, finding.rule.cause) != bring.end();
      if (is_brought && (worst == nullptr || weight_of(finding) > weight_of(*worst))) worst = &finding;
    }
    const bool is_worse =
        worst != nullptr && (hazard.shown_by == nullptr || weight_of(*worst) > weight_of(*hazard.shown_by));
    if (!is_worse || !states.works_on(hazard.job(), one)) continue;
    hazard.shown_in = &one;
    hazard.shown_by = worst;
  }
  // The world of its own jobs says more than one of jobs that are all alike.
  for (const MetJobs& met : hazard.in->met) {
    if (!met.world.involves(hazard.finding->hazard.job)) continue;
    for (const Finding& finding : met.answer.graded) {
      const bool is_brought = std::ranges::find(bring, finding.rule.cause) != bring.end();
      if (!is_brought) continue;
      if (hazard.shown_by != nullptr && weight_of(finding) < weight_of(*hazard.shown_by)) continue;
      if (hazard.met != nullptr && weight_of(finding) == weight_of(*hazard.shown_by)) continue;
      hazard.shown_in = &met.answer;
      hazard.shown_by = &finding;
      hazard.met = &met;
    }
  }
}

std::string sentence_end(std::string text) {
  if (!text.empty() && text.back() != '.') text += '.';
  return text;
}

}  // namespace

const pl::HazardRule& ReportedHazard::rule() const { return pl::hazard_rule(finding->hazard.number); }

const pl::Job& ReportedHazard::job() const { return in->answer.pipeline.jobs[finding->hazard.job]; }

std::string ReportedHazard::fingerprint() const {
  return scenarios::hex(scenarios::fnv1a(fmt::format("{}\n{}\n{}", finding->id(), where.file, job().name)));
}

std::vector<ReportedHazard> reported_hazards(const RepositoryAnswer& answer) {
  std::vector<ReportedHazard> all;
  if (!answer.pipeline) return all;
  const RepositoryPlaces places(answer.root);
  const PipelineInAudit& in = *answer.pipeline;
  const StatesOfSetUps states(answer, in.answer.pipeline);
  for (std::size_t i = 0; i < in.findings.size(); ++i) {
    ReportedHazard one{
        &in, &in.findings[i], standing_of_hazard(in, i), named(in.findings[i].where, places), {}, {}, {}, {}};
    for (const pl::Cause& cause : in.findings[i].hazard.causes)
      one.causes.push_back({named(cause.where, places), cause.what});
    find_shown(answer, states, one);
    all.push_back(std::move(one));
  }
  std::ranges::stable_sort(all, std::ranges::less{}, [](const ReportedHazard& one) {
    return std::tuple(!fails(one), -static_cast<int>(one.finding->grade));
  });
  return all;
}

bool fails(const ReportedHazard& hazard) { return is_failure(hazard.standing.outcome); }

std::string hazard_sentence(const ReportedHazard& hazard) {
  const pl::Hazard& one = hazard.finding->hazard;
  std::string text = sentence_end(fmt::format("{}: {}", hazard.rule().title, printable(one.why)));
  if (one.is_assumed) text += sentence_end(" Assumed: " + printable(one.assumption));
  return text;
}

std::string hazard_on_backend(const ReportedHazard& hazard) {
  if (hazard.shown_by == nullptr) return {};
  std::string who;
  if (hazard.met != nullptr)
    who = fmt::format(" with {}", meeting_words(hazard.in->answer.pipeline,
                                                meeting_of(*hazard.met, hazard.finding->hazard.job)));
  return fmt::format("On {}{} that means {} ({}): {}", hazard.shown_in->plan.backend->type().name, who,
                     hazard.shown_by->rule.id(),
                     hazard.shown_by->is_inherent ? "inherent" : grade_name(hazard.shown_by->grade),
                     finding_sentence(*hazard.shown_in, *hazard.shown_by));
}

std::string hazard_in_full(const ReportedHazard& hazard, const Style& style) {
  const Grade grade = hazard.finding->grade;
  std::string out = fmt::format("{}  {}  {}\n", style(grade_ink(grade), std::string(grade_name(grade))),
                                hazard.finding->id(), style(Ink::bold, std::string(hazard.rule().title)));
  out += paragraph(hazard_sentence(hazard), style, 2, "  ");
  out += paragraph(std::string(hazard.rule().happens), style, 2, "  ");
  for (const pl::Cause& cause : hazard.causes)
    out += paragraph(fmt::format("{}:{}:{}: {}", printable(cause.where.file), cause.where.line,
                                 cause.where.column, printable(cause.what)),
                     style, 6, "    -");
  if (const std::string on = hazard_on_backend(hazard); !on.empty()) out += paragraph(on, style, 2, "  ");
  out += paragraph(std::string(hazard.rule().fix), style, 7, "  fix:");
  if (hazard.standing.outcome != Outcome::fails && hazard.standing.outcome != Outcome::below)
    out += paragraph(standing_text(hazard.standing), style, 2, "  ");
  return out;
}

std::string hazard_page(unsigned number) {
  const pl::HazardRule& rule = pl::hazard_rule(number);
  const auto section = [](std::string_view title, std::string_view text) {
    return fmt::format("\n## {}\n\n{}", title, paragraph(sentence_end(std::string(text)), kPagePlain));
  };
  return fmt::format("# {}: {}\n\n{}", pl::hazard_id(number), rule.title,
                     paragraph(std::string(rule.happens), kPagePlain)) +
         section("In the model", rule.in_model) + section("What to change", rule.fix) +
         section("Sources", rule.sources) +
         paragraph(
             "`lockstorm pipeline PATH` shows where a repository has it; docs/pipelines.md has the safe "
             "pipeline of each system.",
             kPagePlain);
}

}  // namespace lockstorm::reports
