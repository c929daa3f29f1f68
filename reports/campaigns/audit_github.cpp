// Annotations of an audit, as commands in the log of a GitHub Actions step.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "reports/campaigns/audit_formats.hpp"
#include "reports/campaigns/reported.hpp"
#include "reports/campaigns/reported_hazards.hpp"
#include "reports/ci/workflow_command.hpp"
#include "reports/format/layout.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Grade;
using scenarios::Outcome;

// Of each kind GitHub shows so many in a step.
constexpr std::size_t kMostAnnotations = 10;
constexpr std::size_t kStoryBytes = 1500;

// What one cause does in a state, told by the worst of the findings.
struct Annotated {
  const Reported* worst = nullptr;
  std::vector<std::string> also;  ///< ids of the other rules
};

AnnotationKind kind_of(const Reported& one) {
  if (is_failure(one.standing.outcome)) return AnnotationKind::error;
  const bool is_new = one.standing.outcome != Outcome::known;
  return is_new && one.finding->grade >= Grade::medium ? AnnotationKind::warning : AnnotationKind::notice;
}

// What is accepted, or what nobody can help, needs nobody's attention.
std::vector<Annotated> annotated(const std::vector<Reported>& all) {
  std::vector<Annotated> found;
  std::map<std::tuple<const AuditAnswer*, const scenarios::AuditedState*, unsigned>, std::size_t> numbers;
  for (const Reported& one : all) {
    if (one.finding->is_inherent || one.standing.outcome == Outcome::accepted) continue;
    const std::tuple key(one.answer, one.state, one.finding->rule.cause->number);
    const auto [known, is_new] = numbers.try_emplace(key, found.size());
    if (is_new) {
      found.push_back({&one, {}});
    } else {
      found[known->second].also.push_back(one.finding->rule.id());
    }
  }
  return found;
}

std::string annotation_of(const Annotated& annotated) {
  const Reported& one = *annotated.worst;
  std::string text = told_sentence(*one.answer, *one.finding);
  if (!annotated.also.empty()) text += fmt::format(" (also {})", fmt::join(annotated.also, ", "));
  if (one.answer->states.size() > 1 || !one.state->completed_by.empty())
    text += fmt::format("\nState: {}", state_name(*one.state));
  if (one.standing.outcome != Outcome::fails && one.standing.outcome != Outcome::below)
    text += fmt::format("\nIt {}{}.", one.standing.outcome == Outcome::known ? "is " : "",
                        standing_text(one.standing));
  if (const std::string run = told_run(*one.answer, *one.finding, kStoryBytes); !run.empty())
    text += "\n" + run;
  return workflow_command(kind_of(one), one.where,
                          fmt::format("{} ({}) {}", one.finding->rule.id(), grade_name(one.finding->grade),
                                      checkers::property_name(one.finding->rule.property)),
                          text);
}

AnnotationKind kind_of(const ReportedHazard& one) {
  if (fails(one)) return AnnotationKind::error;
  const bool is_new = one.standing.outcome != Outcome::known;
  return is_new && one.finding->grade >= Grade::medium ? AnnotationKind::warning : AnnotationKind::notice;
}

std::string annotation_of(const ReportedHazard& one) {
  std::string text =
      fmt::format("{} {}\nTo change: {}", hazard_sentence(one), hazard_on_backend(one), one.rule().fix);
  if (one.standing.outcome == Outcome::expired) text += fmt::format("\nIt {}.", standing_text(one.standing));
  return workflow_command(
      kind_of(one), one.where,
      fmt::format("{} ({}) {}", one.finding->id(), grade_name(one.finding->grade), one.rule().name), text);
}

}  // namespace

std::string github_repository(const RepositoryAnswer& answer) {
  const RepositoryPlaces places(answer.root);
  std::array<std::size_t, kAnnotationKinds> shown{};
  std::size_t left_out = 0;
  std::string out;
  const auto add = [&](AnnotationKind kind, const auto& make) {
    if (++shown[static_cast<std::size_t>(kind)] <= kMostAnnotations) {
      out += make();
    } else {
      ++left_out;
    }
  };
  for (const scenarios::InputError& one : answer.complaints) {
    add(AnnotationKind::error, [&] {
      const scenarios::SourceLocation where{places.name_of(one.where.file), one.where.line, one.where.column};
      return workflow_command(AnnotationKind::error, where, "cannot be audited",
                              one.problem + (one.expected.empty() ? "" : "; expected " + one.expected));
    });
  }
  const std::vector<Reported> all = reported(answer);
  for (const Annotated& one : annotated(all)) add(kind_of(*one.worst), [&] { return annotation_of(one); });
  for (const ReportedHazard& one : reported_hazards(answer)) {
    if (one.standing.outcome != Outcome::accepted) add(kind_of(one), [&] { return annotation_of(one); });
  }
  if (left_out > 0)
    out += fmt::format("{} more: of each kind a step may have {}. --sarif and --markdown have them all.\n",
                       counted(left_out, "annotation"), kMostAnnotations);
  return out;
}

}  // namespace lockstorm::reports
