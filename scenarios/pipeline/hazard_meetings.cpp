#include <fmt/format.h>

#include <algorithm>

#include "scenarios/pipeline/hazard_list.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

bool is_pull_request_system(System system) {
  return system == System::atlantis || system == System::digger || system == System::terrateam ||
         system == System::spacelift;
}

bool is_assumed_only(const JobRun& run) {
  return !run.serialisers.empty() && std::ranges::all_of(run.serialisers, &Serialiser::is_assumed);
}

bool same_workflow(const Job& a, const Job& b) { return a.file == b.file && a.workflow == b.workflow; }

Cause cause_of(const Command& command) {
  return {command.where, fmt::format("`{}`", command.written.empty() ? std::string(verb_name(command.verb))
                                                                     : command.written)};
}

const Serialiser* first_real(const JobRun& run) {
  const auto found = std::ranges::find_if(
      run.serialisers, [](const Serialiser& s) { return !s.is_assumed && !s.key.is_fresh; });
  return found == run.serialisers.end() ? nullptr : &*found;
}

// P01 and P02: a run of a job beside another of the same kind.
void beside_itself(HazardList& list, const RunOf& one) {
  const Job& job = one.job();
  // What is applied when a pull request is merged is no longer under its lock.
  if (is_pull_request_system(job.system) && (one.run->is_pull_request || job.system == System::spacelift))
    return;
  const auto& written = one.writers;
  if (written.empty() || !can_overlap(one, one)) return;
  const Command& first = *written.front();
  if (is_assumed_only(*one.run)) {
    const Serialiser& maybe = one.run->serialisers.front();
    Hazard& hazard =
        list.add(19, one.job_number, list.at_once(first, first),
                 fmt::format("whether two runs of {} exclude each other is decided outside of the repository",
                             job_words(job)),
                 {{maybe.where, maybe.written}});
    hazard.is_assumed = true;
    hazard.assumption = "with the check in the web interface one run at a time, without it two at once";
    return;
  }
  if (one.run->serialisers.empty()) {
    std::vector<Cause> causes{cause_of(first)};
    if (job.environment_where)
      causes.push_back({*job.environment_where, "an environment gives approvals, no exclusion"});
    Hazard& hazard = list.add_at_once(
        1, one.job_number, first, first,
        fmt::format("two runs of {} ({}) apply to one state at once", job_words(job), one.run->when),
        std::move(causes));
    if (one.run->event == "workflow_call") {
      hazard.is_assumed = true;
      hazard.assumption = "the callers, which are not in this repository, may hold a group";
    }
    return;
  }
  const Serialiser& fresh = one.run->serialisers.front();
  list.add_at_once(
      2, one.job_number, first, first,
      fmt::format("the key `{}` is another one in each run: two runs of {} are never in one group",
                  fresh.written, job_words(job)),
      {{fresh.where, fmt::format("group: {}", fresh.written)}, cause_of(first)});
}

// P03 and P17: two runs that change one state, of two kinds or of two jobs.
void two_writers(HazardList& list, const RunOf& a, const RunOf& b) {
  const Meeting meeting = meet(a.writers, b.writers);
  if (!meeting || !can_overlap(a, b)) return;
  // Stacks exclude their own runs only, whatever they are about.
  const bool has_stacks = a.job().system == System::spacelift;
  if ((is_pull_request_system(a.job().system) && !has_stacks) || a.job().system != b.job().system) return;
  const Serialiser* const one = first_real(*a.run);
  const Serialiser* const other = first_real(*b.run);
  if (one != nullptr && other != nullptr) {
    const bool is_finer = a.job_number == b.job_number || !one->finer.empty() || !other->finer.empty();
    const Serialiser& told = one->finer.empty() ? *other : *one;
    if (is_finer) {
      const std::string by =
          told.finer.empty() ? "the key" : fmt::format("{} in the key", told.finer.front());
      list.add_at_once(
          3, one->finer.empty() ? b.job_number : a.job_number, *meeting.a, *meeting.b,
          fmt::format(
              "{} differs where the state does not: '{}' and '{}' are in the groups `{}` and `{}`, and "
              "both write {}",
              by, a.run->when, b.run->when, one->key.text, other->key.text, meeting.a->state.text()),
          {{told.where, fmt::format("group: {}", told.written)}, cause_of(*meeting.a), cause_of(*meeting.b)});
      return;
    }
  }
  if (a.job_number == b.job_number || (one == nullptr && other == nullptr)) return;
  const RunOf& inside = one != nullptr ? a : b;
  const RunOf& outside = one != nullptr ? b : a;
  const Serialiser& group = one != nullptr ? *one : *other;
  list.add_at_once(
      17, outside.job_number, *meeting.a, *meeting.b,
      fmt::format("{} writes {}, too, and is not in the {} `{}` of {}", job_words(outside.job()),
                  meeting.a->state.text(), keeper_name(group.keeper), group.written, job_words(inside.job())),
      {cause_of(outside.run == a.run ? *meeting.a : *meeting.b),
       {group.where, "the group that it is not in"}});
}

