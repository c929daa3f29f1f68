#include "scenarios/search/decisive.hpp"

#include <vector>

#include "checkers/property_set.hpp"
#include "scenarios/story/counterexample.hpp"
#include "sim/explore/packed_steps.hpp"

namespace lockstorm::scenarios {
namespace {

// Whether some run from `start` ends without violating the property. Exact unless it visits more than
// `max_states`.
enum class Avoidable : std::uint8_t { yes, no, unknown };

template <int W>
Avoidable avoidable(sim::PackedWorld<W>& packed, sim::EndCheck& end_check, sim::ValuePool& values,
                    const sim::Key<W>& start, sim::Violations property, std::size_t max_states) {
  sim::StateSet<W> seen(max_states + 64);
  std::vector<sim::Key<W>> todo{packed.canonical(start)};
  seen.insert(todo.back(), sim::hash_key(todo.back()));
  while (!todo.empty()) {
    if (seen.size() >= max_states) return Avoidable::unknown;
    const sim::Key<W> key = todo.back();
    todo.pop_back();
    bool is_end = true;
    packed.for_each_step(key, true,
                         [&](const sim::Key<W>& next, sim::Slot, std::uint16_t, unsigned, std::uint8_t,
                             sim::Violations found) {
                           is_end = false;
                           if ((found & property) != 0 || seen.size() >= max_states) return;
                           const sim::Key<W> canonical = packed.canonical(next);
                           if (seen.insert(canonical, sim::hash_key(canonical)).second)
                             todo.push_back(canonical);
                         });
    if (is_end && (end_check(values, packed.end_state(key)) & property) == 0) return Avoidable::yes;
  }
  return Avoidable::no;
}

}  // namespace

template <int W>
std::size_t decisive_step(sim::StateTables& tables, const World& world, checkers::Property property,
                          const sim::Schedule& schedule, std::size_t max_states) {
  sim::PackedWorld<W> packed(tables, world.monitors, true);
  std::vector<sim::Key<W>> path{packed.initial()};
  for (const sim::StepChoice& choice : schedule) {
    std::uint32_t index = 0;
    sim::Key<W> taken{};
    packed.for_each_step(
        path.back(), false,
        [&](const sim::Key<W>& next, sim::Slot, std::uint16_t, unsigned, std::uint8_t, sim::Violations) {
          if (index++ == choice.index) taken = next;
        });
    path.push_back(taken);
  }
  sim::EndCheck end_check = world.end_check;
  // Once lost, always lost: bisect. The last step violates by itself, so it is the latest candidate.
  const auto avoidable_from = [&](std::size_t step) {
    return avoidable<W>(packed, end_check, tables.values(), path[step],
                        checkers::PropertySet{property}.bits(), max_states);
  };
  if (avoidable_from(0) == Avoidable::no) return kFromTheStart;
  std::size_t avoidable_until = 0;
  std::size_t lost_from = schedule.size();
  while (avoidable_until + 1 < lost_from) {
    const std::size_t middle = (avoidable_until + lost_from) / 2;
    switch (avoidable_from(middle)) {
      case Avoidable::yes:
        avoidable_until = middle;
        break;
      case Avoidable::no:
        lost_from = middle;
        break;
      case Avoidable::unknown:
        return 0;
    }
  }
  return lost_from;
}

template std::size_t decisive_step<1>(sim::StateTables&, const World&, checkers::Property,
                                      const sim::Schedule&, std::size_t);
template std::size_t decisive_step<2>(sim::StateTables&, const World&, checkers::Property,
                                      const sim::Schedule&, std::size_t);
template std::size_t decisive_step<4>(sim::StateTables&, const World&, checkers::Property,
                                      const sim::Schedule&, std::size_t);

}  // namespace lockstorm::scenarios
