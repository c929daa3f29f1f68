#include "scenarios/pipeline/job_worlds.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "scenarios/campaigns/troubles.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/files/world_name.hpp"
#include "scenarios/pipeline/hazard_list.hpp"
#include "scenarios/pipeline/state_directories.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

constexpr std::size_t kMostKinds = 16;   // of jobs at one state
constexpr std::size_t kMostWorlds = 40;  // of all states

// A run at a state, and the fleet that it is there.
struct AtState {
  const RunOf* run = nullptr;
  JobFleet fleet;
  std::vector<const Command*> unlockers;
};

std::string kind_of(const AtState& one, const AnyBackend& backend) {
  return fmt::format("{}|{}|{}", canonical_text(Fleet{one.fleet.client, backend}),
                     fmt::join(one.fleet.cuts, ","), one.fleet.changes_state);
}

// Whose lock it removes, as far as the files say.
models::UnlockTarget target_of(const Command& unlock) {
  switch (unlock.id) {
    case IdFrom::own_job:
      return models::UnlockTarget::dead;
    case IdFrom::typed:
      return models::UnlockTarget::unresponsive;
    case IdFrom::error_text:
    case IdFrom::object:
    case IdFrom::nowhere:
      break;
  }
  return models::UnlockTarget::any;
}

// What it and an apply make of the infrastructure hangs on which of them comes first, also where nothing else
// happens meanwhile: that is no matter of whether they meet.
bool reshapes_state(const JobFleet& job) {
  return std::ranges::any_of(job.client.commands, [](models::Command command) {
    return command == models::Command::import || command == models::Command::state_rm ||
           command == models::Command::state_mv || command == models::Command::state_push;
  });
}

class WorldsOfPipeline {
 public:
  WorldsOfPipeline(const Pipeline& pipeline, const Inventory& inventory)
      : pipeline_(pipeline), inventory_(inventory), runs_(distinct_runs(pipeline)) {}

  JobWorlds find() {
    for (std::size_t i = 0; i < inventory_.set_ups.size(); ++i) {
      const SetUp& set_up = inventory_.set_ups[i];
      if (set_up.plan.configurations.empty()) continue;
      for (std::size_t state = 0; state < set_up.states.size(); ++state) add_state(i, state);
    }
    return std::move(found_);
  }

