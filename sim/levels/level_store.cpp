#include "sim/levels/level_store.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lockstorm::sim {

template <int W>
void LevelStore<W>::add(const LevelSize& size) {
  sizes_.push_back(size);
  first_.push_back(first_.back() + size.states);
}

template <int W>
std::vector<LevelShare> LevelStore<W>::shares(std::size_t level) const {
  std::vector<LevelShare> mine;
  for (unsigned file = exchange_.rank(); file < sizes_[level].members; file += exchange_.size())
    mine.push_back({level, file});
  return mine;
}

template <int W>
auto LevelStore<W>::find_here(std::size_t level, std::uint64_t number) const -> std::optional<Found> {
  for (const LevelShare& share : shares(level)) {
    const std::uint64_t block = (number - first_[level]) / block_states_;
    if (block % sizes_[level].members != share.file) continue;
    LevelReader<W> reader = read(share);
    LevelPart<W> part;
    for (std::uint64_t place = 0; reader.next(part); place += part.keys.size()) {
      for (std::size_t i = 0; i < part.keys.size(); ++i) {
        if (this->number(share, place + i) == number) return Found{part.keys[i], part.parents[i]};
      }
    }
    throw_cut_short(level);
  }
  return std::nullopt;
}

template <int W>
void LevelStore<W>::throw_cut_short(std::size_t level) const {
  throw LevelFileError(
      fmt::format("level {} in {} has fewer states than it had", level, folder_.path().string()));
}

template <int W>
std::vector<Key<W>> LevelStore<W>::path_to(std::uint64_t number) {
  std::vector<Key<W>> path;
  auto level = static_cast<std::size_t>(std::ranges::upper_bound(first_, number) - first_.begin()) - 1;
  for (;; --level) {
    Bytes mine;
    if (const std::optional<Found> found = find_here(level, number)) append(mine, *found);
    for (const Bytes& said : exchange_.all_gather(mine)) {
      if (said.empty()) continue;
      const Found found = ByteReader(said).take<Found>();
      path.push_back(found.key);
      number = found.parent;
    }
    if (level == 0) break;
  }
  std::ranges::reverse(path);
  return path;
}

template class LevelStore<1>;
template class LevelStore<2>;
template class LevelStore<4>;

}  // namespace lockstorm::sim
