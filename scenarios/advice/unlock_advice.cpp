#include "scenarios/advice/unlock_advice.hpp"

#include <algorithm>
#include <array>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/files/world_name.hpp"
#include "scenarios/world/endings.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using checkers::PropertySet;
using models::UnlockTarget;
using sim::Fault;

// What a removed lock may do to others, the gravest first. That a lock is left, or a job refused, is what
// the removal is to end.
constexpr std::array kDamage{Property::no_lost_update, Property::state_integrity, Property::mutual_exclusion,
                             Property::exclusive_effects, Property::own_lock_only};

Scenario named_world(Scenario scenario) {
  scenario.client = scenario.fleets.empty() ? scenario.client : scenario.fleets.front().client;
  scenario.name = world_name(scenario);
  return scenario;
}

class UnlockPlanner {
 public:
  explicit UnlockPlanner(const UnlockQuestion& question) : question_(question) {}

  std::expected<UnlockPlan, std::string> plan() {
    if (!question_.backend->traits().has_lock) return std::unexpected("jobs take no lock with this block");
    if (!question_.backend->traits().runs_commands)
      return std::unexpected("jobs of this backend have worlds of their own kind");
    switch (question_.job) {
      case JobState::alive:
        add_now({}, UnlockTarget::any);
        break;
      case JobState::unknown:
        add_now({Fault::pause}, UnlockTarget::unresponsive);
        break;
      case JobState::dead:
        add_now({Fault::crash}, UnlockTarget::dead);
        add_now({Fault::crash, Fault::late_request}, UnlockTarget::dead);
        break;
    }
    if (const auto why = add_later()) return std::unexpected(*why);
    if (plan_.now.empty()) return std::unexpected("what is said of the job cannot be with this backend");
    return std::move(plan_);
  }

 private:
  [[nodiscard]] ClientSettings job(models::Command command, std::uint16_t count) const {
    ClientSettings client;
    client.tool = question_.tool;
    client.count = count;
    client.runner = question_.runner;
    client.commands = {command};
    return client;
  }

  // The holder, to whom it happens, and a newcomer, who shall suffer nothing but from the removal.
  void add_now(std::initializer_list<Fault> faults, UnlockTarget target) {
    Scenario world;
    world.backend = question_.backend;
    Fleet newcomer{job(models::Command::apply, 1), question_.backend};
    newcomer.client.spared = true;
    world.fleets = {{job(question_.holder, 1), question_.backend}, newcomer};
    for (const Fault fault : faults) ++world.faults[fault];
    if ((adversities_of(world) & ~question_.backend->possible_adversities()) != 0) return;
    UnlockWorld pair{named_world(world), named_world(world)};
    pair.with.force_unlock = {1, target};
    pair.with = named_world(pair.with);
    if (!objection_to(pair.with)) plan_.now.push_back(std::move(pair));
  }

  // Nothing: all of them were found.
  std::optional<std::string> add_later() {
    Scenario dying;
    dying.backend = question_.backend;
    dying.client = job(question_.holder, 1);
    dying.faults[Fault::crash] = 1;
    if ((adversities_of(dying) & ~question_.backend->possible_adversities()) != 0) return std::nullopt;
    dying.name = world_name(dying);
    const auto endings = endings_of(dying, true);
    if (!endings) return endings.error();
    plan_.left.endings = endings->size();
    for (const WorldEnding& ending : *endings) {
      if (ending.found.readable == models::GetStatus::failed) ++plan_.left.unreadable;
      if (!ending.locked && !ending.found.lock_shown && !ending.found.blocked) continue;
      ++plan_.left.locked;
      if (!ending.found.lock_shown || !ending.found.lock_cleared || ending.found.blocked) {
        ++plan_.left.without_id;
        continue;
      }
      Scenario world;
      world.backend = question_.backend;
      world.client = job(models::Command::apply, 2);
      world.force_unlock = {1, UnlockTarget::dead};
      world.begins = std::make_shared<const Beginning>(ending.left);
      plan_.later.push_back(named_world(std::move(world)));
    }
    return std::nullopt;
  }

  const UnlockQuestion& question_;
  UnlockPlan plan_;
};

struct Seen {
  PropertySet violated;
  bool is_complete = true;
};

