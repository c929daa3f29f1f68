#include "scenarios/hunt/lane.hpp"

#include "scenarios/search/limits.hpp"
#include "scenarios/search/resident_memory.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::size_t kMaxValues = 400'000;  // of a worker's tables, before it starts with empty ones
constexpr std::size_t kFewEntries = 4'000;   // with fewer it goes on in any case
constexpr std::size_t kLookEvery = 1'000;    // entries, at how much memory there is
// Random runs of wide worlds never meet most states twice; `tidy` is what bounds them.
constexpr sim::AutomatonLimits kRoomy{.nodes = 50'000'000, .memories = 500'000'000, .answers = 50'000'000};
constexpr std::uint64_t kSampledStates = 16;  // states are counted in every sixteenth run

// Pairs of requests by different processes that follow each other at a service.
class Pairs {
 public:
  explicit Pairs(std::size_t services) : last_(services) {}

  void effect(HuntWorker& worker, sim::Slot slot, const sim::Move& move, std::uint64_t step) {
    Last& last = last_[move.service];
    const std::uint64_t request = worker.content_of(move.argument);
    if (last.slot != slot) {
      seen.push_back(static_cast<std::uint16_t>(sim::mix(last.request, request) >> 48U));
      steps.push_back(static_cast<std::uint32_t>(step));
    }
    last = {slot, request};
  }

  std::vector<std::uint16_t> seen;
  std::vector<std::uint32_t> steps;  ///< [pair] the step that made it

 private:
  struct Last {
    sim::Slot slot = 0xFFFF;
    std::uint64_t request = 0;
  };
  std::vector<Last> last_;
};

// Watches the pairs of a run, whatever the strategy beneath it does.
class Observed {
 public:
  Observed(sim::Strategy& strategy, HuntWorker& worker, Pairs& pairs)
      : strategy_(strategy), worker_(worker), pairs_(pairs) {}

  sim::Pick pick(const sim::Candidates& candidates, sim::Random& random) {
    return strategy_.pick(candidates, random);
  }

  void taking(const sim::Candidates& candidates, std::uint8_t mover, const sim::Move& move,
              sim::Random& random) {
    if (move.is_effect()) pairs_.effect(worker_, mover, move, candidates.step);
    strategy_.taking(candidates, mover, move, random);
  }

 private:
  sim::Strategy& strategy_;
  HuntWorker& worker_;
  Pairs& pairs_;
};

std::vector<std::unique_ptr<sim::Strategy>> make_strategies(const std::vector<std::string>& names,
                                                            const sim::StreamPool& pool,
                                                            const TimedHunt* timed) {
  std::vector<std::unique_ptr<sim::Strategy>> strategies;
  for (const std::string& name : names) strategies.push_back(make_strategy(name, pool, timed));
  return strategies;
}

}  // namespace

HuntWorker::HuntWorker(const World& world, std::size_t max_bytes) : world_(world), max_bytes_(max_bytes) {
  reset();
}

void HuntWorker::add_marks(Marks& marks) const {
  join_marks(marks, marks_);
  scenarios::add_marks(marks, *tables_);
}

void HuntWorker::reset() {
  if (tables_) scenarios::add_marks(marks_, *tables_);
  finish_.reset();
  runner_.reset();
  contents_.clear();
  locals_.clear();
  ends_.clear();
  tables_ = std::make_unique<sim::StateTables>(world_.spec, sim::Automaton::Mode::compressed, kRoomy);
  runner_ = std::make_unique<sim::TableRun>(*tables_, world_.monitors);
  finish_ = std::make_unique<FinishSearch>(*tables_, limits::kFinishStatesOfARun);
  end_check_ = world_.end_check;
  looked_at_ = 0;
}

std::size_t HuntWorker::entries() const {
  return tables_->values().size() + tables_->local_count() + ends_.size();
}

void HuntWorker::give_back() {
  reset();
  return_freed_memory();
}

// What an entry takes depends on how wide the world is, so the system is asked. That decides nothing but when
// things are looked up anew.
void HuntWorker::tidy() {
  if (tables_->values().size() > kMaxValues || tables_->local_count() > kMaxValues) return reset();
  if (entries() < std::max(kFewEntries, looked_at_ + kLookEvery)) return;
  looked_at_ = entries();
  if (resident_bytes() > max_bytes_) give_back();
}

