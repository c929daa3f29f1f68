// How a level that all members have found is shared out among them for the next.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/explore/state_set.hpp"
#include "sim/levels/exchange.hpp"

namespace lockstorm::sim {

/// `found[member][round]`: how many states each has found. What all have found of a level, round by round
/// and in each round member by member, is in order; blocks of it go to the members in turn. Takes what this
/// member has found, with the states it came from, and leaves what it is to expand.
template <int W>
void deal_out(Exchange& exchange, std::uint64_t block_states,
              const std::vector<std::vector<std::uint32_t>>& found, std::vector<Key<W>>& states,
              std::vector<std::uint64_t>& parents) {
  const unsigned members = exchange.size();
  const auto for_each_piece = [&](const auto& use) {  // use(finder, receiver, count)
    std::uint64_t at = 0;
    for (std::size_t round = 0; round < found.front().size(); ++round) {
      for (unsigned finder = 0; finder < members; ++finder) {
        for (std::uint64_t left = found[finder][round]; left > 0;) {
          const std::uint64_t count = std::min(left, block_states - at % block_states);
          use(finder, static_cast<unsigned>(at / block_states % members), count);
          at += count;
          left -= count;
        }
      }
    }
  };
  std::vector<Bytes> to(members);
  std::size_t place = 0;
  for_each_piece([&](unsigned finder, unsigned receiver, std::uint64_t count) {
    if (finder != exchange.rank()) return;
    append_all(to[receiver], std::span<const Key<W>>(states).subspan(place, count));
    append_all(to[receiver], std::span<const std::uint64_t>(parents).subspan(place, count));
    place += count;
  });
  states.clear();
  parents.clear();
  const std::vector<Bytes> got = exchange.all_to_all(std::move(to));
  std::vector<ByteReader> readers(got.begin(), got.end());
  for_each_piece([&](unsigned finder, unsigned receiver, std::uint64_t count) {
    if (receiver != exchange.rank()) return;
    readers[finder].take_all(states, count);
    readers[finder].take_all(parents, count);
  });
}

}  // namespace lockstorm::sim