// P17: what takes the lock and changes nothing, beside what changes the state.
void reader_beside_writer(HazardList& list, const RunOf& reader, const RunOf& writer) {
  if (is_pull_request_system(reader.job().system)) return;
  const auto& reads = reader.lockers;
  const auto& written = writer.writers;
  if (!reader.writers.empty() && meet(reader.writers, written)) return;
  const Meeting meeting = meet(reads, written);
  if (!meeting || !can_overlap(reader, writer) || meeting.a->position != Position::step) return;
  if (!list.may_refuse(meeting.a->state)) return;
  if (is_assumed_only(*reader.run) || is_assumed_only(*writer.run)) return;
  const bool ungrouped = first_real(*reader.run) == nullptr && first_real(*writer.run) == nullptr;
  if (same_workflow(reader.job(), writer.job()) && ungrouped) {
    // Both jobs of one push: that two pushes overlap is told already. What is started by hand later is of it.
    const std::string_view start = reader.run->when;
    const bool same_start = std::ranges::any_of(writer.job().runs, [&](const JobRun& run) {
      return run.event == reader.run->event && run.when.starts_with(start) &&
             std::ranges::any_of(run.commands, [&](const Command& command) {
               return writes(command.verb) && command.state == meeting.a->state;
             });
    });
    if (same_start) return;
  }
  std::vector<Cause> causes{cause_of(*meeting.a)};
  if (const Serialiser* group = first_real(*writer.run))
    causes.push_back({group->where, "the group that it is not in"});
  else
    causes.push_back(cause_of(*meeting.b));
  list.add(17, reader.job_number, Severity::refused,
           fmt::format("{} ({}) takes the lock of {} beside {} ({})", job_words(reader.job()),
                       reader.run->when, meeting.a->state.text(), job_words(writer.job()), writer.run->when),
           std::move(causes));
}

// P04: of those that wait for the group of an apply only the newest is kept.
void replaced(HazardList& list, const RunOf& one) {
  if (one.writers.empty()) return;
  for (const Serialiser& group : one.run->serialisers) {
    if (group.key.is_fresh || (group.waiting != Waiting::last && group.waiting != Waiting::last_of_branch))
      continue;
    const RunOf* by = nullptr;
    for (const std::size_t number : list.sharing(group)) {
      const RunOf& other = list.runs()[number];
      const bool in_group = std::ranges::any_of(
          other.run->serialisers, [&](const Serialiser& s) { return exclude_each_other(s, group); });
      if (!in_group) continue;
      const bool does_less = !meet(other.writers, one.writers);
      if (does_less || (other.run->when != one.run->when && by == nullptr)) by = &other;
      if (does_less) break;
    }
    Severity severity = group.is_assumed ? Severity::refused : Severity::note;
    std::string why =
        fmt::format("of several runs of {} that wait only the newest is kept", job_words(one.job()));
    if (by != nullptr) {
      severity = Severity::refused;
      why = fmt::format("while {} ({}) waits, '{}' of {} takes its place: the change is not applied",
                        job_words(one.job()), one.run->when, by->run->when, job_words(by->job()));
    }
    if (group.written.empty()) why += "; nothing is said, which means runLatest";
    list.add(4, one.job_number, severity, std::move(why),
             {{group.waiting_where, group.keeper == Keeper::concurrency_group
                                        ? "no `queue: max`: at most one waits"
                                        : "only the newest waits"}});
  }
}

// P11: an apply that meets somebody and does not wait for the lock.
void refused(HazardList& list, const RunOf& one, const RunOf& other) {
  if (is_pull_request_system(one.job().system)) return;
  if (one.job().system != other.job().system) return;
  std::vector<const Command*> impatient;
  for (const Command* command : one.writers) {
    const auto limit = std::chrono::duration_cast<std::chrono::seconds>(one.job().limit.length);
    const bool waits = command->lock_timeout && (limit.count() == 0 || *command->lock_timeout < limit);
    if (command->locks && !waits && list.may_refuse(command->state)) impatient.push_back(command);
  }
  const Meeting meeting = meet(impatient, other.lockers);
  if (!meeting || meeting.b->position == Position::cleanup || !can_overlap(one, other)) return;
  list.add(11, one.job_number, Severity::refused,
           meeting.a->lock_timeout
               ? fmt::format("{} waits for the lock as long as the job may take", job_words(one.job()))
               : fmt::format("{} fails at once where {} ({}) holds the lock", job_words(one.job()),
                             job_words(other.job()), other.run->when),
           {cause_of(*meeting.a)});
}

