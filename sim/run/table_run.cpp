#include "sim/run/table_run.hpp"

namespace lockstorm::sim {

void TableRun::restart() {
  std::copy(start_.begin(), start_.end(), local_.begin());
  std::copy(first_service_.begin(), first_service_.end(), service_.begin());
  std::fill_n(bits_.begin(), processes_, std::uint8_t{0});
  left_ = tables_.spec().budget.count;
  clock_ = 0;
}

void TableRun::find_movers() {
  mover_count_ = 0;
  for (Slot slot = 0; slot < processes_; ++slot) {
    if (tables_.info(local_[slot]).free_moves > 0) movers_[mover_count_++] = static_cast<std::uint8_t>(slot);
  }
}

// One of the moves that an armed fault could make, each as likely.
bool TableRun::fault_move(const LocalInfo& info, const FaultPlan& plan, Random& random,
                          std::uint16_t& move) const {
  std::uint32_t seen = 0;
  for (std::uint16_t i = 0; i < info.move_count; ++i) {
    const std::uint8_t fault = tables_.quick(info.first_move + i).fault;
    if (!plan.is_armed(fault) || left_[fault] == 0) continue;
    if (random.below(++seen) == 0) move = i;
  }
  return seen > 0;
}

// What the strategy asked for, else a fault that is due, else one of the other moves, each as likely.
[[gnu::noinline]] std::uint16_t TableRun::decide(const LocalInfo& info, std::uint16_t wanted, FaultPlan& plan,
                                                 Random& random) const {
  if (wanted < info.move_count && affordable(tables_.quick(info.first_move + wanted))) return wanted;
  if (plan.any_armed()) {
    std::uint16_t move = 0;
    if (fault_move(info, plan, random, move)) {
      plan.struck(tables_.quick(info.first_move + move).fault);
      return move;
    }
  }
  std::uint16_t move = info.first_free;
  if (info.free_moves == 1) return move;
  for (std::uint32_t skip = random.below(info.free_moves);; ++move) {
    if (tables_.quick(info.first_move + move).fault == kNoFault && skip-- == 0) return move;
  }
}

unsigned TableRun::alternatives(Slot slot, std::uint16_t i) {
  const MoveInfo entry = tables_.move(local_[slot], i);
  if (entry.type != MoveInfo::Type::effect) return 1;
  return tables_.effect(entry.request, slot, service_[entry.move.service], 0).alternatives;
}

void TableRun::step(const Decision& decision, RunResult& result) {
  ++result.steps;
  if (decision.slot() == processes_) {
    pass_time(tables_, View{*this});
    ++clock_;
    return;
  }
  const QuickMove& quick = tables_.quick(tables_.info(local_[decision.slot()]).first_move + decision.move());
  if (quick.fault != kNoFault) {
    --left_[quick.fault];
    ++result.fired[quick.fault];
  }
  if (tables_.take_quick(quick, decision.slot(), local_[decision.slot()], service_[quick.service])) return;
  const TakenMove taken = take_move(tables_, monitor_, View{*this}, decision.slot(), local_[decision.slot()],
                                    decision.move(), decision.alternative());
  result.violations = static_cast<Violations>(result.violations | taken.violations);
}

bool TableRun::take(const Decision& decision, RunResult& result) {
  if (decision.slot() == processes_) {
    if (!time_may_pass(tables_, View{*this})) return false;
  } else {
    if (decision.slot() > processes_) return false;
    const LocalInfo& info = tables_.info(local_[decision.slot()]);
    if (decision.move() >= info.move_count || !affordable(tables_.quick(info.first_move + decision.move())) ||
        decision.alternative() >= alternatives(decision.slot(), decision.move()))
      return false;
  }
  step(decision, result);
  return true;
}

void TableRun::add_enabled(Slot slot, std::vector<Decision>& steps) {
  if (slot == processes_) {
    if (time_may_pass(tables_, View{*this})) steps.push_back({processes_, 0U, 0U});
    return;
  }
  const LocalInfo info = tables_.info(local_[slot]);
  for (std::uint16_t i = 0; i < info.move_count; ++i) {
    if (!affordable(tables_.quick(info.first_move + i))) continue;
    const unsigned ways = alternatives(slot, i);
    for (unsigned way = 0; way < ways; ++way) steps.push_back({slot, i, way});
  }
}

std::vector<Decision> TableRun::enabled() {
  std::vector<Decision> steps;
  for (Slot slot = 0; slot <= processes_; ++slot) add_enabled(slot, steps);
  return steps;
}

Schedule TableRun::schedule_of(std::span<const Decision> decisions) {
  Schedule schedule;
  RunResult ignored;
  restart();
  for (const Decision& decision : decisions) {
    const std::vector<Decision> steps = enabled();
    const auto position = std::find(steps.begin(), steps.end(), decision);
    if (position == steps.end()) throw_engine_error("a run takes a step that is not enabled");
    schedule.push_back(
        {static_cast<std::uint32_t>(position - steps.begin()), static_cast<std::uint32_t>(steps.size())});
    step(decision, ignored);
  }
  return schedule;
}

std::optional<ChoiceStream> TableRun::decisions_of(const Schedule& schedule) {
  ChoiceStream decisions;
  RunResult ignored;
  restart();
  for (const StepChoice& choice : schedule) {
    const std::vector<Decision> steps = enabled();
    if (choice.bound != steps.size() || choice.index >= steps.size()) return std::nullopt;
    decisions.push_back(steps[choice.index]);
    step(decisions.back(), ignored);
  }
  return decisions;
}

EndState TableRun::end_state() const {
  EndState end;
  for (std::size_t s = 0; s < services_; ++s) end.services.push_back(tables_.service_value(s, service_[s]));
  for (Slot slot = 0; slot < processes_; ++slot) end.processes.push_back(tables_.end_of(local_[slot]));
  return end;
}

}  // namespace lockstorm::sim
