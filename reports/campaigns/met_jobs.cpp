#include "reports/campaigns/met_jobs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "reports/campaigns/finding_words.hpp"
#include "reports/format/layout.hpp"
#include "reports/text/text_report.hpp"
#include "scenarios/data/printable.hpp"
#include "scenarios/pipeline/hazard_list.hpp"

namespace lockstorm::reports {
namespace {

namespace pl = scenarios::pipeline;
using scenarios::Finding;
using scenarios::printable;

constexpr std::size_t kNamedMeetings = 3;

// What is told with its run: the worst, unless no backend can prevent it.
const Finding* worst_of(const AuditAnswer& answer) {
  const bool is_told = !answer.graded.empty() && !answer.graded.front().is_inherent;
  return is_told ? &answer.graded.front() : nullptr;
}

std::string cause_lines(const pl::JobMeeting& meeting, const Style& style) {
  std::string out;
  for (const pl::Cause& cause : meeting.causes)
    out += paragraph(fmt::format("{}:{}:{}: {}", printable(cause.where.file), cause.where.line,
                                 cause.where.column, printable(cause.what)),
                     style, 6, "    -");
  return out;
}

// "client-1 is 'plan' of drift, which runs plan".
std::string who_is_who(const pl::Pipeline& pipeline, const pl::JobMeeting& meeting) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < meeting.jobs.size(); ++i)
    parts.push_back(fmt::format("client-{} is {} ({}), which runs {}", i + 1,
                                pl::job_words(pipeline.jobs[meeting.jobs[i].job]), meeting.jobs[i].when,
                                scenarios::commands_text(meeting.jobs[i].client)));
  return printable(fmt::format("In its runs {}.", fmt::join(parts, ", and ")));
}

std::string world_text(const pl::Pipeline& pipeline, const MetJobs& met, const Style& style) {
  const AuditAnswer& answer = met.answer;
  const scenarios::Verdict verdict = scenarios::audit_verdict(answer.results);
  const pl::JobMeeting& first = met.world.meetings.front();
  std::string out =
      fmt::format("\n{}  {}\n", style(Style::ink_of(verdict), pad(std::string(verdict_name(verdict)), 8)),
                  printable(meeting_words(pipeline, first)));
  out += paragraph(fmt::format("{} ({}), at {}", set_up_text(answer), coverage_text(answer),
                               state_name(answer.states[first.state])),
                   style, 4);
  out += who_meets(pipeline, met, style);
  std::vector<std::string> ids;
  for (const Finding& finding : answer.graded)
    ids.push_back(fmt::format("{} ({})", finding.rule.id(),
                              finding.is_inherent ? "inherent" : grade_name(finding.grade)));
  if (!ids.empty()) out += paragraph(fmt::format("Violates {}.", fmt::join(ids, ", ")), style, 4);
  const Finding* const worst = worst_of(answer);
  if (worst == nullptr) return out;
  out += paragraph(finding_sentence(answer, *worst), style, 4);
  if (const scenarios::Counterexample* run = shown_run(answer, *worst); run != nullptr)
    out += "\n" + text_counterexample(answer.results[worst->configuration], *run, style);
  return out;
}

}  // namespace

std::string meeting_words(const pl::Pipeline& pipeline, const pl::JobMeeting& meeting) {
  const auto words = [&](std::size_t i) { return pl::job_words(pipeline.jobs[meeting.jobs[i].job]); };
  const bool is_one_job = meeting.jobs[0].job == meeting.jobs[1].job;
  const bool is_one_start = meeting.jobs[0].when == meeting.jobs[1].when;
  std::string text =
      is_one_job ? fmt::format("two runs of {}", words(0)) : fmt::format("{} beside {}", words(0), words(1));
  if (is_one_job && !is_one_start)
    text += fmt::format(" ({}, and {})", meeting.jobs[0].when, meeting.jobs[1].when);
  if (meeting.unlock)
    text += fmt::format(", and an unlock by {}", pl::job_words(pipeline.jobs[meeting.unlock->job]));
  return text;
}

const pl::JobMeeting& meeting_of(const MetJobs& met, std::size_t job) {
  const auto found = std::ranges::find_if(met.world.meetings, [&](const pl::JobMeeting& meeting) {
    return meeting.jobs[0].job == job || meeting.jobs[1].job == job ||
           (meeting.unlock && meeting.unlock->job == job);
  });
  if (found == met.world.meetings.end()) throw std::logic_error("the job meets nobody");
  return *found;
}

std::string who_meets(const pl::Pipeline& pipeline, const MetJobs& met, const Style& style) {
  const std::vector<pl::JobMeeting>& meetings = met.world.meetings;
  std::string out = paragraph(who_is_who(pipeline, meetings.front()), style, 4);
  out += cause_lines(meetings.front(), style);
  const std::size_t named = std::min(meetings.size(), kNamedMeetings);
  std::vector<std::string> more;
  for (std::size_t i = 1; i < named; ++i)
    more.push_back(fmt::format("{} at {}", printable(meeting_words(pipeline, meetings[i])),
                               state_name(met.answer.states[meetings[i].state])));
  if (meetings.size() > named) more.push_back(fmt::format("{} more", meetings.size() - named));
  if (!more.empty()) out += paragraph(fmt::format("Likewise: {}.", fmt::join(more, "; ")), style, 4);
  return out;
}

std::string met_jobs_sentence(const PipelineInAudit& in) {
  if (in.met.empty()) return {};
  const auto violated = std::ranges::count_if(in.met, [](const MetJobs& met) {
    return scenarios::audit_verdict(met.answer.results) == scenarios::Verdict::violated;
  });
  return fmt::format(" Jobs that meet: {}, {} violated{}.", counted(in.met.size(), "world"), violated,
                     in.met_left_out > 0 ? fmt::format(", {} not verified", in.met_left_out) : "");
}

std::string text_met_jobs(const PipelineInAudit& in, const Style& style) {
  if (in.met.empty()) return {};
  std::string out = "\n" + style(Ink::bold, "Jobs that meet") + "\n";
  for (const MetJobs& met : in.met) out += world_text(in.answer.pipeline, met, style);
  if (in.met_left_out > 0)
    out += paragraph(fmt::format("{} of other jobs that meet were not verified, as there are too many.",
                                 counted(in.met_left_out, "world")),
                     style);
  return out;
}

}  // namespace lockstorm::reports
