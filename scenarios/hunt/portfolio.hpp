// Shares a campaign's runs out among strategies by what pays.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/strategies/feedback.hpp"
#include "sim/strategies/strategy.hpp"

namespace lockstorm::scenarios {

struct TimedHunt;

/// Names that `hunt --strategy` takes, in the order in which a portfolio has them. `timed`: also what goes by
/// the time that a scenario gives.
std::vector<std::string> strategy_names(bool timed = false);
struct StrategyInfo {
  std::string_view name;
  std::string_view does;  ///< one clause
};
std::span<const StrategyInfo> strategies();
/// `pool`: what feedback goes on from; `timed`: what "timed" makes its runs of. Null for a name that is none;
/// "pct:D", "chains:D", "delays:D" take any depth.
std::unique_ptr<sim::Strategy> make_strategy(std::string_view name, const sim::StreamPool& pool,
                                             const TimedHunt* timed = nullptr);

/// A floor for everybody, the rest in proportion to what each has brought lately; when nobody has brought
/// anything, to feedback, which goes on from what was found before. Deterministic: the next one is always the
/// one furthest behind its share.
class Portfolio {
 public:
  explicit Portfolio(std::vector<std::unique_ptr<sim::Strategy>> strategies);

  [[nodiscard]] std::size_t size() const { return members_.size(); }
  [[nodiscard]] sim::Strategy& strategy(std::size_t i) { return *members_[i].strategy; }
  [[nodiscard]] std::uint64_t runs(std::size_t i) const { return members_[i].runs; }

  /// Whose turn it is; counts as a run of its.
  std::size_t next();
  /// What the run brought: new pairs of events, say. Old gains fade.
  void gained(std::size_t i, double gain);

 private:
  struct Member {
    std::unique_ptr<sim::Strategy> strategy;
    std::uint64_t runs = 0;
    double due = 0;
    double gain = 0;
  };
  std::vector<Member> members_;
  std::optional<std::size_t> feedback_;
};

}  // namespace lockstorm::scenarios
