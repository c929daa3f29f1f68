// Time limits of jobs, steps and commands, raised so that a wait for the lock and a long apply fit into them.
#pragma once

#include <chrono>

#include "scenarios/fixes/text_lines.hpp"
#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios {

/// Raises the limit that the line says, in the unit that it is said in. False: the line says none that is
/// understood, or a longer one.
bool raise_limit(TextLines& lines, std::size_t number, std::chrono::minutes to);

/// Gives the job at the line a limit of its own, where it has the default one. False: the line is no place
/// for it, or the system is none whose default is short.
bool set_limit(TextLines& lines, pipeline::System system, std::size_t job, std::chrono::minutes to);

}  // namespace lockstorm::scenarios