std::uint64_t HuntWorker::content_of(sim::ValueId id) {
  if (id >= contents_.size()) contents_.resize(id + 256U);
  if (contents_[id] == 0) contents_[id] = tables_->values().content_hash(id) | 1U;
  return contents_[id];
}

const HuntWorker::End& HuntWorker::check_end() {
  const auto [position, is_new] = ends_.try_emplace(runner_->end_state());
  End& end = position->second;
  if (is_new) {
    const sim::EndState& state = position->first;
    if (end_check_) end.violations = end_check_(tables_->values(), state);
    end.out_of_time = state.out_of_time();
    for (const sim::ValueId service : state.services) end.hash = sim::mix(end.hash, content_of(service));
    for (const sim::EndState::Process& process : state.processes) {
      end.hash = sim::mix(end.hash, static_cast<std::uint64_t>(process.status) << 16U | process.flags);
      end.hash = sim::mix(end.hash, content_of(process.outcome));
    }
  }
  return end;
}

std::vector<std::uint16_t> HuntWorker::pairs_of(const sim::ChoiceStream& stream) {
  Pairs pairs(world_.spec.services.size());
  sim::RunResult ignored;
  runner_->restart();
  for (const sim::Decision& decision : stream) {
    if (decision.slot() < runner_->time_slot()) {
      const sim::Move move = tables_->move(runner_->local(decision.slot()), decision.move()).move;
      if (move.is_effect()) pairs.effect(*this, decision.slot(), move, 0);
    }
    runner_->take(decision, ignored);
  }
  return pairs.seen;
}

std::uint64_t HuntWorker::hash_of_local(sim::LocalId id) {
  if (id >= locals_.size()) locals_.resize(id + 256U);
  if (locals_[id] != 0) return locals_[id];
  const sim::LocalState& local = tables_->local(id);
  const sim::LocalInfo& info = tables_->info(id);
  std::uint64_t hash =
      sim::mix(static_cast<std::uint64_t>(info.status) << 16U | info.flags, info.process_class);
  const auto actions = tables_->actions(id);
  for (std::size_t fiber = 0; fiber < local.fibers.size() && fiber < actions.size(); ++fiber) {
    const sim::FiberState& state = local.fibers[fiber];
    const sim::Action& action = actions[fiber];
    hash = sim::mix(hash, static_cast<std::uint64_t>(state.phase));
    // What was asked is over, with an answer or without: tables keep the first of equal futures.
    if (state.phase == sim::Phase::unanswered) continue;
    if (state.phase == sim::Phase::answered) {
      hash = sim::mix(hash, content_of(state.detail));
      continue;
    }
    hash = sim::mix(hash, static_cast<std::uint64_t>(action.kind) << 8U | action.service);
    hash =
        sim::mix(hash, action.kind == sim::ActionKind::call ? content_of(action.argument) : action.argument);
    hash = sim::mix(hash, state.detail);
  }
  std::uint64_t strays = 0;  // their order is that of request numbers, which differ between tables
  for (const sim::StrayRequest& stray : local.strays)
    strays += sim::mix(content_of(stray.request), stray.service);
  hash = sim::mix(hash, strays);
  return locals_[id] = hash | 1U;
}

std::uint64_t HuntWorker::state_hash() {
  std::uint64_t hash = 0;
  const auto services = runner_->service_states();
  for (std::size_t s = 0; s < services.size(); ++s)
    hash = sim::mix(hash, content_of(tables_->service_value(s, services[s])));
  for (const sim::LocalId local : runner_->locals()) hash = sim::mix(hash, hash_of_local(local));
  return hash;
}

void HuntCounts::join(const HuntCounts& other) {
  runs += other.runs;
  steps += other.steps;
  cut_off += other.cut_off;
  undecided += other.undecided;
  violating += other.violating;
  out_of_time += other.out_of_time;
  join_marks(marks, other.marks);
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) fired[kind] += other.fired[kind];
  ends.join(other.ends);
  states.join(other.states);
  runs_of.resize(std::max(runs_of.size(), other.runs_of.size()));
  violating_of.resize(runs_of.size());
  for (std::size_t i = 0; i < other.runs_of.size(); ++i) {
    runs_of[i] += other.runs_of[i];
    violating_of[i] += other.violating_of[i];
  }
}