 private:
  void add_state(std::size_t set_up, std::size_t state) {
    const SetUp& here = inventory_.set_ups[set_up];
    const StateDirectory directory(pipeline_, here.states[state].directory);
    ClientSettings settings;
    settings.tool = here.plan.tool;
    settings.runner = here.plan.options.runner;
    std::vector<AtState> all;
    std::vector<const RunOf*> unlock_runs;
    for (const RunOf& run : runs_) {
      std::vector<const Command*> commands;
      for (const Command& command : run.run->commands)
        if (directory.may_be_of(command)) commands.push_back(&command);
      if (std::ranges::any_of(run.unlockers, [&](const Command* c) { return directory.may_have(*c); }))
        unlock_runs.push_back(&run);
      if (auto fleet = fleet_of(run, commands, settings)) all.push_back({&run, *std::move(fleet), {}});
    }
    keep_one_of_each_kind(all, here.plan.backend);
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t k = i; k < all.size(); ++k)
        add_pair(set_up, state, all[i], all[k], directory, unlock_runs);
  }

  // Runs of one job that were started in another way may be in another group, so that all of them count; of
  // those that are in the same groups one is enough.
  static void keep_one_of_each_kind(std::vector<AtState>& all, const AnyBackend& backend) {
    std::set<std::string> seen;
    std::erase_if(all, [&](const AtState& one) {
      std::string key = fmt::format("{}|{}", one.fleet.job, kind_of(one, backend));
      for (const Serialiser& held : one.run->run->serialisers) key += "|" + held.key.text;
      return !seen.insert(key).second;
    });
    if (all.size() > kMostKinds) all.resize(kMostKinds);
  }

  void add_pair(std::size_t set_up, std::size_t state, const AtState& a, const AtState& b,
                const StateDirectory& directory, const std::vector<const RunOf*>& unlock_runs) {
    if (!a.fleet.changes_state && !b.fleet.changes_state) return;
    if (!can_overlap(*a.run, *b.run)) return;
    // Legs of one run are not runs of one job: where they meet, two runs do as well.
    const AuditPlan& plan = inventory_.set_ups[set_up].plan;
    JobMeeting meeting{{a.fleet, b.fleet}, unlock_beside(a, b, directory, unlock_runs), {}, state};
    const bool are_alike = kind_of(a, plan.backend) == kind_of(b, plan.backend);
    const bool is_plain_pair = are_alike && is_plain(a.fleet.client);
    if (is_plain_pair && (!meeting.unlock || meeting.unlock->target != models::UnlockTarget::any)) return;
    if (kind_of(b, plan.backend) < kind_of(a, plan.backend)) std::swap(meeting.jobs[0], meeting.jobs[1]);
    meeting.causes = causes_of(a, b, meeting);
    put(set_up, std::move(meeting), plan);
  }

  [[nodiscard]] std::optional<JobUnlock> unlock_beside(const AtState& a, const AtState& b,
                                                       const StateDirectory& directory,
                                                       const std::vector<const RunOf*>& unlock_runs) const {
    std::optional<JobUnlock> worst;
    for (const RunOf* run : unlock_runs) {
      const bool is_own = run->job_number == a.fleet.job || run->job_number == b.fleet.job;
      if (!is_own && (!can_overlap(*run, *a.run) || !can_overlap(*run, *b.run))) continue;
      for (const Command* unlock : run->unlockers) {
        if (!directory.may_have(*unlock)) continue;
        if (unlock->id == IdFrom::own_job && run->job().cleanup_waits_for_tool) continue;
        const models::UnlockTarget target = target_of(*unlock);
        if (!worst || worst->target < target)
          worst = JobUnlock{run->job_number, unlock->where, unlock->written, target};
      }
    }
    return worst;
  }

  [[nodiscard]] std::vector<Cause> causes_of(const AtState& a, const AtState& b,
                                             const JobMeeting& meeting) const {
    std::vector<Cause> causes;
    const auto add_job = [&](const AtState& one) {
      const Job& job = one.run->job();
      causes.push_back(
          {one.fleet.where, fmt::format("{} ({}): `{}`", job_words(job), one.fleet.when, one.fleet.written)});
      for (const Command& command : one.run->run->commands)
        if (command.lock_off && *command.lock_off != command.where)
          causes.push_back({*command.lock_off, "the lock is switched off here"});
      for (const Serialiser& held : one.run->run->serialisers)
        causes.push_back(
            {held.where, fmt::format("{} `{}`, in which the other is not{}", keeper_name(held.keeper),
                                     held.written, held.is_assumed ? ", as far as the files say" : "")});
    };
    add_job(a);
    if (a.run != b.run) add_job(b);
    if (meeting.unlock)
      causes.push_back(
          {meeting.unlock->where,
           fmt::format("{}: `{}`", job_words(pipeline_.jobs[meeting.unlock->job]), meeting.unlock->written)});
    return causes;
  }

  void put(std::size_t set_up, JobMeeting meeting, const AuditPlan& plan) {
    Scenario first;
    first.backend = plan.backend;
    for (const JobFleet& job : meeting.jobs) first.fleets.push_back({job.client, plan.backend});
    std::string key = fmt::format("{}|{}", set_up, world_name(first));
    for (const JobFleet& job : meeting.jobs) key += fmt::format("|{}", fmt::join(job.cuts, ","));
    if (meeting.unlock) key += fmt::format("|{}", static_cast<int>(meeting.unlock->target));
    const auto [known, is_new] = numbers_.try_emplace(std::move(key), found_.worlds.size());
    if (is_new) {
      JobWorld world{set_up, {}, scenarios_of(meeting, first, plan)};
      const bool has_room = !world.scenarios.empty() && found_.worlds.size() < kMostWorlds;
      if (!has_room) {
        known->second = kLeftOut;
        if (!world.scenarios.empty()) ++found_.left_out;
        return;
      }
      found_.worlds.push_back(std::move(world));
    }
    if (known->second != kLeftOut) found_.worlds[known->second].meetings.push_back(std::move(meeting));
  }

  // What may befall the two: nothing, each one's cuts, what removes the lock.
  static std::vector<Scenario> scenarios_of(const JobMeeting& meeting, const Scenario& first,
                                            const AuditPlan& plan) {
    std::set<std::uint8_t> numbers{0, 1};
    for (const JobFleet& job : meeting.jobs) numbers.insert(job.cuts.begin(), job.cuts.end());
    if (meeting.unlock) {
      if (meeting.unlock->target == models::UnlockTarget::any) numbers.insert(kUnlockOfRunning);
      if (meeting.unlock->target == models::UnlockTarget::unresponsive) numbers.insert(22);
      if (numbers.contains(2)) numbers.insert(20);
      if (numbers.contains(4)) numbers.insert(26);
    }
    std::vector<Scenario> scenarios;
    const Adversities expected = plan.options.faults & plan.backend->possible_adversities();
    for (const std::uint8_t number : numbers) {
      const Trouble& trouble = *trouble_numbered(number);
      if ((trouble.needs() & ~expected) != 0) continue;
      Scenario scenario = first;
      for (std::size_t i = 0; i < 2; ++i)
        scenario.fleets[i].client.spared = is_spared(meeting.jobs[i], trouble);
      scenario.client = scenario.fleets.front().client;
      add_trouble(scenario, trouble);
      scenario.client = scenario.fleets.front().client;  // a third job is none of these two
      if (std::ranges::any_of(meeting.jobs, reshapes_state))
        scenario.check =
            checkers::PropertySet::of_backends() - checkers::PropertySet{checkers::Property::no_drift};
      scenario.name = world_name(scenario);
      if (objection_to(scenario)) continue;
      scenarios.push_back(std::move(scenario));
    }
    std::ranges::stable_sort(scenarios, std::ranges::less{},
                             [](const Scenario& scenario) { return trouble_of(scenario).adverse_events(); });
    return scenarios;
  }

  // A cut is that of the job whose chain of commands lets it happen.
  static bool is_spared(const JobFleet& job, const Trouble& trouble) {
    if (trouble.faults.total() == 0) return false;
    const std::uint8_t cut = trouble.force_unlock ? without_unlock(trouble.number) : trouble.number;
    return cut != 0 && std::ranges::find(job.cuts, cut) == job.cuts.end();
  }
  static std::uint8_t without_unlock(std::uint8_t number) {
    return number == 20 ? std::uint8_t{2} : number == 26 ? std::uint8_t{4} : std::uint8_t{0};
  }

  static constexpr std::size_t kLeftOut = ~std::size_t{0};

  const Pipeline& pipeline_;
  const Inventory& inventory_;
  std::vector<RunOf> runs_;
  JobWorlds found_;
  std::map<std::string, std::size_t> numbers_;
};

}  // namespace

bool JobWorld::involves(std::size_t job) const {
  return std::ranges::any_of(meetings, [&](const JobMeeting& meeting) {
    return meeting.jobs[0].job == job || meeting.jobs[1].job == job ||
           (meeting.unlock && meeting.unlock->job == job);
  });
}

bool JobWorld::are_writers() const {
  return std::ranges::all_of(meetings, [](const JobMeeting& meeting) {
    return meeting.jobs[0].changes_state && meeting.jobs[1].changes_state;
  });
}

JobWorlds job_worlds(const Pipeline& pipeline, const Inventory& inventory) {
  return WorldsOfPipeline(pipeline, inventory).find();
}

}  // namespace lockstorm::scenarios::pipeline
