// The levels that a search has found, read back from disk by number.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/levels/exchange.hpp"
#include "sim/levels/level_folder.hpp"

namespace lockstorm::sim {

/// What one member reads again of a level: one file of it.
struct LevelShare {
  std::size_t level = 0;
  unsigned file = 0;
};

/// States have the numbers in which one thread alone would find them. Those of a level are in blocks, which
/// files have in turn; a member reads each file that falls to it when they are dealt out.
template <int W>
class LevelStore {
 public:
  LevelStore(const LevelFolder& folder, Exchange& exchange, std::uint32_t pass, std::uint64_t block_states)
      : folder_(folder), exchange_(exchange), pass_(pass), block_states_(block_states) {}

  void add(const LevelSize& size);
  [[nodiscard]] std::size_t levels() const { return sizes_.size(); }
  [[nodiscard]] const std::vector<LevelSize>& sizes() const { return sizes_; }
  /// The number of a level's first state.
  [[nodiscard]] std::uint64_t first(std::size_t level) const { return first_[level]; }
  /// One past the number of the last state of all.
  [[nodiscard]] std::uint64_t end() const { return first_.back(); }
  /// The number of the state at that place in a file.
  [[nodiscard]] std::uint64_t number(const LevelShare& share, std::uint64_t place) const {
    const std::uint64_t block = place / block_states_ * sizes_[share.level].members + share.file;
    return first_[share.level] + block * block_states_ + place % block_states_;
  }
  /// Which files of a level fall to this member.
  [[nodiscard]] std::vector<LevelShare> shares(std::size_t level) const;
  [[nodiscard]] LevelReader<W> read(const LevelShare& share) const {
    return LevelReader<W>(folder_.level(pass_, share.level, share.file));
  }
  /// Calls `use(key)` for each state of a level in order of number; reads files that fall to others, too.
  template <class Use>
  void for_each_in_order(std::size_t level, const Use& use) const {
    struct Source {
      LevelReader<W> reader;
      LevelPart<W> part;
      std::size_t next = 0;
    };
    std::vector<Source> sources;
    for (unsigned file = 0; file < sizes_[level].members; ++file)
      sources.push_back({read({level, file}), {}, 0});
    for (std::uint64_t i = 0; i < sizes_[level].states; ++i) {
      Source& source = sources[i / block_states_ % sources.size()];
      if (source.next == source.part.keys.size()) {
        source.next = 0;
        if (!source.reader.next(source.part)) throw_cut_short(level);
      }
      use(source.part.keys[source.next++]);
    }
  }

  /// The states on the way to one, the first of the world before it. All members ask for the same.
  [[nodiscard]] std::vector<Key<W>> path_to(std::uint64_t number);

 private:
  struct Found {
    Key<W> key;
    std::uint64_t parent = 0;
  };
  [[nodiscard]] std::optional<Found> find_here(std::size_t level, std::uint64_t number) const;
  [[noreturn]] void throw_cut_short(std::size_t level) const;

  const LevelFolder& folder_;
  Exchange& exchange_;
  std::uint32_t pass_;
  std::uint64_t block_states_;
  std::vector<LevelSize> sizes_;
  std::vector<std::uint64_t> first_{0};
};

}  // namespace lockstorm::sim
