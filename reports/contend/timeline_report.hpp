// One run in virtual time as lanes: who waited, who had the lock, and how it ended.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "reports/format/style.hpp"
#include "scenarios/timed/day.hpp"
#include "scenarios/timed/figures.hpp"
#include "scenarios/timed/timed_world.hpp"

namespace lockstorm::reports {

std::string timeline_text(const scenarios::TimedWorld& world, const scenarios::RunFigures& run,
                          const scenarios::DayOptions& day, const Style& style);

nlohmann::ordered_json timeline_json(const scenarios::TimedWorld& world, const scenarios::RunFigures& run,
                                     const scenarios::DayOptions& day);

/// A page of its own: lanes as a drawing, and the same as a table.
std::string timeline_html(const scenarios::TimedWorld& world, const scenarios::RunFigures& run,
                          const scenarios::DayOptions& day);

/// The same for ui.perfetto.dev: a process for each state, a thread for each job and one for the lock.
std::string timeline_perfetto(const scenarios::RunFigures& run);

/// "seed 1", "seed 1, run 17".
std::string run_words(const scenarios::DayOptions& day);

/// "gave up", "killed".
std::string_view job_end_words(scenarios::JobEnd end);
/// As data has it: "gave_up".
std::string_view job_end_name(scenarios::JobEnd end);

}  // namespace lockstorm::reports
