#include "scenarios/search/reached.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/search/limits.hpp"
#include "scenarios/search/world_search.hpp"
#include "sim/random.hpp"
#include "sim/run/table_run.hpp"

namespace lockstorm::scenarios {
namespace {

// The same world, in which nothing goes wrong and nobody interferes.
World calm_world(const World& world) {
  World calm;
  calm.spec = world.spec;
  calm.spec.budget = {};
  const auto leave_out = [&](std::size_t process_class) {
    calm.spec.classes[process_class].body = [](sim::Process&) {};
  };
  if (!world.needs_people) {
    if (world.operators) leave_out(*world.operators);
    for (const World::ByHand& one : world.by_hand) leave_out(one.process_class);
  }
  calm.scripts = world.scripts;
  calm.monitors = world.monitors;
  return calm;
}

// Walks that are cheap and, in most worlds, enough.
class CalmWalks {
 public:
  explicit CalmWalks(const World& calm)
      : calm_(calm),
        tables_(calm.spec, sim::Automaton::Mode::compressed),
        run_(tables_, calm.monitors),
        slots_(static_cast<sim::Slot>(calm.spec.process_count())) {}

  // One job after the other, from that one on; whoever only waits lets others go on after a while.
  void in_turn(sim::Slot first) {
    run_.restart();
    std::vector<sim::Decision> steps;
    std::size_t taken = 0;
    for (bool goes_on = true; goes_on && taken < limits::kCalmRun;) {
      goes_on = false;
      for (sim::Slot i = 0; i <= slots_; ++i) {
        // Time passes only where nobody else can do anything.
        if (i == slots_ && goes_on) break;
        const auto slot = static_cast<sim::Slot>(i == slots_ ? slots_ : (first + i) % slots_);
        for (std::size_t row = 0; row < limits::kCalmStepsInARow; ++row, ++taken) {
          steps.clear();
          run_.add_enabled(slot, steps);
          if (steps.empty()) break;
          run_.take(steps.front(), ignored_);
          goes_on = true;
          if (slot == slots_) break;
        }
      }
    }
  }

  void at_random(std::uint64_t seed) {
    sim::Random random(seed);
    run_.restart();
    for (std::size_t taken = 0; taken < limits::kCalmRun; ++taken) {
      const std::vector<sim::Decision> steps = run_.enabled();
      if (steps.empty()) return;
      run_.take(steps[random.below(static_cast<std::uint32_t>(steps.size()))], ignored_);
    }
  }

  [[nodiscard]] std::vector<CommandReached> reached() const {
    Marks marks;
    add_marks(marks, tables_);
    return read_marks(calm_, marks);
  }

 private:
  const World& calm_;
  sim::StateTables tables_;
  sim::TableRun run_;
  sim::Slot slots_;
  sim::RunResult ignored_;
};

std::optional<CalmRuns> walk(const World& calm, const std::vector<models::Command>& never) {
  try {
    CalmWalks walks(calm);
    CalmRuns found;
    const auto all_succeed = [&] {
      found.reached = walks.reached();
      return never_succeeds(found.reached, never) == nullptr;
    };
    const std::size_t orders = std::min(limits::kCalmOrders, calm.spec.process_count());
    for (std::size_t first = 0; first < orders; ++first) {
      walks.in_turn(static_cast<sim::Slot>(first));
      if (all_succeed()) return found;
    }
    for (std::uint64_t seed = 1; seed <= limits::kCalmRandomRuns; ++seed) {
      walks.at_random(seed);
      if (all_succeed()) return found;
    }
    return found;
  } catch (const sim::LimitExceeded&) {
    return std::nullopt;
  }
}

std::string name_of_class(const sim::WorldSpec& spec, std::size_t process_class, bool& is_one) {
  const sim::SpecNames names(spec);
  std::size_t first = 0;
  for (std::size_t i = 0; i < process_class; ++i) first += spec.classes[i].count;
  const std::size_t count = spec.classes[process_class].count;
  is_one = count == 1;
  const std::string& begin = names.slot_name(static_cast<sim::Slot>(first));
  if (is_one) return begin;
  return fmt::format("{} {} {}", begin, count == 2 ? "and" : "to",
                     names.slot_name(static_cast<sim::Slot>(first + count - 1)));
}

// How a command has ended says that it could not save, so that nothing needs to mark it.
bool fails_to_save(const models::CommandEnd& end) {
  return end.ending == models::Ending::persist_failed || end.ending == models::Ending::save_failed;
}

}  // namespace

void join_marks(Marks& marks, const Marks& more) {
  marks.resize(std::max(marks.size(), more.size()));
  for (std::size_t i = 0; i < more.size(); ++i) marks[i].insert(more[i].begin(), more[i].end());
}

void add_marks(Marks& marks, const sim::StateTables& tables) {
  marks.resize(tables.spec().classes.size());
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const std::vector<sim::Mark> reached = tables.reached(static_cast<std::uint8_t>(i));
    marks[i].insert(reached.begin(), reached.end());
  }
}

