#include "sim/levels/hang_sweep.hpp"

#include <algorithm>
#include <numeric>

#include "sim/levels/together.hpp"

namespace lockstorm::sim {

// How many of these states are found to finish now.
template <int W>
std::uint64_t HangSweep<W>::look_at(std::span<const Key<W>> keys, Share& share, std::size_t place) {
  std::vector<Waiting> waiting;
  std::vector<Key<W>> asked;
  std::vector<Key<W>> finished;
  std::vector<Key<W>> successors;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (share.finishes[place + i]) continue;
    if (expander_.faultless(keys[i], successors)) {
      waiting.push_back({i, successors.size()});
      asked.insert(asked.end(), successors.begin(), successors.end());
    } else {
      share.finishes[place + i] = true;
      finished.push_back(keys[i]);
    }
  }
  const std::vector<std::uint8_t> answers =
      ask_owners<W>(exchange_, asked, [&](std::span<const Key<W>> of_member, std::span<std::uint8_t> marked) {
        set_.for_each_of(of_member, [&](std::size_t k) { marked[k] = set_.is_marked(of_member[k]) ? 1 : 0; });
      });
  auto next = answers.begin();
  for (const Waiting& state : waiting) {
    const auto end = next + static_cast<std::ptrdiff_t>(state.successors);
    if (std::find(next, end, 1) != end) {
      share.finishes[place + state.place] = true;
      finished.push_back(keys[state.place]);
    }
    next = end;
  }
  tell_owners<W>(exchange_, finished, [&](std::span<const Key<W>> of_member) {
    set_.for_each_of(of_member, [&](std::size_t k) { set_.mark(of_member[k]); });
  });
  return finished.size();
}

// Members have about as many blocks of a level, and take turns also where one has none left.
template <int W>
bool HangSweep<W>::sweep(std::size_t level) {
  const bool is_first = shares_[level].empty() && waiting_[level] == store_.sizes()[level].states;
  if (is_first) {
    for (const LevelShare& where : store_.shares(level)) shares_[level].push_back({where, {}});
  }
  std::uint64_t finished = 0;
  std::size_t share = 0;
  std::optional<LevelReader<W>> reader;
  std::size_t place = 0;
  LevelPart<W> part;
  for (bool all_done = false; !all_done;) {
    part.keys.clear();
    while (share < shares_[level].size() && part.keys.empty()) {
      if (!reader) {
        reader.emplace(store_.read(shares_[level][share].where));
        place = 0;
      }
      if (!reader->next(part)) {
        reader.reset();
        ++share;
      }
    }
    const bool is_done = part.keys.empty();
    Share none;
    Share& mine = is_done ? none : shares_[level][share];
    if (mine.finishes.size() < place + part.keys.size()) mine.finishes.resize(place + part.keys.size());
    finished += look_at(part.keys, mine, place);
    place += part.keys.size();
    all_done = std::ranges::min(gather(exchange_, is_done ? 1 : 0)) == 1;
  }
  const std::vector<std::uint64_t> of_members = gather(exchange_, finished);
  const std::uint64_t of_all = std::reduce(of_members.begin(), of_members.end());
  waiting_[level] -= of_all;
  return of_all > 0;
}

template <int W>
void HangSweep<W>::run(const std::function<void(std::size_t)>& on_level) {
  shares_.resize(store_.levels());
  for (const LevelSize& size : store_.sizes()) waiting_.push_back(size.states);
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t level = store_.levels(); level-- > 0;) {
      if (waiting_[level] == 0) continue;
      changed |= sweep(level);
      on_level(level);
    }
  }
}

template <int W>
auto HangSweep<W>::hangs() -> Hangs {
  Hangs here;
  LevelPart<W> part;
  for (std::size_t level = 0; level < store_.levels(); ++level) {
    if (waiting_[level] == 0) continue;
    for (const Share& share : shares_[level]) {
      LevelReader<W> reader = store_.read(share.where);
      for (std::size_t place = 0; reader.next(part); place += part.keys.size()) {
        for (std::size_t i = 0; i < part.keys.size(); ++i) {
          if (share.finishes[place + i]) continue;
          const std::uint64_t number = store_.number(share.where, place + i);
          here.first = std::min(here.first.value_or(number), number);
          here.fewest_events = std::min(here.fewest_events, expander_.world().adverse_events(part.keys[i]));
        }
      }
    }
  }
  Hangs all;
  for (const Hangs& of_member : gather(exchange_, here)) {
    all.fewest_events = std::min(all.fewest_events, of_member.fewest_events);
    if (of_member.first) all.first = std::min(all.first.value_or(*of_member.first), *of_member.first);
  }
  return all;
}

template class HangSweep<1>;
template class HangSweep<2>;
template class HangSweep<4>;

}  // namespace lockstorm::sim
