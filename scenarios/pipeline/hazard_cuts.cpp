#include <fmt/format.h>

#include <algorithm>

#include "scenarios/pipeline/cancel.hpp"
#include "scenarios/pipeline/hazard_list.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

// A limit is told where it leaves less than this besides the wait for the lock: no file says how long an
// apply takes, and an hour is what defaults give.
constexpr std::chrono::minutes kRoomForApply{61};

Cause cut_cause(const Command& command) { return {command.where, fmt::format("`{}`", command.written)}; }

// P05: a newer run of the group ends one that applies. P20: one that plans, with the lock.
void cancelled_by_newer(HazardList& list, const RunOf& one) {
  const auto& written = one.writers;
  // What runs when all is over holds the lock for a moment.
  std::vector<const Command*> held = one.lockers;
  std::erase_if(held, [](const Command* command) { return command->position != Position::step; });
  if (held.empty() && written.empty()) return;
  const Job& job = one.job();
  const Command& first = written.empty() ? *held.front() : *written.front();
  const StateFacts lock = list.facts(first.state);
  // A plan leaves nothing behind but its lock.
  if (written.empty() && lock.lock == StateLock::none) return;
  const Severity left = lock.lock_ends.empty() ? Severity::refused : Severity::note;
  const Severity severity = written.empty() ? left : Severity::by_fault;
  for (const Serialiser& group : one.run->serialisers) {
    for (const std::size_t number : list.sharing(group)) {
      const RunOf& other = list.runs()[number];
      const auto same = std::ranges::find_if(other.run->serialisers, [&](const Serialiser& s) {
        return s.cancels_running && exclude_each_other(s, group);
      });
      if (same == other.run->serialisers.end()) continue;
      list.add(written.empty() ? 20 : 5, one.job_number, severity,
               fmt::format("a newer run ('{}') cancels {} ({}) while it {}: {}", other.run->when,
                           job_words(job), one.run->when, written.empty() ? "plans with the lock" : "applies",
                           chain_of_cancel(job.system, first.links, job.cleanup_waits_for_tool)),
               {{same->cancels_where, "a newer run cancels the running one"}, cut_cause(first)});
      break;
    }
  }
  if (job.cancelled_by_new_pipeline) {
    Hazard& hazard =
        list.add(written.empty() ? 20 : 5, one.job_number, severity,
                 fmt::format("a newer pipeline of the branch cancels {} while it {}", job_words(job),
                             written.empty() ? "plans with the lock" : "applies"),
                 {{*job.cancelled_by_new_pipeline, "it may be cancelled while it runs"}, cut_cause(first)});
    hazard.is_assumed = true;
    hazard.assumption = "\"auto-cancel redundant pipelines\" of the project is on, which it is by default";
  }
  if (job.cancelled_by_new_push && one.run->is_pull_request)
    list.add(
        20, one.job_number, left,
        fmt::format("a newer push to the pull request cancels {} while it holds the lock", job_words(job)),
        {{*job.cancelled_by_new_push, "runs for pull requests are cancelled by newer pushes"},
         cut_cause(first)});
}

// P10: the job's limit, the step's, or that of a `timeout`.
void limited(HazardList& list, const RunOf& one) {
  const Job& job = one.job();
  for (const Command* command : one.writers) {
    const auto wait = command->lock_timeout.value_or(std::chrono::seconds{0});
    std::chrono::seconds limit = job.limit.length;
    std::optional<SourceLocation> where = job.limit.where;
    if (command->time_limit && (limit.count() == 0 || *command->time_limit < limit)) {
      limit = *command->time_limit;
      where = command->time_limit_where;
    }
    if (limit.count() == 0 || limit - wait >= kRoomForApply) continue;
    list.add(10, one.job_number, Severity::by_fault,
             fmt::format("{} has {} min{} until it is cancelled{}", job_words(job), limit.count() / 60,
                         where ? "" : ", the default,",
                         wait.count() > 0
                             ? fmt::format(", of which it may wait {} min for the lock", wait.count() / 60)
                             : ""),
             {{where.value_or(job.where), where ? "the limit" : "no limit is set"}, cut_cause(*command)});
  }
}

// P06 and P26: what of a cancel arrives.
void heard(HazardList& list, const RunOf& one) {
  const Job& job = one.job();
  for (const Command* command : one.writers) {
    const std::string chain = chain_of_cancel(job.system, command->links, job.cleanup_waits_for_tool);
    if (command->limit_kills)
      list.add(26, one.job_number, Severity::by_fault,
               "`timeout -k` sends a signal, and soon after it kills: terraform has no time to save",
               {cut_cause(*command)});
    if (command->hears == Hears::twice) {
      list.add(26, one.job_number, Severity::by_fault, chain, {cut_cause(*command)});
    } else if (command->hears == Hears::nothing ||
               (command->hears == Hears::once_then_kill && job.system == System::azure) ||
               command->hears == Hears::nothing_unseen) {
      if (job.system >= System::atlantis) continue;  // decided on machines that no file is about
      list.add(6, one.job_number, Severity::by_fault, chain, {cut_cause(*command)});
    }
  }
}

void machines(HazardList& list, const RunOf& one) {
  const Job& job = one.job();
  if (!job.fragile_machine || one.lockers.empty()) return;
  list.add(
      9, one.job_number, Severity::by_fault,
      fmt::format(
          "{} runs on a machine that is not one of the service's own: when it is lost, the group is free, "
          "and its process may go on",
          job_words(job)),
      {{*job.fragile_machine, "the runner"}});
}

void fails_fast(HazardList& list, const RunOf& one, const RunOf& other) {
  const Job& job = one.job();
  if (!job.fails_fast || !job.legs || job.one_leg_at_a_time || one.job_number != other.job_number ||
      one.run->when != other.run->when || one.run->leg == other.run->leg ||
      one.run->order != other.run->order)
    return;
  const auto& a = one.writers;
  if (a.empty() || other.writers.empty()) return;
  list.add(14, one.job_number, Severity::by_fault,
           fmt::format("when the leg '{}' of {} fails, the apply of '{}' is cancelled", one.run->leg,
                       job_words(job), other.run->leg),
           {{*job.legs, job.system == System::jenkins ? "failFast" : "no `fail-fast: false`"},
            cut_cause(*a.front())});
}

void retried(HazardList& list, const RunOf& one) {
  for (const Command* command : one.writers) {
    if (!command->retried) continue;
    list.add(18, one.job_number, Severity::by_fault,
             fmt::format("{} applies again after any failure, a cut one among them", job_words(one.job())),
             {{*command->retried, "what repeats it"}, cut_cause(*command)});
  }
}

void credentials(HazardList& list, const RunOf& one) {
  const Job& job = one.job();
  if (!job.credentials || job.credentials->first >= std::chrono::hours(1) || one.writers.empty()) return;
  list.add(23, one.job_number, Severity::by_fault,
           fmt::format("the credentials of {} end after {} min", job_words(job),
                       job.credentials->first.count() / 60),
           {{job.credentials->second, "how long they are good"}});
}

}  // namespace

void find_cuts(HazardList& list) {
  const auto& runs = list.runs();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    cancelled_by_newer(list, runs[i]);
    limited(list, runs[i]);
    heard(list, runs[i]);
    machines(list, runs[i]);
    retried(list, runs[i]);
    credentials(list, runs[i]);
    for (std::size_t j = i + 1; j < runs.size() && runs[j].job_number == runs[i].job_number; ++j)
      fails_fast(list, runs[i], runs[j]);
  }
}

}  // namespace lockstorm::scenarios::pipeline
