#include "scenarios/hunt/timed_strategy.hpp"

#include <algorithm>

#include "sim/time/distribution.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::uint64_t kStrikeSecond_us = 1'000'000;
constexpr std::uint64_t kRunsOfAnArrivalList = 256;

bool befalls_processes(std::uint8_t fault) {
  switch (static_cast<sim::Fault>(fault)) {
    case sim::Fault::crash:
    case sim::Fault::pause:
    case sim::Fault::interrupt:
    case sim::Fault::clock_skew:
    case sim::Fault::credentials_end:
    case sim::Fault::outage:
      return true;
    default:
      return false;
  }
}

std::uint64_t evenly_below(std::uint64_t bound, sim::Random& random) {
  return bound == 0 ? 0 : sim::Distribution::uniform(0, bound - 1).at(random.next());
}

}  // namespace

void TimedStrategy::draw_arrivals(sim::Random& random) {
  if (runs_++ % kRunsOfAnArrivalList != 0) return;
  arrivals_ = arrival_list(*hunt_->settings, sim::CounterRandom(random.next()));
}

// As many jobs of one state as there are clients, one after the other as they start on some day. Where fewer
// come, or the scenario says nothing of time, all start within a minute.
void TimedStrategy::draw_starts(sim::Random& random) {
  starts_us_.assign(hunt_->lock_timeout_us.size(), 0);
  std::vector<std::uint64_t> of_a_state;
  if (hunt_->scenario.timed) {
    draw_arrivals(random);
    const std::uint32_t state = random.below(hunt_->settings->states);
    for (const Arrival& arrival : arrivals_) {
      if (arrival.state == state) of_a_state.push_back(arrival.at_us);
    }
  }
  const bool are_enough = of_a_state.size() >= hunt_->clients && hunt_->clients > 0;
  const auto others = static_cast<std::uint32_t>(are_enough ? of_a_state.size() - hunt_->clients : 0);
  const std::size_t first = random.below(others + 1);
  std::uint64_t last_us = 0;
  for (std::size_t i = 0; i < starts_us_.size(); ++i) {
    if (i >= hunt_->clients)
      starts_us_[i] = hunt_->settings->unlock_after ? hunt_->settings->unlock_after->at(random.next())
                                                    : evenly_below(std::max(kFirstSpan_us, last_us), random);
    else if (are_enough)
      starts_us_[i] = of_a_state[first + i] - of_a_state[first];
    else
      starts_us_[i] = evenly_below(60 * kStrikeSecond_us, random);
    last_us = std::max(last_us, starts_us_[i]);
  }
}

void TimedStrategy::begin(const sim::RunShape& shape, std::uint64_t, sim::Random& random) {
  lasted_us_.resize(hunt_->clients, kFirstSpan_us);
  for (std::size_t i = 0; i < hunt_->clients && now_us_ > 0; ++i)
    lasted_us_[i] = ended_us_[i] > starts_us_[i] ? ended_us_[i] - starts_us_[i] : 0;
  calls_of_a_run_ = calls_ > 0 ? calls_ : std::max<std::uint64_t>(shape.steps / 3, 1);
  now_us_ = calls_ = ticks_ = 0;
  times_.reset();
  draw_starts(random);
  ended_us_.assign(starts_us_.size(), 0);
  random_ = sim::CounterRandom(random.next());
}

// The longer a job takes, the likelier it is the one.
TimedStrategy::Strike TimedStrategy::strike_somebody(std::uint8_t fault, sim::Random& random) const {
  std::uint64_t all_us = 0;
  for (const std::uint64_t lasted_us : lasted_us_) all_us += lasted_us;
  std::uint64_t after_us = evenly_below(all_us, random);
  std::size_t whom = 0;
  while (whom + 1 < lasted_us_.size() && after_us >= lasted_us_[whom]) after_us -= lasted_us_[whom++];
  return {starts_us_[whom] + after_us, fault, static_cast<sim::Slot>(whom)};
}

sim::FaultPlan TimedStrategy::faults(const sim::FaultBudget& allowance, const sim::RunShape&,
                                     sim::Random& random) {
  process_strikes_.clear();
  call_strikes_.clear();
  drawn_.clear();
  for (std::uint8_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    for (unsigned i = 0; i < allowance.count[kind]; ++i) {
      if (random.below(2) == 0) continue;
      drawn_ += (drawn_.empty() ? "" : ", ") + std::string(sim::kFaultNames[kind]);
      if (befalls_processes(kind)) {
        process_strikes_.push_back(strike_somebody(kind, random));
        drawn_ += " at second " + std::to_string(process_strikes_.back().at / kStrikeSecond_us);
      } else {
        call_strikes_.push_back({evenly_below(calls_of_a_run_, random), kind});
        drawn_ += " from call " + std::to_string(call_strikes_.back().at + 1);
      }
    }
  }
  std::ranges::sort(process_strikes_, {}, &Strike::at);
  return {};  // each is asked for when its time has come
}

