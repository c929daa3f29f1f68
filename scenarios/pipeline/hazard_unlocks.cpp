#include <fmt/format.h>

#include <algorithm>

#include "scenarios/pipeline/hazard_list.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

Cause unlock_cause(const Command& command) { return {command.where, fmt::format("`{}`", command.written)}; }

std::string whose(IdFrom id) {
  switch (id) {
    case IdFrom::error_text:
      return "the id is that of whoever holds the lock when it looks";
    case IdFrom::object:
      return "the id is read from the lock itself, whosever it is";
    case IdFrom::own_job:
      return "the id is that of this job's own lock";
    case IdFrom::typed:
      return "the id is one that is given to it";
    case IdFrom::nowhere:
      break;
  }
  return "it asks for no id: the lock of whoever holds it is gone";
}

// What the state's lock makes of it: how bad it can be, and what to add to the words.
struct UnlockWorth {
  Severity most = Severity::damage;
  std::string words;
};

UnlockWorth worth_of(const HazardList& list, const Command& unlock) {
  // Whoever removes a lock by other means knows where there is one, and no directory says which it is.
  if (unlock.verb != Verb::force_unlock) return {};
  const StateFacts known = list.facts(unlock.state);
  if (known.lock == StateLock::none)
    return {Severity::harmless, fmt::format("; with {} there is no lock to remove", known.backend)};
  if (known.force_unlock == ForceUnlock::nothing)
    return {Severity::harmless, fmt::format("; with {} force-unlock removes no lock", known.backend)};
  if (known.force_unlock == ForceUnlock::any)
    return {Severity::damage,
            fmt::format("; with {} it removes the lock of whoever has it, whatever the id", known.backend)};
  return {};
}

// Adds it as bad as it is here; what can remove nothing gets a line.
void add_unlock(HazardList& list, unsigned number, std::size_t job, Severity severity, std::string why,
                const Command& unlock) {
  const UnlockWorth worth = worth_of(list, unlock);
  Hazard& hazard = list.add(number, job, std::min(severity, worth.most), std::move(why) + worth.words,
                            {unlock_cause(unlock)});
  if (hazard.severity == Severity::harmless) hazard.standing = Standing::residual;
}

bool is_tool_run(const Command& command) {
  return !removes_lock(command.verb) && command.position == Position::step && !command.is_remote;
}

// Outside of any job that plans or applies: P24, unless it is in the group of all that write.
bool is_excluded_from_writers(const HazardList& list, const RunOf& one) {
  bool has_writer = false;
  for (const RunOf& other : list.runs()) {
    if (other.job_number == one.job_number || other.writers.empty()) continue;
    has_writer = true;
    if (can_overlap(one, other)) return false;
  }
  if (has_writer) return true;
  return std::ranges::any_of(one.run->serialisers, [](const Serialiser& s) { return !s.key.is_fresh; });
}

bool waits_before(const Job& job, const Command& unlock) {
  const bool dead_by_then = job.cleanup_waits_for_tool && unlock.id == IdFrom::own_job;
  return dead_by_then;
}

}  // namespace

void find_unlocks(HazardList& list) {
  for (const RunOf& one : list.runs()) {
    const Job& job = one.job();
    const auto& commands = one.run->commands;
    // In another kind of its runs it may plan or apply: then it is no workflow for unlocking.
    const bool has_tool = std::ranges::any_of(
        job.runs, [](const JobRun& run) { return std::ranges::any_of(run.commands, is_tool_run); });
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const Command& unlock = commands[i];
      if (!removes_lock(unlock.verb)) continue;
      if (!has_tool && unlock.position != Position::fallback) {
        const bool belongs_to_writer = unlock.position == Position::cleanup && !job.needs.empty();
        if (belongs_to_writer) {
          add_unlock(
              list, 7, one.job_number, Severity::by_fault,
              fmt::format(
                  "{} unlocks after a failure or a cancel of another job, whose terraform may still run: {}",
                  job_words(job), whose(unlock.id)),
              unlock);
        } else if (!is_excluded_from_writers(list, one)) {
          add_unlock(list, 24, one.job_number, Severity::by_fault,
                     fmt::format("{} unlocks outside of the group of those that apply: {}", job_words(job),
                                 whose(unlock.id)),
                     unlock);
        }
        continue;
      }
      const bool later =
          std::any_of(commands.begin() + static_cast<std::ptrdiff_t>(i) + 1, commands.end(), is_tool_run);
      if (unlock.position == Position::step && later) {
        const bool unordered = list.has(1, one.job_number) || list.has(2, one.job_number) ||
                               list.has(3, one.job_number) || list.has(17, one.job_number);
        add_unlock(list, 8, one.job_number, unordered ? Severity::damage : Severity::by_fault,
                   fmt::format("{} removes the lock before it works; {}{}", job_words(job), whose(unlock.id),
                               unordered ? ", and another run may be at work" : ""),
                   unlock);
      } else if (!waits_before(job, unlock)) {
        add_unlock(
            list, 7, one.job_number, Severity::by_fault,
            fmt::format("{} unlocks when it is done, failed or cancelled: {}; terraform may still run, or be "
                        "somebody else's",
                        job_words(job), whose(unlock.id)),
            unlock);
      }
    }
  }
}

}  // namespace lockstorm::scenarios::pipeline
