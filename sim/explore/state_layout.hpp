// Where each part of a world state sits in its packed key, and how equal clients are put in canonical order.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "sim/explore/state_set.hpp"
#include "sim/explore/state_tables.hpp"
#include "sim/limits.hpp"

namespace lockstorm::sim {

/// The key is too narrow for this world: use a wider one.
struct KeyTooNarrow : LimitExceeded {
  using LimitExceeded::LimitExceeded;
};

[[noreturn]] void throw_too_narrow(const char* what);  // out of line: its callers are in the inner loop

/// A run of bits inside one word of a key.
struct Field {
  std::uint8_t word = 0;
  std::uint8_t shift = 0;
  std::uint64_t mask = 0;

  template <int W>
  [[nodiscard]] std::uint64_t get(const Key<W>& key) const {
    return key.word[word] >> shift & mask;
  }
  template <int W>
  void set(Key<W>& key, std::uint64_t value) const {
    key.word[word] = (key.word[word] & ~(mask << shift)) | value << shift;
  }
};

/// Fields: per process its local state and monitor bits, per service its state, per fault kind what is left,
/// the clock.
class StateLayout {
 public:
  /// Throws KeyTooNarrow where `words` do not do. Where they are few, fields get what `known` states need,
  /// and what room there is for more.
  StateLayout(const WorldSpec& spec, unsigned monitor_bits, int words, const TableSizes& known);

  std::vector<Field> process;  ///< local id, then monitor bits above it
  std::vector<Field> service;
  std::array<Field, kFaultKinds> budget;
  Field clock;
  unsigned local_bits = 0;
  std::uint64_t local_mask = 0;
  std::uint8_t monitor_mask = 0;

  template <int W>
  [[nodiscard]] LocalId local(const Key<W>& key, Slot slot) const {
    return static_cast<LocalId>(process[slot].get(key) & local_mask);
  }
  template <int W>
  void set_local(Key<W>& key, Slot slot, LocalId id) const {
    if (id > local_mask) throw_too_narrow("local states");
    const Field& field = process[slot];
    key.word[field.word] =
        (key.word[field.word] & ~(local_mask << field.shift)) | static_cast<std::uint64_t>(id) << field.shift;
  }
  template <int W>
  [[nodiscard]] std::uint8_t monitor(const Key<W>& key, Slot slot) const {
    return static_cast<std::uint8_t>(process[slot].get(key) >> local_bits);
  }
  template <int W>
  void set_monitor(Key<W>& key, Slot slot, std::uint8_t bits) const {
    require((bits & ~monitor_mask) == 0, "more bits of a monitor's state than it has asked for");
    const Field& field = process[slot];
    field.set(key, (field.get(key) & local_mask) | static_cast<std::uint64_t>(bits) << local_bits);
  }
  template <int W>
  [[nodiscard]] ServiceStateId service_state(const Key<W>& key, std::size_t index) const {
    return static_cast<ServiceStateId>(service[index].get(key));
  }
  template <int W>
  void set_service(Key<W>& key, std::size_t index, ServiceStateId id) const {
    if (id > service[index].mask) throw_too_narrow("service states");
    service[index].set(key, id);
  }

 private:
  /// Bits of the local states, and of each service's states.
  struct Widths {
    unsigned local = 0;
    std::vector<unsigned> service;
  };
  bool place_all(const WorldSpec& spec, unsigned monitor_bits, const Widths& widths, int words);
};

/// Maps a state to the representative of all states that differ only by which equal client is where.
template <int W>
class Symmetry {
 public:
  Symmetry(StateTables& tables, const StateLayout& layout, bool enabled) : tables_(tables), layout_(layout) {
    Slot first = 0;
    for (const ProcessClass& process_class : tables.spec().classes) {
      if (enabled && process_class.count > 1) groups_.push_back({first, process_class.count, {}});
      first = static_cast<Slot>(first + process_class.count);
    }
    processes_ = first;
    if (!groups_.empty() && processes_ > kMaxPermutedProcesses - 2)
      throw KeyTooNarrow("processes under symmetry");
  }

  Key<W> canonical(const Key<W>& key) {
    Key<W> result = key;
    for (Group& group : groups_) result = canonical(result, group);
    return result;
  }

  /// Whether equal clients can swap places so that `from` becomes `to`, by trying every order. `canonical`
  /// may keep such states apart: a node that stands for others remembers names that make no difference to it,
  /// and which order of clients it leads to depends on them.
  bool differ_in_order_only(const Key<W>& from, const Key<W>& to) { return reaches(from, to, 0); }

 private:
  static constexpr std::uint16_t kFewClients = 4;
  static constexpr unsigned kBitsOfFew = 2;

  struct Group {
    Slot first;
    std::uint16_t count;
    /// Of few clients: the tables' number of each order, by the order as bits.
    std::vector<std::uint32_t> numbers;
  };
  struct Rank {
    std::uint64_t likeness;
    std::uint64_t seen;
    std::uint8_t slot;
  };

