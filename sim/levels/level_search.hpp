// Visits every reachable state of a world level by level, with the levels on disk: alone, or several
// together.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "sim/explore/explore_options.hpp"
#include "sim/levels/batch_expander.hpp"
#include "sim/levels/common_tables.hpp"
#include "sim/levels/compact_set.hpp"
#include "sim/levels/exchange.hpp"
#include "sim/levels/level_folder.hpp"
#include "sim/levels/level_store.hpp"
#include "sim/levels/together.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::sim {

/// What one level has come to, for whoever watches.
struct LevelProgress {
  enum class Kind : std::uint8_t {
    found,
    read_again,       ///< from disk, as an earlier start has found it
    looked_at_again,  ///< backwards, for states that hang
  };

  std::size_t level = 0;
  Kind kind = Kind::found;
  std::uint64_t states = 0;  ///< of this level
  std::uint64_t all_states = 0;
  std::size_t memory_bytes = 0;  ///< of this member's set and frontier
  std::uint64_t bytes_sent = 0;  ///< by this member, so far
};

struct LevelSearchOptions {
  const LevelFolder* folder = nullptr;
  Exchange* exchange = nullptr;
  bool symmetry = true;
  bool reduction = true;
  std::uint32_t pass = 0;  ///< explorations before this one, with automata that grew
  /// What this member may take, and what it takes besides; see ExploreOptions.
  std::size_t max_bytes = std::size_t{8} << 30U;
  std::size_t program_bytes = 0;
  std::uint32_t hang_property = kUnknown;
  /// States that a member expands at a time, a multiple of 24.
  std::uint64_t block_states = 6144;
  std::function<void(const LevelProgress&)> on_level;
};

/// The same states in the same order as `Explorer`, and so the same counts, findings and fingerprint, however
/// many members share the work: each has its own tables, which learn the same in the same order; who owns a
/// state, by its hash, knows whether it was visited; who expands it, a block of the frontier after the other
/// in turn, keeps it for the next level. W: words of a key.
template <int W>
class LevelSearch {
 public:
  LevelSearch(StateTables& tables, const AnyMonitor& monitor, EndCheck end_check, LevelSearchOptions options);

  /// Goes on from what the folder holds, or from the start; call once. Throws LevelFileError,
  /// LevelFolderRefused, and what expanding throws.
  ExploreResult run();

  /// The schedule of the first violation that `run` has found of a property; all members ask for the same.
  [[nodiscard]] std::optional<Schedule> schedule_to(unsigned property);

 private:
  static constexpr std::size_t kRemembered = std::size_t{1} << 14U;

  void begin();
  void go_on_from(const LevelManifest& manifest);
  void expand_level();
  void expand_round(std::span<const Key<W>> states, std::uint64_t first);
  void store(std::uint64_t first);
  [[nodiscard]] bool was_asked_lately(const Key<W>& key);
  void settle_level();
  void checkpoint(bool is_done);
  void keep(const Key<W>& key, std::uint64_t parent);
  [[nodiscard]] bool has_room() const;
  [[nodiscard]] bool all_have_room();
  bool explore_all(bool is_done);
  void find_hangs(ExploreResult& result);
  [[nodiscard]] std::size_t memory_bytes() const;
  [[nodiscard]] bool is_mine(const Key<W>& key) const { return owner_of(key, exchange_) == exchange_.rank(); }
  void tell(LevelProgress progress) const;

  StateTables& tables_;
  LevelSearchOptions options_;
  Exchange& exchange_;
  const LevelFolder& folder_;
  BatchExpander<W> expander_;
  CommonTables<W> common_;
  CompactSet<W> set_;
  LevelStore<W> store_;
  LevelTotals totals_;  ///< of all members and levels that are settled
  LevelTotals found_;   ///< by this member in the level that is being expanded

  std::vector<Key<W>> frontier_;  ///< this member's blocks of the last level
  std::vector<Key<W>> next_;      ///< what it has found of the next one, in order
  std::vector<std::uint64_t> parents_;
  std::vector<std::uint32_t> round_counts_;  ///< how many of these in each round

  // Of one round:
  std::vector<ExpandedBatch<W>> batches_;
  std::vector<Key<W>> candidates_;            ///< where their states lead to
  std::vector<std::uint64_t> reached_;        ///< of each, from which state
  std::vector<std::optional<Key<W>>> asked_;  ///< what other members were asked for lately, by hash
};

}  // namespace lockstorm::sim