std::string_view CommandReached::name() const {
  if (by_hand) return models::hand_act_name(*by_hand);
  return command ? models::command_name(*command) : std::string_view("force-unlock");
}

bool CommandReached::succeeds() const {
  return std::ranges::any_of(ends, [](const models::CommandEnd& end) { return end.succeeded; });
}

std::vector<CommandReached> read_marks(const World& world, const Marks& marks) {
  std::vector<CommandReached> all;
  for (std::size_t i = 0; i < world.spec.classes.size(); ++i) {
    CommandReached one;
    one.jobs = name_of_class(world.spec, i, one.is_one);
    std::vector<CommandReached> of_class;
    if (world.operators == i) of_class.push_back(one);
    if (const World::ByHand* by_hand = world.acts_by_hand(i)) {
      one.by_hand = by_hand->act;
      of_class.push_back(one);
    }
    for (std::size_t k = 0; i < world.scripts.size() && k < world.scripts[i].size(); ++k) {
      one.command = world.scripts[i][k];
      of_class.push_back(one);
    }
    for (const sim::Mark mark : i < marks.size() ? marks[i] : std::set<sim::Mark>{}) {
      const models::Milestone milestone = models::read_mark(mark);
      if (milestone.command >= of_class.size()) continue;
      CommandReached& command = of_class[milestone.command];
      if (const auto* goal = std::get_if<models::Goal>(&milestone.what)) command.goals.insert(*goal);
      if (const auto* end = std::get_if<models::CommandEnd>(&milestone.what)) {
        command.ends.insert(*end);
        if (fails_to_save(*end)) command.goals.insert(models::Goal::save_failed);
      }
    }
    all.insert(all.end(), of_class.begin(), of_class.end());
  }
  return all;
}

CalmRuns find_calm_runs(const World& world, const std::vector<models::Command>& never,
                        std::size_t max_states) {
  const World calm = calm_world(world);
  std::optional<CalmRuns> walked = walk(calm, never);
  if (walked && never_succeeds(walked->reached, never) == nullptr) return *walked;
  try {
    WorldSearch search(calm);
    sim::ExploreOptions options;
    options.max_states = max_states;
    CalmRuns found;
    found.complete = search.explore(options).complete;
    found.reached = search.reached();
    if (found.complete || !walked) return found;
    return never_succeeds(found.reached, never) == nullptr ? found : *walked;
  } catch (const sim::LimitExceeded&) {
  }
  return walked.value_or(CalmRuns{read_marks(calm, {}), false});
}

const CommandReached* never_succeeds(const std::vector<CommandReached>& reached,
                                     const std::vector<models::Command>& never) {
  const auto found = std::ranges::find_if(reached, [&](const CommandReached& one) {
    return one.command && !one.succeeds() && std::ranges::find(never, *one.command) == never.end();
  });
  return found == reached.end() ? nullptr : &*found;
}

std::string never_succeeds_text(const CommandReached& command, bool has_operators) {
  std::string text = command.is_one ? fmt::format("{}'s '{}'", command.jobs, command.name())
                                    : fmt::format("'{}' of {}", command.name(), command.jobs);
  text += fmt::format(" never succeeds in any run without faults{}; ", has_operators ? " and operators" : "");
  if (command.ends.empty()) return text + "it never comes to an end";
  text += "it always ends: ";
  bool is_first = true;
  for (const models::CommandEnd& end : command.ends) {
    std::string words = end.describe();
    if (words.starts_with("failed: ")) words.erase(0, words.find(' ') + 1);
    text += (is_first ? "" : "; or: ") + words;
    is_first = false;
  }
  return text;
}

}  // namespace lockstorm::scenarios