sim::Pick TimedStrategy::pick(const sim::Candidates& candidates, sim::Random& random) {
  if (!times_) times_.emplace(*hunt_, candidates.tables.pool(), random_, starts_us_);
  sim::Pick picked;
  std::uint64_t due_us = MoveTimes::kNever;
  for (std::uint32_t i = 0; i < candidates.movers.size(); ++i) {
    const std::uint8_t mover = candidates.movers[i];
    MoveTimes::Next next{
        (ticks_ + 1) * static_cast<std::uint64_t>(hunt_->world.spec.time.tick.count()) * 1000, 0};
    if (!candidates.is_time(mover))
      next = times_->next(candidates.tables, mover, candidates.locals[mover], now_us_);
    if (next.due_us >= due_us) continue;
    due_us = next.due_us;
    picked = {i, next.move};
  }
  if (const auto struck = strike_process(candidates, due_us, random)) return *struck;
  if (due_us == MoveTimes::kNever)
    return {random.below(static_cast<std::uint32_t>(candidates.movers.size()))};
  now_us_ = std::max(now_us_, due_us);
  const std::uint8_t mover = candidates.movers[picked.mover];
  if (candidates.is_time(mover)) {
    ++ticks_;
    return picked;
  }
  ended_us_[mover] = now_us_;
  const sim::Move& move = candidates.tables.move(candidates.locals[mover], picked.move).move;
  if (const auto struck = strike_call(candidates, mover, move, random)) picked.move = *struck;
  return picked;
}

// One of the ways in which the fault can befall the one whom it is to, each as likely.
std::optional<sim::Pick> TimedStrategy::strike_process(const sim::Candidates& candidates,
                                                       std::uint64_t due_us, sim::Random& random) {
  for (auto strike = process_strikes_.begin(); strike != process_strikes_.end(); ++strike) {
    if (strike->at > due_us && due_us != MoveTimes::kNever) break;
    std::uint32_t seen = 0;
    sim::Pick picked;
    for (std::uint32_t i = 0; i < candidates.movers.size(); ++i) {
      const std::uint8_t mover = candidates.movers[i];
      if (mover != strike->whom || candidates.is_time(mover) || !times_->has_begun(mover)) continue;
      const sim::LocalId local = candidates.locals[mover];
      for (std::uint16_t m = 0; m < candidates.tables.info(local).move_count; ++m) {
        if (candidates.tables.move(local, m).move.fault != strike->fault) continue;
        if (random.below(++seen) == 0) picked = {i, m};
      }
    }
    if (seen == 0) continue;
    now_us_ = std::max(now_us_, strike->at);
    ended_us_[strike->whom] = now_us_;
    process_strikes_.erase(strike);
    return picked;
  }
  return std::nullopt;
}

std::optional<std::uint16_t> TimedStrategy::strike_call(const sim::Candidates& candidates, std::uint8_t mover,
                                                        const sim::Move& move, sim::Random& random) {
  if (move.kind != sim::MoveKind::effect) return std::nullopt;
  const std::uint64_t call = calls_++;
  const sim::LocalId local = candidates.locals[mover];
  for (auto strike = call_strikes_.begin(); strike != call_strikes_.end(); ++strike) {
    if (strike->at > call) continue;
    std::uint32_t seen = 0;
    std::uint16_t picked = 0;
    for (std::uint16_t m = 0; m < candidates.tables.info(local).move_count; ++m) {
      const sim::Move& other = candidates.tables.move(local, m).move;
      if (other.fault != strike->fault || other.fiber != move.fiber) continue;
      if (random.below(++seen) == 0) picked = m;
    }
    if (seen == 0) continue;
    call_strikes_.erase(strike);
    return picked;
  }
  return std::nullopt;
}

// Whoever looks after the lock of a job that is gone comes some time after its death.
void TimedStrategy::taking(const sim::Candidates&, std::uint8_t mover, const sim::Move& move, sim::Random&) {
  if (!times_) return;
  times_->makes(mover, move);
  const bool dies = move.kind == sim::MoveKind::crash || move.kind == sim::MoveKind::crash_lost;
  if (!dies || mover >= hunt_->clients || !hunt_->settings->unlock_after) return;
  for (std::size_t slot = hunt_->clients; slot < starts_us_.size(); ++slot)
    times_->start_at(
        static_cast<sim::Slot>(slot),
        now_us_ + times_->chance_of(static_cast<sim::Slot>(slot)).draw(*hunt_->settings->unlock_after));
}

std::string TimedStrategy::drawn() const { return drawn_; }

}  // namespace lockstorm::scenarios
