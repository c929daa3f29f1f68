// What the worlds of a plan say about each crossing, and so about each order.
#include <algorithm>

#include "scenarios/campaigns/matrix.hpp"
#include "scenarios/campaigns/roll_out.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using checkers::PropertySet;

struct Found {
  PropertySet violated;
  PropertySet violated_when_killed;
  bool is_complete = true;
};

Found found_in(std::span<const VerifyResult> results) {
  Found found;
  for (const VerifyResult& result : results) {
    const bool is_calm = adverse_events(result.scenario) == 0;
    for (const auto& [property, verdict] : result.properties) {
      if (verdict == Verdict::violated)
        (is_calm ? found.violated : found.violated_when_killed).insert(property);
      if (verdict != Verdict::violated && result.answer(property) != Verdict::held) found.is_complete = false;
    }
  }
  return found;
}

// What a lock protects from, jobs without one do at all times.
PropertySet given_up_by(const RollOutBlock& block) {
  return block.backend->traits().has_lock ? PropertySet{}
                                          : PropertySet{Property::exclusive_effects, Property::own_lock_only};
}

Safety safety_of(const JudgedCrossing& crossing, bool is_complete) {
  if (!crossing.opens.empty() || !crossing.opens_when_killed.empty()) return Safety::unsafe;
  if (!is_complete) return Safety::unknown;
  return crossing.violated.empty() ? Safety::safe : Safety::no_worse;
}

}  // namespace

JudgedRollOut judge_roll_out(const RollOutPlan& plan, std::span<const VerifyResult> results) {
  std::size_t next = 0;
  const auto take = [&](std::size_t count) {
    const auto some = results.subspan(next, count);
    next += count;
    return some;
  };
  std::vector<Found> at_rest;
  for (const RollOutBlock& block : plan.blocks) {
    at_rest.push_back(found_in(take(block.at_rest.size())));
    at_rest.back().violated |= given_up_by(block);
  }
  JudgedRollOut judged;
  for (const Crossing& crossing : plan.crossings) {
    JudgedCrossing one;
    one.results = take(crossing.worlds.size());
    Found found = found_in(one.results);
    // What A and B have by themselves is theirs; what a block between them has, comes with the order.
    Found known = at_rest[0];
    for (const std::size_t block : {crossing.from, crossing.to}) {
      Found& whose = block < 2 ? known : found;
      whose.violated |= at_rest[block].violated;
      whose.violated_when_killed |= at_rest[block].violated_when_killed;
    }
    one.violated = found_in(one.results).violated;
    one.opens = found.violated - known.violated;
    one.opens_when_killed = found.violated_when_killed - known.violated_when_killed - found.violated;
    one.safety = safety_of(one, found.is_complete && !crossing.worlds.empty());
    judged.crossings.push_back(one);
  }
  for (const RollOutOrder& order : plan.orders) {
    Safety worst = Safety::safe;
    for (const std::size_t number : order.crossings) worst = std::max(worst, judged.crossings[number].safety);
    if (worst <= Safety::no_worse && (!judged.best || worst < judged.orders[*judged.best]))
      judged.best = judged.orders.size();
    judged.orders.push_back(worst);
  }
  return judged;
}

}  // namespace lockstorm::scenarios
