#include "sim/explore/views.hpp"

#include <algorithm>
#include <numeric>

#include "sim/explore/take_move.hpp"
#include "sim/explore/view_names.hpp"
#include "sim/limits.hpp"

namespace lockstorm::sim {
namespace {

// What is placed stays there; everybody else gets what is left over, in order.
SlotPermutation completed(const SlotPermutation& placed, unsigned count) {
  SlotPermutation map = placed;
  std::uint32_t used = 0;
  for (unsigned i = 0; i < count; ++i) used |= 1U << map.to[i];
  unsigned next = 0;
  for (unsigned i = count; i < map.to.size(); ++i) {
    while ((used >> next & 1U) != 0) ++next;
    map.to[i] = static_cast<std::uint8_t>(next++);
  }
  return map;
}

/// A process and the services, for the rules of steps; others are not there, and are not looked at.
struct LoneWorld {
  View& view;
  Slot slot;
  std::size_t slots;
  LocalId absent;
  [[nodiscard]] std::size_t processes() const { return slots; }
  [[nodiscard]] std::size_t services() const { return view.services.size(); }
  [[nodiscard]] LocalId local(Slot who) const { return who == slot ? view.local : absent; }
  [[nodiscard]] std::uint8_t monitor(Slot) const { return 0; }
  [[nodiscard]] ServiceStateId service(std::size_t s) const { return view.services[s]; }
  [[nodiscard]] std::uint32_t clock() const { return 0; }
  void set_local(Slot who, LocalId id) {
    if (who == slot) view.local = id;
  }
  void set_monitor(Slot, std::uint8_t) {}
  void set_service(std::size_t s, ServiceStateId id) { view.services[s] = id; }
};

// Views allow everything that was to be ruled out: there is nothing left to prove.
struct NothingLeft {};

}  // namespace

ViewSearch::ViewSearch(StateTables& tables, const AnyMonitor& monitor, const ViewSearchOptions& options)
    : tables_(tables),
      monitor_(monitor),
      options_(options),
      slots_(static_cast<Slot>(tables.spec().process_count())),
      service_names_(tables.spec().services.size()) {
  const WorldSpec& spec = tables.spec();
  require(spec.classes.size() == 1, "views of processes that are not equal");
  require(spec.time.ticks == 0, "views of worlds with a clock");
  require(slots_ >= 2 * options.max_others + 4 && slots_ <= kMaxPermutedProcesses,
          "views with more names than there are slots");
  tables_.watch(monitor.watched());
}

ViewSearchResult ViewSearch::run() {
  View first;
  for (std::size_t s = 0; s < tables_.spec().services.size(); ++s)
    first.services.push_back(tables_.initial_service(s));
  first.left.assign(tables_.spec().budget.count.begin(), tables_.spec().budget.count.end());
  first.local = tables_.initial_local(0);
  try {
    number_of(first, {});
    for (std::uint32_t view = 0; view < result_.views.size(); ++view) {
      result_.steps.push_back(steps_of(result_.views[view]));
      check_renaming(result_.views[view], result_.steps[view]);
      for (std::uint32_t i = 0; i < result_.steps[view].size(); ++i) {
        const ViewStep step = result_.steps[view][i];
        if (step.violations != 0) note({view, i, view, step.violations});
        number_of(step.after, {view, view, i});
      }
      const View services = without_process(result_.views[view]);
      const View form = least(services, names_of(services), 0, false).form;
      std::vector<std::uint32_t>& same = same_services_[{form.services, form.left}];
      same.push_back(view);
      const std::vector<std::uint32_t> all = same;  // what they do to each other may add views
      for (const std::uint32_t other : all) {
        meet(view, other);
        if (other != view) meet(other, view);
      }
    }
    result_.complete = true;
  } catch (const TooMuch& limit) {
    result_.why_incomplete = limit.what();
  } catch (const NothingLeft&) {
    // Not complete, and not for want of room.
  }
  return std::move(result_);
}

std::uint32_t ViewSearch::number_of(const View& view, const ViewOrigin& origin) {
  const View form = canonical(view);
  const auto number = static_cast<std::uint32_t>(result_.views.size());
  const auto [known, is_new] = numbers_.try_emplace(form, number);
  if (!is_new) return known->second;
  if (number >= options_.max_views) throw TooMuch("there are more views than it keeps");
  result_.views.push_back(form);
  shared_.push_back(names_of_services(form));
  result_.origins.push_back(origin);
  return number;
}

bool ViewSearch::is_exclusive(LocalId local) const {
  const LocalInfo& info = tables_.info(local);
  return (info.status == ProcessStatus::alive || info.status == ProcessStatus::paused) &&
         (info.flags & options_.exclusive_flag) != 0;
}

std::vector<ViewStep> ViewSearch::steps_of(const View& view) {
  std::vector<ViewStep> steps;
  const LocalId absent = tables_.initial_local(0);
  const std::uint16_t count = tables_.info(view.local).move_count;
  for (std::uint16_t i = 0; i < count; ++i) {
    const std::uint8_t fault = tables_.move(view.local, i).move.fault;
    if (fault != kNoFault && view.left[fault] == 0) continue;
    unsigned ways = 1;
    for (unsigned way = 0; way < ways; ++way) {
      ViewStep step{.after = view, .move = i, .way = static_cast<std::uint8_t>(way)};
      if (fault != kNoFault) --step.after.left[fault];
      const TakenMove taken =
          take_move(tables_, monitor_, LoneWorld{step.after, 0, slots_, absent}, 0, view.local, i, way);
      ways = taken.alternatives;
      step.violations = taken.violations;
      step.enters = is_exclusive(step.after.local) && !is_exclusive(view.local);
      step.is_seen = step.after.services != view.services || step.after.left != view.left;
      steps.push_back(std::move(step));
    }
  }
  return steps;
}

// What views rest on, tried out: with every name replaced by another one the same happens.
void ViewSearch::check_renaming(const View& view, const std::vector<ViewStep>& steps) {
  SlotPermutation map = nobody_moves();
  for (Slot slot = 0; slot < slots_; ++slot) map.to[slot] = static_cast<std::uint8_t>(slots_ - 1 - slot);
  const View elsewhere = renamed(view, map);
  const Slot actor = static_cast<Slot>(slots_ - 1);
  const LocalId absent = tables_.initial_local(0);
  const bool same_moves = tables_.info(elsewhere.local).move_count == tables_.info(view.local).move_count;
  require(same_moves, "a process whose moves depend on how it is named");
  for (const ViewStep& step : steps) {
    View after = elsewhere;
    after.left = step.after.left;
    const TakenMove taken = take_move(tables_, monitor_, LoneWorld{after, actor, slots_, absent}, actor,
                                      elsewhere.local, step.move, step.way);
    View expected = renamed(step.after, map);
    expected.others = after.others;
    require(expected == after && taken.violations == step.violations,
            "a step that depends on how processes are named");
  }
}

void ViewSearch::meet(std::uint32_t actor, std::uint32_t other) {
  const std::vector<ViewStep>& steps = result_.steps[actor];
  const bool matters = std::ranges::any_of(steps, [&](const ViewStep& step) {
    return step.is_seen || (step.enters && is_exclusive(result_.views[other].local));
  });
  if (!matters) return;
  SlotPermutation map = nobody_moves();
  const Pair pair{actor, other, result_.views[actor], result_.views[other], shared_[actor], shared_[other]};
  place(pair, map, 0, 0);
}

// Every way in which the two can be processes of one world, in the names of `other`: who of the one is who of
// the other, and who is named by one of them only. Names that stand in the services stand there for both.
void ViewSearch::place(const Pair& pair, SlotPermutation& map, Names used, unsigned next) {
  const unsigned count = pair.acting.others + 1U;
  if (next == count) {
    const SlotPermutation whole = completed(map, count);
    if (renamed(without_process(pair.acting), whole).services == pair.watching.services) act(pair, whole);
    return;
  }
  const bool is_shared = (pair.shared_acting >> next & 1U) != 0;
  const unsigned known = pair.watching.others + 1U;
  for (unsigned slot = 0; slot < known; ++slot) {
    if (next == 0 && slot == 0) continue;  // they are two
    if ((used >> slot & 1U) != 0 || ((pair.shared_watching >> slot & 1U) != 0) != is_shared) continue;
    map.to[next] = static_cast<std::uint8_t>(slot);
    place(pair, map, used | 1U << slot, next + 1);
  }
  if (is_shared) return;
  unsigned fresh = known;
  while ((used >> fresh & 1U) != 0) ++fresh;
  map.to[next] = static_cast<std::uint8_t>(fresh);
  place(pair, map, used | 1U << fresh, next + 1);
}

void ViewSearch::act(const Pair& pair, const SlotPermutation& map) {
  if (++meetings_ > options_.max_meetings) throw TooMuch("jobs meet in more ways than it tries");
  const bool is_exclusive_there = is_exclusive(pair.watching.local);
  for (std::uint32_t i = 0; i < result_.steps[pair.actor].size(); ++i) {
    const ViewStep& step = result_.steps[pair.actor][i];
    if (step.enters && is_exclusive_there) note({pair.actor, i, pair.other, options_.exclusive_property});
    if (!step.is_seen) continue;
    View after = renamed(without_process(step.after), map);
    after.local = pair.watching.local;
    number_of(after, {pair.other, pair.actor, i});
  }
}

void ViewSearch::note(const CoarsePair& pair) {
  const auto fresh = static_cast<Violations>(pair.violations & ~result_.violated);
  result_.violated = static_cast<Violations>(result_.violated | pair.violations);
  if (fresh != 0) result_.coarse.push_back({pair.actor, pair.step, pair.other, fresh});
  if (options_.wanted != 0 && (options_.wanted & ~result_.violated) == 0) throw NothingLeft{};
}

}  // namespace lockstorm::sim
