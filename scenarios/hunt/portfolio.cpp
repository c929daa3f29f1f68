#include "scenarios/hunt/portfolio.hpp"

#include <array>
#include <charconv>

#include "scenarios/hunt/timed_strategy.hpp"
#include "sim/strategies/chain_pct.hpp"
#include "sim/strategies/few_switches.hpp"
#include "sim/strategies/one_fault_sweep.hpp"
#include "sim/strategies/pos.hpp"
#include "sim/strategies/swarm.hpp"
#include "sim/strategies/uniform.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<StrategyInfo, 15> kKnown{{
    {"uniform", "everybody who can move is as likely to go next"},
    {"pct:2", "random priorities, and one random moment at which the leader falls behind"},
    {"pct:3", "the same with two such moments; pct:D takes any depth"},
    {"pct:4", "the same with three"},
    {"chains:3", "pct:3 over chains of causally ordered messages; chains:D takes any depth"},
    {"pos", "partial order sampling: random priorities of events, drawn anew among those that race"},
    {"urw", "uniform over interleavings"},
    {"surw", "uniform over the orders of the requests at one service"},
    {"delays:1", "one process after the other, with one delay; delays:D takes any number"},
    {"delays:2", "the same with two"},
    {"switches:4",
     "one process until it waits, with four preemptions at most, after which anybody goes on; "
     "switches:N takes any number"},
    {"sweep", "every step of the sequential run times every kind of fault"},
    {"swarm", "a random subset of faults and random weights for each run"},
    {"feedback", "goes on from the middle of runs that did something new"},
    {TimedStrategy::kName,
     "in virtual time: whoever is due goes next, and faults strike where a run spends its time; in the "
     "portfolio "
     "where a scenario says `time: {model: timed}`"},
}};
constexpr double kFloor = 0.5;  // of all runs are shared equally
constexpr double kFade = 0.99;  // a gain counts half after 70 runs
constexpr double kDry = 0.1;    // with less of it left, nobody has brought anything new lately

unsigned depth_of(std::string_view name, std::string_view kind) {
  unsigned depth = 0;
  if (!name.starts_with(kind)) return 0;
  const std::string_view number = name.substr(kind.size());
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), depth);
  return error == std::errc{} && end == number.data() + number.size() && depth <= 64 ? depth : 0;
}

}  // namespace

std::vector<std::string> strategy_names(bool timed) {
  std::vector<std::string> names;
  for (const StrategyInfo& known : kKnown) {
    if (timed || known.name != TimedStrategy::kName) names.emplace_back(known.name);
  }
  return names;
}

std::span<const StrategyInfo> strategies() { return kKnown; }

std::unique_ptr<sim::Strategy> make_strategy(std::string_view name, const sim::StreamPool& pool,
                                             const TimedHunt* timed) {
  if (name == TimedStrategy::kName) return std::make_unique<TimedStrategy>(timed);
  if (name == "uniform") return std::make_unique<sim::Uniform>();
  if (name == "pos") return std::make_unique<sim::PartialOrder>();
  if (name == "urw") return std::make_unique<sim::Urw>();
  if (name == "surw") return std::make_unique<sim::SelectiveUrw>();
  if (name == "sweep") return std::make_unique<sim::OneFaultSweep>();
  if (name == "swarm") return std::make_unique<sim::Swarm>();
  if (name == "feedback") return std::make_unique<sim::Feedback>(3, pool);
  if (const unsigned depth = depth_of(name, "pct:")) return std::make_unique<sim::Pct>(depth);
  if (const unsigned depth = depth_of(name, "chains:")) return std::make_unique<sim::ChainPct>(depth);
  if (const unsigned delays = depth_of(name, "delays:")) return std::make_unique<sim::DelayBounded>(delays);
  if (const unsigned most = depth_of(name, "switches:")) return std::make_unique<sim::FewSwitches>(most);
  return nullptr;
}

Portfolio::Portfolio(std::vector<std::unique_ptr<sim::Strategy>> strategies) {
  for (auto& strategy : strategies) {
    if (strategy->name() == "feedback") feedback_ = members_.size();
    members_.push_back({std::move(strategy)});
  }
}

std::size_t Portfolio::next() {
  double gains = 0;
  for (const Member& member : members_) gains += member.gain;
  const double equal = 1.0 / static_cast<double>(members_.size());
  const bool is_dry = gains < kDry;
  std::size_t best = 0;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    Member& member = members_[i];
    double earned = is_dry ? equal : member.gain / gains;
    if (is_dry && feedback_) earned = i == *feedback_ ? 1 : 0;
    member.due += kFloor * equal + (1 - kFloor) * earned;
    if (member.due > members_[best].due) best = i;
  }
  members_[best].due -= 1;
  ++members_[best].runs;
  return best;
}

void Portfolio::gained(std::size_t i, double gain) {
  for (Member& member : members_) member.gain *= kFade;
  members_[i].gain += gain;
}

}  // namespace lockstorm::scenarios