  // Order clients by what they are, then - where that leaves a tie - by how they look to services and to each
  // other.
  Key<W> canonical(const Key<W>& key, Group& group) {
    std::array<Rank, kMaxPermutedProcesses> ranks;
    bool is_strict = true;  // most states are in order by what their clients are
    std::uint64_t last = 0;
    for (std::uint16_t i = 0; i < group.count; ++i) {
      const Slot slot = static_cast<Slot>(group.first + i);
      const std::uint64_t value = layout_.process[slot].get(key);
      const std::uint64_t likeness = tables_.likeness(static_cast<LocalId>(value & layout_.local_mask));
      const std::uint64_t rank = likeness << 8U | value >> layout_.local_bits;
      ranks[i] = {rank, 0, static_cast<std::uint8_t>(slot)};
      is_strict &= i == 0 || last < rank;
      last = rank;
    }
    if (is_strict) return key;
    bool sorted = sort_ranks(ranks, group.count);
    if (has_tie(ranks, group.count)) {
      const bool named = add_seen(key, ranks, group.count);
      sorted = sort_ranks(ranks, group.count) && sorted;
      if (named && has_tie(ranks, group.count))
        return group.count <= kFewClients ? smallest_of_all(key, group) : smallest_of_ties(key, group, ranks);
    }
    if (sorted) return key;
    std::array<std::uint8_t, kMaxPermutedProcesses> source{};
    for (std::uint16_t i = 0; i < group.count; ++i) source[i] = ranks[i].slot;
    return permuted(key, group, source);
  }

  // Insertion sort: few and mostly sorted. True when nothing had to move.
  static bool sort_ranks(std::array<Rank, kMaxPermutedProcesses>& ranks, std::uint16_t count) {
    bool sorted = true;
    for (std::uint16_t i = 1; i < count; ++i) {
      const Rank moving = ranks[i];
      std::uint16_t j = i;
      for (; j > 0 && less(moving, ranks[j - 1]); --j) {
        ranks[j] = ranks[j - 1];
        sorted = false;
      }
      ranks[j] = moving;
    }
    return sorted;
  }
  static bool less(const Rank& a, const Rank& b) {
    return a.likeness != b.likeness ? a.likeness < b.likeness : a.seen < b.seen;
  }
  static bool has_tie(const std::array<Rank, kMaxPermutedProcesses>& ranks, std::uint16_t count) {
    for (std::uint16_t i = 1; i < count; ++i) {
      if (ranks[i].likeness == ranks[i - 1].likeness && ranks[i].seen == ranks[i - 1].seen) return true;
    }
    return false;
  }

  // True when some process names equal clients.
  bool add_seen(const Key<W>& key, std::array<Rank, kMaxPermutedProcesses>& ranks, std::uint16_t count) {
    bool named = false;
    for (std::uint16_t i = 0; i < count; ++i) {
      const Slot slot = ranks[i].slot;
      std::uint64_t seen = 0;
      for (std::size_t s = 0; s < layout_.service.size(); ++s) {
        seen = seen * 0x100000001B3ULL + tables_.service_seen_from(s, layout_.service_state(key, s), slot);
      }
      for (Slot other = 0; other < processes_; ++other) {
        const LocalId local = layout_.local(key, other);
        if (!StateTables::names_others(tables_.likeness(local))) continue;
        named = true;
        // A sum, so that it does not matter in which slot the namer is.
        seen += (tables_.local_seen_from(local, slot) + 1) * 0x9E3779B97F4A7C15ULL;
      }
      ranks[i].seen = seen;
    }
    return named;
  }

  // Clients that name each other have no order of their own: try every permutation and keep the smallest key.
  Key<W> smallest_of_all(const Key<W>& key, Group& group) {
    std::array<std::uint8_t, kMaxPermutedProcesses> source{};
    std::iota(source.begin(), source.begin() + group.count, static_cast<std::uint8_t>(group.first));
    Key<W> best = key;
    while (std::next_permutation(source.begin(), source.begin() + group.count)) {
      best = std::min(best, permuted(key, group, source));
    }
    return best;
  }

