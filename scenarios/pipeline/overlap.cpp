#include "scenarios/pipeline/overlap.hpp"

#include <algorithm>

namespace lockstorm::scenarios::pipeline {
namespace {

template <class Wanted>
std::vector<const Command*> commands_that(const JobRun& run, Wanted is_wanted) {
  std::vector<const Command*> found;
  for (const Command& command : run.commands)
    if (is_wanted(command)) found.push_back(&command);
  return found;
}

}  // namespace

std::vector<RunOf> all_runs(const Pipeline& pipeline) {
  std::vector<RunOf> runs;
  for (std::size_t job = 0; job < pipeline.jobs.size(); ++job)
    for (const JobRun& run : pipeline.jobs[job].runs) runs.push_back({&pipeline, job, &run});
  return runs;
}

const Serialiser* what_excludes(const RunOf& a, const RunOf& b) {
  if (a.job().system != b.job().system) return nullptr;
  for (const Serialiser& one : a.run->serialisers)
    for (const Serialiser& other : b.run->serialisers)
      if (!one.is_assumed && !other.is_assumed && exclude_each_other(one, other)) return &one;
  return nullptr;
}

bool can_overlap(const RunOf& a, const RunOf& b) { return what_excludes(a, b) == nullptr; }

std::vector<const Command*> writers(const JobRun& run) {
  return commands_that(run,
                       [](const Command& command) { return writes(command.verb) && !command.is_remote; });
}

std::vector<const Command*> lockers(const JobRun& run) {
  return commands_that(run, [](const Command& command) { return command.locks && !command.is_remote; });
}

std::vector<const Command*> unlockers(const JobRun& run) {
  return commands_that(run, [](const Command& command) { return removes_lock(command.verb); });
}

Meeting meet(const std::vector<const Command*>& a, const std::vector<const Command*>& b) {
  for (const Command* one : a)
    for (const Command* other : b)
      if (one->state == other->state) return {one, other};
  return {};
}

}  // namespace lockstorm::scenarios::pipeline
