#include "scenarios/pipeline/hazards.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/pipeline/hazard_list.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

// Where the job has one of `outer`, `number` is told with the first of them.
void include_in(HazardList& list, unsigned number, std::initializer_list<unsigned> outer) {
  for (Hazard& hazard : list.all()) {
    if (hazard.number != number || hazard.standing != Standing::reported) continue;
    for (const unsigned by : outer) {
      const Hazard* const found = list.find(by, hazard.job);
      if (found == nullptr || found->standing == Standing::residual || found->severity < Severity::refused)
        continue;
      hazard.standing = Standing::part_of_another;
      hazard.part_of = by;
      break;
    }
  }
}

// A hazard that takes the lock away, or works without it, has in it whatever a cut or a refusal would come
// to.
void set_standings(HazardList& list) {
  include_in(list, 1, {19, 15});
  include_in(list, 4, {5, 2, 3});
  include_in(list, 11, {7, 19, 15});
  for (Hazard& hazard : list.all()) {
    if (hazard.number == 13 && hazard.severity == Severity::damage) include_in(list, 6, {13});
  }
  include_in(list, 6, {7, 8});
  // A cancel is a rare thing where nothing brings it about, and nobody is there to meet what lives on.
  for (Hazard& hazard : list.all()) {
    if (hazard.number != 6 || hazard.standing != Standing::reported) continue;
    bool matters = false;
    for (const unsigned by : {1U, 2U, 3U, 5U, 9U, 10U, 14U, 15U, 18U, 19U, 20U})
      matters = matters || list.has(by, hazard.job);
    if (!matters) hazard.standing = Standing::residual;
  }
  // Jenkins signals twice whatever the file says: it matters where the file brings aborts about.
  for (Hazard& hazard : list.all()) {
    if (hazard.number != 26 || list.pipeline().jobs[hazard.job].system != System::jenkins) continue;
    if (!list.has(5, hazard.job) && !list.has(10, hazard.job)) hazard.standing = Standing::residual;
  }
}

}  // namespace

Hazard& HazardList::add(unsigned number, std::size_t job, Severity severity, std::string why,
                        std::vector<Cause> causes) {
  Hazard* known = find(number, job);
  if (known == nullptr) {
    Hazard made;
    made.number = number;
    made.job = job;
    made.severity = severity;
    made.why = std::move(why);
    hazards_.push_back(std::move(made));
    known = &hazards_.back();
  } else if (severity > known->severity) {
    known->severity = severity;
    known->why = std::move(why);
    known->standing = Standing::reported;
    known->is_assumed = false;
  }
  constexpr std::size_t kMostCauses = 8;
  for (Cause& cause : causes) {
    const bool is_known = std::ranges::any_of(known->causes, [&](const Cause& other) {
      return other.where == cause.where && other.what == cause.what;
    });
    if (!is_known && known->causes.size() < kMostCauses) known->causes.push_back(std::move(cause));
  }
  return *known;
}

HazardList::Numbers HazardList::by_state(const std::vector<RunOf>& runs) {
  Numbers numbers;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    for (const Command& command : runs[i].run->commands) {
      // Directories, not whole places: two systems name the rest of a place each in its own way.
      auto& known = numbers[command.state.directory];
      if (known.empty() || known.back() != i) known.push_back(i);
    }
  }
  return numbers;
}

HazardList::Numbers HazardList::by_group(const std::vector<RunOf>& runs) {
  Numbers numbers;
  for (std::size_t i = 0; i < runs.size(); ++i)
    for (const Serialiser& held : runs[i].run->serialisers) numbers[lower(held.key.text)].push_back(i);
  return numbers;
}

std::span<const std::size_t> HazardList::sharing(const Serialiser& held) const {
  const auto found = in_group_.find(lower(held.key.text));
  return found == in_group_.end() ? std::span<const std::size_t>{} : std::span(found->second);
}

bool HazardList::has(unsigned number, std::size_t job) const {
  return std::ranges::any_of(hazards_, [&](const Hazard& h) { return h.number == number && h.job == job; });
}

Hazard* HazardList::find(unsigned number, std::size_t job) {
  const auto found =
      std::ranges::find_if(hazards_, [&](const Hazard& h) { return h.number == number && h.job == job; });
  return found == hazards_.end() ? nullptr : &*found;
}

Severity HazardList::at_once(const Command& a, const Command& b) const {
  if (a.lock_off || b.lock_off) return Severity::damage;
  return facts(a.state).lock == StateLock::none ? Severity::damage : Severity::refused;
}

Hazard& HazardList::add_at_once(unsigned number, std::size_t job, const Command& a, const Command& b,
                                std::string why, std::vector<Cause> causes) {
  const StateFacts known = facts(a.state);
  if (a.lock_off || b.lock_off) {
    // Whatever the backend would do, it is not asked.
  } else if (known.lock == StateLock::none) {
    why += fmt::format("; with {} no lock is between them: both write", known.backend);
  } else if (known.lock == StateLock::locks) {
    why += fmt::format("; with {} the second is refused, or waits", known.backend);
  }
  Hazard& hazard = add(number, job, at_once(a, b), std::move(why), std::move(causes));
  const bool is_open = facts_ && known.lock == StateLock::unknown && !a.lock_off && !b.lock_off;
  if (is_open && !hazard.is_assumed && hazard.severity < Severity::damage) {
    hazard.is_assumed = true;
    hazard.assumption = fmt::format(
        "the state of {} has a lock, by which the second is refused, or waits; if it has none, both write, "
        "which is damage ({})",
        a.state.text(), known.why_unknown);
  }
  return hazard;
}

std::string job_words(const Job& job) { return fmt::format("'{}' of {}", job.name, job.workflow); }

std::vector<Hazard> find_hazards(const Pipeline& pipeline, const StateFactsOf& facts) {
  HazardList list(pipeline, facts);
  find_meetings(list);
  find_cuts(list);
  find_unlocks(list);
  find_in_jobs(list);
  set_standings(list);
  std::vector<Hazard> hazards = list.take();
  std::ranges::stable_sort(hazards, [](const Hazard& a, const Hazard& b) {
    const auto rank = [](const Hazard& h) {
      return std::tuple(h.standing, -static_cast<int>(h.severity), h.job, h.number);
    };
    return rank(a) < rank(b);
  });
  return hazards;
}

}  // namespace lockstorm::scenarios::pipeline