  // More clients have too many orders to try them all, but those that are no tie have their order; nor does
  // it matter in which order clients stand that can swap places and nothing is different.
  [[gnu::noinline]] Key<W> smallest_of_ties(const Key<W>& key, Group& group,
                                            const std::array<Rank, kMaxPermutedProcesses>& ranks) {
    std::array<std::uint8_t, kMaxPermutedProcesses> source{};
    for (std::uint16_t i = 0; i < group.count; ++i) source[i] = ranks[i].slot;
    std::vector<std::pair<std::uint16_t, std::uint16_t>>
        ties;  // [first, last) of those with an order to find
    std::size_t orders = 1;
    for (std::uint16_t first = 0, last = 0; first < group.count; first = last) {
      for (last = first; last < group.count && !less(ranks[first], ranks[last]); ++last) {
      }
      if (last - first < 2 || are_interchangeable(key, group, {source.data() + first, source.data() + last}))
        continue;
      std::sort(source.begin() + first, source.begin() + last);
      ties.emplace_back(first, last);
      for (std::size_t n = 2; n <= static_cast<std::size_t>(last - first); ++n) orders *= n;
      require(orders <= kMostTriedOrders, "equal clients that name each other in more than 720 orders");
    }
    Key<W> best = permuted(key, group, source);
    for (std::size_t tried = 1; tried < orders; ++tried) {
      // Like an odometer: the next order of the first tie, and of the next one when the first has had all.
      for (const auto& [first, last] : ties) {
        if (std::next_permutation(source.begin() + first, source.begin() + last)) break;
      }
      best = std::min(best, permuted(key, group, source));
    }
    return best;
  }

  // Whether any two of the clients can swap places without changing anything.
  bool are_interchangeable(const Key<W>& key, Group& group, std::span<const std::uint8_t> slots) {
    for (std::size_t i = 1; i < slots.size(); ++i) {
      std::array<std::uint8_t, kMaxPermutedProcesses> source{};
      std::iota(source.begin(), source.begin() + group.count, static_cast<std::uint8_t>(group.first));
      std::swap(source[slots[i] - group.first], source[slots[i - 1] - group.first]);
      if (permuted(key, group, source) != key) return false;
    }
    return true;
  }

  // Whether some order of the groups from `number` on makes `from` into `to`.
  bool reaches(const Key<W>& from, const Key<W>& to, std::size_t number) {
    if (number == groups_.size()) return from == to;
    Group& group = groups_[number];
    require(group.count <= kMostOrdered,
            "a path through states of more than six equal clients to be walked again");
    std::array<std::uint8_t, kMaxPermutedProcesses> source{};
    std::iota(source.begin(), source.begin() + group.count, static_cast<std::uint8_t>(group.first));
    do {
      if (reaches(permuted(from, group, source), to, number + 1)) return true;
    } while (std::next_permutation(source.begin(), source.begin() + group.count));
    return false;
  }

  // The process in slot source[i] moves to slot first + i.
  Key<W> permuted(const Key<W>& key, Group& group,
                  const std::array<std::uint8_t, kMaxPermutedProcesses>& source) {
    const std::uint32_t permutation = number_of(group, source);
    Key<W> result = key;
    for (std::size_t s = 0; s < layout_.service.size(); ++s) {
      layout_.set_service(result, s, tables_.permuted_service(s, layout_.service_state(key, s), permutation));
    }
    for (Slot slot = 0; slot < processes_; ++slot) {
      const bool in_group = slot >= group.first && slot < group.first + group.count;
      const Slot from = in_group ? source[slot - group.first] : slot;
      const std::uint64_t value = layout_.process[from].get(key);
      layout_.process[slot].set(result, value);
      const LocalId local = static_cast<LocalId>(value & layout_.local_mask);
      if (StateTables::names_others(tables_.likeness(local)))
        layout_.set_local(result, slot, tables_.permuted_local(local, permutation));
    }
    return result;
  }

  // The tables' number of that order.
  std::uint32_t number_of(Group& group, const std::array<std::uint8_t, kMaxPermutedProcesses>& source) {
    if (group.count > kFewClients) return looked_up(group, source);
    std::size_t code = 0;
    for (std::uint16_t i = 0; i < group.count; ++i)
      code = code << kBitsOfFew | static_cast<std::size_t>(source[i] - group.first);
    if (group.numbers.empty()) group.numbers.resize(std::size_t{1} << (kBitsOfFew * kFewClients), kUnknown);
    std::uint32_t& number = group.numbers[code];
    if (number == kUnknown) number = looked_up(group, source);
    return number;
  }

  [[gnu::noinline]] std::uint32_t looked_up(const Group& group,
                                            const std::array<std::uint8_t, kMaxPermutedProcesses>& source) {
    SlotPermutation map;
    std::iota(map.to.begin(), map.to.end(), std::uint8_t{0});
    std::uint64_t code = 0;
    for (std::uint16_t i = 0; i < group.count; ++i) {
      map.to[source[i]] = static_cast<std::uint8_t>(group.first + i);
      code = code << 4U | source[i];
    }
    const auto known = indexes_.find(code * 31 + group.first);
    if (known != indexes_.end()) return known->second;
    // Tables that are frozen refuse a new one: then nothing is kept.
    const std::uint32_t number = tables_.permutation_index(map);
    indexes_.emplace(code * 31 + group.first, number);
    return number;
  }

  static constexpr std::uint16_t kMostOrdered = 6;
  static constexpr std::size_t kMostTriedOrders = 720;

  StateTables& tables_;
  const StateLayout& layout_;
  std::vector<Group> groups_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> indexes_;
  Slot processes_ = 0;
};

}  // namespace lockstorm::sim
