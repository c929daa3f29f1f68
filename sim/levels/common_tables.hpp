// Tables that learn the same in every member of a search, and again when it is started again.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "sim/explore/state_tables.hpp"
#include "sim/levels/batch_expander.hpp"
#include "sim/levels/exchange.hpp"
#include "sim/levels/level_folder.hpp"

namespace lockstorm::sim {

/// Each member has tables of its own, which number what they meet. So that a state is the same key
/// everywhere, all extend them by the same states in the same order; the first member writes down which.
template <int W>
class CommonTables {
 public:
  static constexpr std::size_t kBatch = 24;  ///< states whose cache misses overlap

  CommonTables(StateTables& tables, BatchExpander<W>& expander, EndCheck end_check, Exchange& exchange)
      : tables_(tables), expander_(expander), end_check_(std::move(end_check)), exchange_(exchange) {}

  /// Extends tables that know nothing by what a log says, alone.
  void learn_again(const std::filesystem::path& log, std::uint64_t log_bytes);
  /// From now on what extends the tables is written behind the first `bytes` of that log.
  void keep_log(const std::filesystem::path& log, std::uint64_t bytes) { log_.emplace(log, bytes); }
  [[nodiscard]] LevelLog* log() { return log_ ? &*log_ : nullptr; }

  /// Expands states in batches of `kBatch`, numbered from `first` on; a round that all members take part in.
  void expand(std::span<const Key<W>> states, std::uint64_t first, std::vector<ExpandedBatch<W>>& batches);
  /// Judges the endings among the states of such a round, again with all members.
  void judge_ends(std::span<const Key<W>> states, std::uint64_t first,
                  std::span<const ExpandedBatch<W>> batches, LevelTotals& found);

 private:
  static constexpr std::size_t kDeferredTogether = 16;

  /// What has extended the tables: states that were expanded, a state that has ended in a new way.
  enum class Logged : std::uint8_t { batch, end };

  [[nodiscard]] std::span<const Key<W>> batch_of(std::span<const Key<W>> states, std::size_t batch) const {
    return states.subspan(batch * kBatch, std::min(kBatch, states.size() - batch * kBatch));
  }
  bool try_frozen(std::span<const Key<W>> states, std::uint64_t first, ExpandedBatch<W>& batch);
  void expand_deferred(std::span<const Key<W>> states, std::uint64_t first,
                       std::vector<ExpandedBatch<W>>& batches);
  void judge_end(const Key<W>& key);
  void note(Logged kind, std::span<const Key<W>> states);

  StateTables& tables_;
  BatchExpander<W>& expander_;
  EndCheck end_check_;
  Exchange& exchange_;
  std::optional<LevelLog> log_;  ///< of the first member
  std::map<EndState, Violations> ends_;
  std::vector<std::size_t> deferred_;  ///< batches of this round that tables did not know enough for
};

}  // namespace lockstorm::sim