// P15: legs of one run at one state.
void legs(HazardList& list, const RunOf& one, const RunOf& other) {
  const Job& job = one.job();
  if (one.job_number != other.job_number || one.run->when != other.run->when ||
      one.run->leg == other.run->leg || job.one_leg_at_a_time || !job.legs ||
      one.run->order != other.run->order)
    return;
  const Meeting meeting = meet(one.writers, other.writers);
  if (!meeting) return;
  for (const Serialiser& a : one.run->serialisers)
    for (const Serialiser& b : other.run->serialisers)
      if (a.is_of_job && b.is_of_job && a.keeper == b.keeper && lower(a.key.text) == lower(b.key.text))
        return;
  list.add_at_once(15, one.job_number, *meeting.a, *meeting.b,
                   fmt::format("the legs '{}' and '{}' of {} write {} at once", one.run->leg, other.run->leg,
                               job_words(job), meeting.a->state.text()),
                   {{*job.legs, job.system == System::jenkins ? "what makes the legs" : "the matrix"},
                    cause_of(*meeting.a)});
}

// P19, of the order only: the group is in the file, and how it lets them in is not.
void order_elsewhere(HazardList& list, const RunOf& one) {
  if (one.writers.empty()) return;
  for (const Serialiser& group : one.run->serialisers) {
    if (group.waiting != Waiting::any_order || list.has(19, one.job_number)) continue;
    Hazard& hazard =
        list.add(19, one.job_number, Severity::note,
                 fmt::format("in which order runs of {} get the {} is set outside of the repository",
                             job_words(one.job()), keeper_name(group.keeper)),
                 {{group.where, fmt::format("group: {}", group.written)}});
    hazard.standing = Standing::residual;
    hazard.is_assumed = true;
    hazard.assumption =
        "unordered, which is the default; with newest_first older ones come last or not at all";
  }
}

// How many units each of the two works on at a time.
std::string how_many_at_once(const Command& command) {
  if (!command.units_at_once || *command.units_at_once == 0) return {};
  return *command.units_at_once == 1 ? ", one unit after the other"
                                     : fmt::format(", {} units at a time", *command.units_at_once);
}

// P16: two runs over one tree of units.
void trees(HazardList& list, const RunOf& one) {
  if (!can_overlap(one, one)) return;
  for (const Command* command : one.writers) {
    if (!command->state.is_many) continue;
    list.add(16, one.job_number, Severity::note,
             fmt::format("two runs of {} go over the units below {} at once, each in its own order{}",
                         job_words(one.job()), command->state.directory, how_many_at_once(*command)),
             {cause_of(*command)});
  }
}

// P22: two systems, of which neither sees the locks of the other.
void two_systems(HazardList& list, const RunOf& one, const RunOf& other) {
  if (one.job().system == other.job().system) return;
  Meeting meeting = meet(one.writers, other.writers);
  if (!meeting) {
    // Keys and workspaces are named by one of the two only: the directory is what they share.
    for (const Command* a : one.writers)
      for (const Command* b : other.writers)
        if (a->state.directory == b->state.directory && a->state.key.empty() != b->state.key.empty())
          meeting = {a, b};
  }
  if (!meeting) return;
  list.add_at_once(
      22, one.job_number, *meeting.a, *meeting.b,
      fmt::format("{} and {} both apply {}, and neither knows the locks of the other",
                  system_name(one.job().system), system_name(other.job().system), meeting.a->state.text()),
      {cause_of(*meeting.a), cause_of(*meeting.b)});
}

}  // namespace

void find_meetings(HazardList& list) {
  const auto& runs = list.runs();
  for (const RunOf& run : runs) beside_itself(list, run);
  for (const auto& [directory, numbers] : list.at_state()) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const RunOf& one = runs[numbers[i]];
      refused(list, one, one);
      for (std::size_t j = i + 1; j < numbers.size(); ++j) {
        const RunOf& other = runs[numbers[j]];
        two_writers(list, one, other);
        legs(list, one, other);
        two_systems(list, one, other);
        reader_beside_writer(list, one, other);
        reader_beside_writer(list, other, one);
        refused(list, one, other);
        refused(list, other, one);
      }
    }
  }
  for (const RunOf& run : runs) {
    replaced(list, run);
    trees(list, run);
    order_elsewhere(list, run);
  }
}

}  // namespace lockstorm::scenarios::pipeline
