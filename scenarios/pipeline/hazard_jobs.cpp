#include <fmt/format.h>

#include <algorithm>

#include "scenarios/pipeline/hazard_list.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

Cause job_cause(const Command& command) { return {command.where, fmt::format("`{}`", command.written)}; }

// Who makes the plan that this run applies: another run of the same start.
const RunOf* maker_of(const HazardList& list, const RunOf& one, const Command& applied) {
  for (const RunOf& other : list.runs()) {
    if (other.job().file != one.job().file || other.job_number == one.job_number) continue;
    for (const Command& command : other.run->commands)
      if (command.verb == Verb::plan && command.writes_plan_file &&
          command.state.directory == applied.state.directory)
        return &other;
  }
  return nullptr;
}

// P12: the plan is from another job, and no group spans both.
void applied_later(HazardList& list, const RunOf& one) {
  for (const Command* command : one.writers) {
    if (!command->applies_plan_file || command->plan_is_of_this_job || one.job().system == System::atlantis)
      continue;
    const RunOf* const maker = maker_of(list, one, *command);
    if (maker != nullptr) {
      const bool spans = std::ranges::any_of(one.run->serialisers, [&](const Serialiser& s) {
        return !s.is_of_job && !s.key.is_fresh &&
               std::ranges::any_of(maker->run->serialisers, [&](const Serialiser& m) {
                 return !m.is_of_job && exclude_each_other(s, m);
               });
      });
      if (spans) continue;
    }
    std::vector<Cause> causes{job_cause(*command)};
    const bool never_locks = !list.may_refuse(command->state);
    bool unlocked = command->lock_off.has_value() || never_locks;
    if (maker != nullptr) {
      for (const Command& plan : maker->run->commands)
        if (plan.verb == Verb::plan && plan.writes_plan_file) {
          causes.push_back(job_cause(plan));
          unlocked = unlocked && (never_locks || plan.lock_off.has_value());
        }
    }
    if (one.job().environment_where)
      causes.push_back({*one.job().environment_where, "an approval may take days"});
    list.add(12, one.job_number, unlocked ? Severity::damage : Severity::refused,
             fmt::format("{} applies a plan that {} has made; what is applied in between makes it stale{}",
                         job_words(one.job()), maker != nullptr ? job_words(maker->job()) : "another job",
                         unlocked ? ", and without the lock that is looked at once only" : ": it is refused"),
             std::move(causes));
  }
}

// P13, where the lock is off: on what changes the state, or on a plan that is applied from its file.
void lock_off(HazardList& list, const RunOf& one) {
  const bool applies_files = one.job().system == System::atlantis;
  for (const Command& command : one.run->commands) {
    if (!command.lock_off || command.is_remote) continue;
    if (writes(command.verb)) {
      list.add(13, one.job_number, Severity::damage,
               fmt::format("{} changes the state without its lock", job_words(one.job())),
               {{*command.lock_off, "-lock=false"}, job_cause(command)});
    } else if (applies_files) {
      list.add(13, one.job_number, Severity::refused,
               fmt::format("{} plans without the lock what is applied later", job_words(one.job())),
               {{*command.lock_off, "-lock=false"}});
    } else if (command.verb == Verb::plan) {
      bool applied_unlocked = false;
      const auto here = list.at_state().find(command.state.directory);
      for (const std::size_t number : here->second)
        for (const Command* write : list.runs()[number].writers)
          applied_unlocked = applied_unlocked || (write->lock_off && write->state == command.state);
      if (applied_unlocked) continue;
      Hazard& hazard =
          list.add(13, one.job_number, Severity::harmless,
                   fmt::format("{} plans without the lock: harmless, but for a plan that is interrupted "
                               "before there is a state",
                               job_words(one.job())),
                   {{*command.lock_off, "-lock=false"}});
      if (hazard.severity == Severity::harmless) hazard.standing = Standing::residual;
    }
  }
}

// Another system of the repository writes there: that is told as what it is.
bool has_other_system(const HazardList& list, const RunOf& one) {
  return std::ranges::any_of(one.writers, [&](const Command* command) {
    const auto here = list.at_state().find(command->state.directory);
    return std::ranges::any_of(here->second, [&](std::size_t number) {
      const RunOf& other = list.runs()[number];
      return other.job().system != one.job().system && !other.writers.empty();
    });
  });
}

void pull_request_locks(HazardList& list, const RunOf& one) {
  const Job& job = one.job();
  if (!job.locks_off) return;
  const bool unlocked =
      std::ranges::any_of(one.writers, [](const Command* c) { return c->lock_off.has_value(); });
  list.add(21, one.job_number, unlocked ? Severity::damage : Severity::refused,
           "two pull requests plan and apply one project at once; the second plan is stale",
           {{*job.locks_off, "locks of pull requests are off"}});
  if (list.has(22, one.job_number) || job.system == System::github || has_other_system(list, one)) return;
  Hazard& hazard = list.add(
      22, one.job_number, Severity::refused,
      fmt::format("with its own locks off nothing keeps a second server, or a workflow that applies the same "
                  "directory, away from {}",
                  system_name(job.system)),
      {{*job.locks_off, "locks of pull requests are off"}});
  hazard.is_assumed = true;
  hazard.assumption = "whether another server or pipeline applies these directories is not in this file";
}

}  // namespace

void find_in_jobs(HazardList& list) {
  for (const RunOf& one : list.runs()) {
    const Job& job = one.job();
    applied_later(list, one);
    lock_off(list, one);
    pull_request_locks(list, one);
    if (job.deadlock)
      list.add(28, one.job_number, Severity::refused,
               fmt::format("{} wants the group that its caller holds", job_words(job)),
               {{*job.deadlock, "the same group"}});
    if (one.writers.empty()) continue;
    const Command& first = *one.writers.front();
    if (job.whatever_went_before)
      list.add(25, one.job_number, Severity::refused,
               fmt::format("{} applies whatever became of the jobs before it, and cannot be cancelled",
                           job_words(job)),
               {{*job.whatever_went_before, "its condition"}, job_cause(first)});
    if (job.old_revisions)
      list.add(27, one.job_number, Severity::note,
               fmt::format("{} applies a revision that somebody names", job_words(job)),
               {{*job.old_revisions, "what it checks out"}, job_cause(first)});
  }
}

}  // namespace lockstorm::scenarios::pipeline
