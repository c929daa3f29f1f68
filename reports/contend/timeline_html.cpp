#include <fmt/format.h>

#include <algorithm>

#include "reports/contend/contend_report.hpp"
#include "reports/contend/plots.hpp"
#include "reports/contend/time_words.hpp"
#include "reports/contend/timeline_report.hpp"
#include "reports/format/layout.hpp"
#include "reports/format/markup.hpp"

namespace lockstorm::reports {
namespace {

constexpr std::size_t kMostDrawn = 2000;

PlotLane drawn_lane(const scenarios::JobFigures& job, std::size_t number, std::uint64_t end_us) {
  PlotLane lane;
  lane.label = fmt::format("job {}", number);
  lane.remark = fmt::format("{}, waited {}, overtaken {}", job_end_words(job.end),
                            span_text_us(job.wait_us()), job.overtaken);
  const std::uint64_t ended_us = job.end == scenarios::JobEnd::running ? end_us : job.ended_us;
  const std::uint64_t let_us = job.arrived_us + job.group_wait_us;
  if (job.group_wait_us > 0) lane.pieces.push_back({job.arrived_us, let_us, "queue"});
  if (ended_us > let_us) lane.pieces.push_back({let_us, ended_us, "run"});
  const std::uint64_t wait_end_us = job.granted ? job.granted_us : ended_us;
  if (job.asked && job.lock_wait_us > 0 && wait_end_us >= job.asked_us)
    lane.pieces.push_back({job.asked_us, wait_end_us, "wait"});
  if (job.granted && ended_us >= job.granted_us) lane.pieces.push_back({job.granted_us, ended_us, "hold"});
  return lane;
}

std::vector<PlotLane> lock_lanes(const scenarios::RunFigures& run, std::uint32_t states) {
  std::vector<PlotLane> lanes(std::min<std::size_t>(states, 64));
  for (std::size_t i = 0; i < lanes.size(); ++i)
    lanes[i].label = states == 1 ? "the lock" : fmt::format("lock of state {}", i + 1);
  for (const scenarios::LockSpan& span : run.spans) {
    if (span.state < lanes.size()) lanes[span.state].pieces.push_back({span.from_us, span.to_us, "hold"});
  }
  return lanes;
}

}  // namespace

std::string timeline_html(const scenarios::TimedWorld& world, const scenarios::RunFigures& run,
                          const scenarios::DayOptions& day) {
  std::string page = plot_page_head(fmt::format("One run of {}", world.scenario.name));
  page += fmt::format("<p>{}; {}; {} on {}, {}</p>\n", escaped(scenarios::summary(world.scenario)),
                      run_words(day), counted(run.jobs.size(), "job"),
                      counted(world.settings->states, "state"), span_text_us(run.end_us));
  if (run.stuck) page += fmt::format("<p>The run was cut off: {}.</p>\n", escaped(stuck_text(*run.stuck)));
  std::vector<PlotLane> lanes = lock_lanes(run, world.settings->states);
  for (std::size_t i = 0; i < std::min(run.jobs.size(), kMostDrawn); ++i)
    lanes.push_back(drawn_lane(run.jobs[i], i + 1, run.end_us));
  page +=
      "<figure><figcaption>Grey: in its group's queue, or runs; amber: waits for the lock; blue: has "
      "it</figcaption>" +
      lanes_svg(lanes, run.end_us) + "</figure>\n";
  page +=
      "<table><thead><tr><th>job</th><th>state</th><th>told to start</th><th>waited</th><th>overtaken</th>"
      "<th>ended</th><th>how</th></tr></thead><tbody>\n";
  for (std::size_t i = 0; i < std::min(run.jobs.size(), kMostDrawn); ++i) {
    const scenarios::JobFigures& job = run.jobs[i];
    page += fmt::format(
        "<tr><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td "
        "class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>\n",
        i + 1, job.state + 1, span_text_us(job.arrived_us), span_text_us(job.wait_us()), job.overtaken,
        span_text_us(job.ended_us), job_end_words(job.end));
  }
  page += "</tbody></table>\n";
  if (run.jobs.size() > kMostDrawn)
    page += fmt::format("<p class=\"mute\">and {} more jobs</p>\n", grouped(run.jobs.size() - kMostDrawn));
  return page + std::string(kPlotPageEnd);
}

}  // namespace lockstorm::reports
