#include "scenarios/pipeline/overlap.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace lockstorm::scenarios::pipeline {
namespace {

template <class Wanted>
std::vector<const Command*> commands_that(const JobRun& run, Wanted is_wanted) {
  std::vector<const Command*> found;
  for (const Command& command : run.commands)
    if (is_wanted(command)) found.push_back(&command);
  return found;
}

// All in which a run can differ for the rules; NUL stands in no text of a file.
std::string signature_of(const RunOf& run) {
  std::string text = std::to_string(run.job_number);
  const auto add = [&](std::string_view part) {
    text += '\0';
    text += part;
  };
  add(run.run->event);
  add(run.run->leg);
  for (const Serialiser& held : run.run->serialisers) {
    add(held.key.text);
    add(held.cancels_running ? "cancels" : "waits");
  }
  for (const Command& command : run.run->commands) {
    add(verb_name(command.verb));
    add(command.state.directory);
    add(command.state.key);
    add(command.state.workspace);
    add(command.written);
    add(command.locks ? "locks" : "");
    add(std::to_string(command.where.line) + ":" + std::to_string(command.where.column) + command.where.file);
  }
  return text;
}

}  // namespace

std::vector<RunOf> all_runs(const Pipeline& pipeline) {
  std::vector<RunOf> runs;
  for (std::size_t job = 0; job < pipeline.jobs.size(); ++job) {
    for (const JobRun& run : pipeline.jobs[job].runs) {
      RunOf made{&pipeline, job, &run, {}, {}, {}};
      made.writers = commands_that(run, [](const Command& c) { return writes(c.verb) && !c.is_remote; });
      made.lockers = commands_that(run, [](const Command& c) { return c.locks && !c.is_remote; });
      made.unlockers = commands_that(run, [](const Command& c) { return removes_lock(c.verb); });
      runs.push_back(std::move(made));
    }
  }
  return runs;
}

std::vector<RunOf> distinct_runs(const Pipeline& pipeline) {
  std::vector<RunOf> runs = all_runs(pipeline);
  std::set<std::string> seen;
  std::erase_if(runs, [&](const RunOf& run) { return !seen.insert(signature_of(run)).second; });
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

Meeting meet(const std::vector<const Command*>& a, const std::vector<const Command*>& b) {
  for (const Command* one : a)
    for (const Command* other : b)
      if (one->state == other->state) return {one, other};
  return {};
}

}  // namespace lockstorm::scenarios::pipeline