Seen seen_in(const VerifyResult& result) {
  Seen seen;
  for (const Property property : kDamage) {
    const auto verdict = result.properties.find(property);
    if (verdict == result.properties.end()) continue;
    if (verdict->second == Verdict::violated) seen.violated.insert(property);
    if (verdict->second == Verdict::unknown || verdict->second == Verdict::nondeterministic)
      seen.is_complete = false;
  }
  return seen;
}

// A world in which the operator finds nothing to remove says nothing of the removal.
bool removes_a_lock(const VerifyResult& result) {
  return std::ranges::any_of(result.reached,
                             [](const CommandReached& one) { return !one.command && one.succeeds(); });
}

}  // namespace

std::expected<UnlockPlan, std::string> plan_unlock(const UnlockQuestion& question) {
  return UnlockPlanner(question).plan();
}

std::vector<Scenario> unlock_scenarios(const UnlockPlan& plan) {
  std::vector<Scenario> all;
  for (const UnlockWorld& pair : plan.now) {
    all.push_back(pair.with);
    all.push_back(pair.without);
  }
  all.insert(all.end(), plan.later.begin(), plan.later.end());
  return all;
}

UnlockJudgement judge_unlock(const UnlockPlan& plan, const UnlockQuestion& question,
                             std::span<const VerifyResult> results) {
  UnlockJudgement judgement;
  bool is_complete = true;
  bool is_removed = true;
  std::vector<PropertySet> damage_of;
  for (std::size_t i = 0; i < plan.now.size(); ++i) {
    const Seen with = seen_in(results[2 * i]);
    const Seen without = seen_in(results[2 * i + 1]);
    damage_of.push_back(with.violated - without.violated);
    judgement.damage |= damage_of.back();
    is_complete = is_complete && with.is_complete && without.is_complete;
    is_removed = is_removed && removes_a_lock(results[2 * i]);
  }
  // What is broken from the beginning is not broken by the removal.
  for (std::size_t i = 0; i < plan.later.size(); ++i) {
    const VerifyResult& result = results[2 * plan.now.size() + i];
    const Seen seen = seen_in(result);
    PropertySet damage = seen.violated;
    const bool was_unreadable = std::ranges::none_of(
        result.reached, [](const CommandReached& one) { return one.command && one.succeeds(); });
    if (was_unreadable) damage.erase(Property::state_integrity);
    judgement.damage_later |= damage;
    is_complete = is_complete && seen.is_complete;
    is_removed = is_removed && removes_a_lock(result);
  }
  judgement.ends_by_itself = question.job == JobState::dead
                                 ? plan.left.endings > 0 && plan.left.locked == 0
                                 : !is_removed && question.backend->traits().lock_ends_by_itself;
  for (const Property property : kDamage) {
    for (std::size_t i = 0; i < damage_of.size() && !judgement.shown; ++i) {
      if (!damage_of[i].contains(property)) continue;
      judgement.shown = 2 * i;
      judgement.property = property;
    }
  }
  if (judgement.damage.empty() && judgement.damage_later.empty()) {
    judgement.risk = is_complete && is_removed ? UnlockRisk::none : UnlockRisk::unknown;
    if (!is_complete) judgement.why_unknown = "some world is too large to exhaust";
    if (!is_removed) judgement.why_unknown = "there is a world in which nobody could remove the lock";
  } else if (question.job == JobState::dead && judgement.damage_later.empty() && is_complete && is_removed) {
    judgement.risk = UnlockRisk::late_only;
  } else {
    judgement.risk = UnlockRisk::damage;
  }
  return judgement;
}

UnlockDecision decide_unlock(const UnlockJudgement& judgement, const RequestBound& bound,
                             std::optional<std::chrono::seconds> since_end) {
  if (judgement.ends_by_itself) return {UnlockVerdict::nothing_to_do, {}};
  switch (judgement.risk) {
    case UnlockRisk::none:
      return {UnlockVerdict::safe, {}};
    case UnlockRisk::late_only: {
      const auto left = bound.time - since_end.value_or(std::chrono::seconds(0));
      if (left.count() <= 0) return {UnlockVerdict::safe, {}};
      return {UnlockVerdict::wait, left};
    }
    case UnlockRisk::damage:
      return {UnlockVerdict::dangerous, {}};
    case UnlockRisk::unknown:
      break;
  }
  return {UnlockVerdict::unknown, {}};
}

}  // namespace lockstorm::scenarios
