#include <fmt/format.h>

#include <algorithm>

#include "reports/contend/contend_report.hpp"
#include "reports/contend/time_words.hpp"
#include "reports/contend/timeline_report.hpp"
#include "reports/format/layout.hpp"
#include "scenarios/data/fnv1a.hpp"
#include "scenarios/data/printable.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::JobEnd;
using scenarios::JobFigures;
using scenarios::RunFigures;

constexpr std::size_t kMostLanes = 120;
constexpr std::size_t kLaneLabel = 12;
constexpr std::size_t kLaneColumns = 64;

constexpr auto kEndWords = sim::text_for_each<JobEnd>(
    {"still running", "done", "gave up", "refused", "failed", "killed", "cancelled"});
constexpr auto kEndNames =
    sim::text_for_each<JobEnd>({"running", "done", "gave_up", "refused", "failed", "killed", "cancelled"});

// Columns of a run's time.
class Lane {
 public:
  explicit Lane(std::uint64_t end_us)
      : end_us_(std::max<std::uint64_t>(end_us, 1)), text_(kLaneColumns, ' ') {}

  void draw(std::uint64_t from_us, std::uint64_t to_us, char with) {
    if (to_us < from_us) return;
    for (std::size_t i = column(from_us); i <= column(to_us); ++i) text_[i] = with;
  }
  void put(std::uint64_t at_us, char with) { text_[column(at_us)] = with; }
  [[nodiscard]] std::string text() const { return text_; }

 private:
  [[nodiscard]] std::size_t column(std::uint64_t at_us) const {
    return static_cast<std::size_t>(static_cast<double>(std::min(at_us, end_us_)) /
                                    static_cast<double>(end_us_) * (kLaneColumns - 1));
  }
  std::uint64_t end_us_;
  std::string text_;
};

std::string lane_of(const JobFigures& job, std::uint64_t end_us) {
  Lane lane(end_us);
  const std::uint64_t ended_us = job.ended_us == 0 ? end_us : job.ended_us;
  const std::uint64_t let_us = job.arrived_us + job.group_wait_us;
  lane.draw(let_us, ended_us, '.');
  if (job.group_wait_us > 0) lane.draw(job.arrived_us, let_us, ':');
  if (job.asked && job.lock_wait_us > 0)
    lane.draw(job.asked_us, job.granted ? job.granted_us : ended_us, '-');
  if (job.granted) lane.draw(job.granted_us, ended_us, '#');
  if (job.end == JobEnd::killed) lane.put(ended_us, '!');
  if (job.end != JobEnd::killed && job.end != JobEnd::done && job.end != JobEnd::running)
    lane.put(ended_us, 'x');
  return lane.text();
}

// Of what the world's properties say: others would be violated by jobs that take no lock at all.
std::string breach_rows(const scenarios::TimedWorld& world, const RunFigures& run) {
  std::string text;
  for (const checkers::Property property : world.world->applicable) {
    const scenarios::Breach& breach = run.breaches[property];
    if (breach.count > 0)
      text += fmt::format("\n{} is violated: {}, first after {}", checkers::property_name(property),
                          counted(breach.count, "time"), span_text_us(breach.first_us));
  }
  return text.empty() ? text : text + "\n";
}

std::string remark_of(const JobFigures& job) {
  std::string text = fmt::format("waited {}", span_text_us(job.wait_us()));
  if (job.overtaken > 0) text += fmt::format(", overtaken {}", job.overtaken);
  if (job.end != JobEnd::done) text += fmt::format(", {}", job_end_words(job.end));
  return text;
}

}  // namespace

std::string_view job_end_words(JobEnd end) { return kEndWords[static_cast<std::size_t>(end)]; }
std::string_view job_end_name(JobEnd end) { return kEndNames[static_cast<std::size_t>(end)]; }

std::string run_words(const scenarios::DayOptions& day) {
  return fmt::format("seed {}", day.seed) + (day.run == 0 ? "" : fmt::format(", run {}", day.run + 1));
}

std::string timeline_text(const scenarios::TimedWorld& world, const RunFigures& run,
                          const scenarios::DayOptions& day, const Style& style) {
  std::string text =
      fmt::format("{}: one run in virtual time, {}: {} on {}, {}\n",
                  scenarios::printable(world.scenario.name), run_words(day), counted(run.jobs.size(), "job"),
                  counted(world.settings->states, "state"), span_text_us(run.end_us));
  text += paragraph(scenarios::summary(world.scenario), style) + "\n";
  text += fmt::format(
      "{}{} a column; : in its group's queue, . runs, - waits for the lock, # has it, x gives up, "
      "! is killed\n",
      std::string(kLaneLabel, ' '), span_text_us(run.end_us / kLaneColumns));
  if (world.settings->states == 1) {
    Lane lock(run.end_us);
    for (const scenarios::LockSpan& span : run.spans) lock.draw(span.from_us, span.to_us, '#');
    text += pad("the lock", kLaneLabel) + lock.text() + "\n";
  }
  for (std::size_t i = 0; i < std::min(run.jobs.size(), kMostLanes); ++i) {
    const JobFigures& job = run.jobs[i];
    text += fmt::format("{}{}  {}\n", pad(fmt::format("job {}", i + 1), kLaneLabel), lane_of(job, run.end_us),
                        remark_of(job));
  }
  if (run.jobs.size() > kMostLanes)
    text += fmt::format("... and {} more\n", grouped(run.jobs.size() - kMostLanes));
  text += breach_rows(world, run);
  if (run.stuck) text += "\n" + paragraph("The run was cut off: " + stuck_text(*run.stuck) + ".", style);
  text += fmt::format("\nTrace: {} over {} events\n", scenarios::hex(run.trace_hash), grouped(run.events));
  return text;
}

}  // namespace lockstorm::reports