Lane::Lane(std::uint64_t seed, unsigned number, const std::vector<std::string>& strategies,
           const TimedHunt* timed)
    : seed_(seed), number_(number), portfolio_(make_strategies(strategies, pool_, timed)) {
  counts_.runs_of.resize(strategies.size());
  counts_.violating_of.resize(strategies.size());
}

void Lane::seed(const std::vector<sim::ChoiceStream>& streams) {
  pool_.insert(pool_.end(), streams.begin(), streams.end());
}

// A run that nobody can finish any more violates progress; one of which that is not known proves nothing.
sim::Violations Lane::hang_of(HuntWorker& worker, const sim::ChoiceStream& stream, sim::Violations wanted) {
  const sim::Violations progress = checkers::PropertySet{checkers::Property::progress}.bits();
  if ((wanted & progress) == 0) return 0;
  const Finish finish = worker.can_finish(stream);
  counts_.undecided += finish == Finish::unknown ? 1 : 0;
  return finish == Finish::impossible ? progress : sim::Violations{0};
}

void Lane::run(HuntWorker& worker, const sim::WorldSpec& spec, const sim::RunShape& shape, std::uint64_t runs,
               sim::Violations wanted) {
  const sim::RunLimits run_limits{.max_steps = limits::kLongestRun * shape.steps,
                                  .fair_after = limits::kUnfairRun * shape.steps};
  sim::ChoiceStream stream;
  for (std::uint64_t end = counts_.runs + runs; counts_.runs < end; ++counts_.runs) {
    worker.tidy();
    sim::TableRun& runner = worker.runner();
    const std::size_t which = portfolio_.next();
    sim::Strategy& strategy = portfolio_.strategy(which);
    sim::Random random(sim::mix(sim::mix(seed_, number_), counts_.runs));
    strategy.begin(shape, (portfolio_.runs(which) - 1) * kLanes + number_, random);
    sim::FaultPlan plan = strategy.faults(spec.budget, shape, random);
    Pairs pairs(spec.services.size());
    Observed observed(strategy, worker, pairs);
    const sim::RunResult result = runner.run(observed, plan, random, run_limits, stream);
    ++counts_.runs_of[which];
    counts_.steps += result.steps;
    for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) counts_.fired[kind] += result.fired[kind];
    sim::Violations violations = result.violations;
    if (result.ended) {
      const HuntWorker::End& at_end = worker.check_end();
      violations = static_cast<sim::Violations>(violations | at_end.violations);
      counts_.out_of_time += at_end.out_of_time ? 1 : 0;
      counts_.ends.add(at_end.hash);
    } else {
      ++counts_.cut_off;
      violations = static_cast<sim::Violations>(violations | hang_of(worker, stream, wanted));
    }
    violations = static_cast<sim::Violations>(violations & wanted);

    std::vector<std::uint32_t> news;
    for (std::size_t i = 0; i < pairs.seen.size(); ++i) {
      if (!pairs_[pairs.seen[i]]) news.push_back(pairs.steps[i]);
      pairs_[pairs.seen[i]] = true;
    }
    portfolio_.gained(which, static_cast<double>(news.size()));
    if (!news.empty() && pool_.size() < kMaxPool) pool_.emplace_back(stream, std::move(news));

    if (counts_.runs % kSampledStates == 0) {
      runner.restart();
      sim::RunResult ignored;
      for (const sim::Decision& decision : stream) {
        runner.take(decision, ignored);
        counts_.states.add(worker.state_hash());
      }
    }
    if (violations == 0) continue;
    ++counts_.violating;
    ++counts_.violating_of[which];
    if (found_.try_emplace(violations, finds_.size()).second)
      finds_.push_back({counts_.runs, std::string(strategy.name()), strategy.drawn(),
                        checkers::PropertySet::from_bits(violations), runner.schedule_of(stream)});
  }
}

}  // namespace lockstorm::scenarios
