// The set of visited states: states in order of discovery, and an exact hash index over them.
#pragma once

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <utility>

#include "sim/explore/mapped_memory.hpp"

namespace lockstorm::sim {

/// A world state as W packed words.
template <int W>
struct Key {
  std::array<std::uint64_t, W> word{};
  friend bool operator==(const Key& a, const Key& b) {
    std::uint64_t difference = 0;  // inline, unlike the library's call to memcmp
    for (int i = 0; i < W; ++i) difference |= a.word[i] ^ b.word[i];
    return difference == 0;
  }
  friend auto operator<=>(const Key&, const Key&) = default;
};

template <int W>
inline std::uint64_t hash_key(const Key<W>& key) {
  std::uint64_t hash = 0x9E3779B97F4A7C15ULL;
  for (const std::uint64_t word : key.word) {
    const __uint128_t product = static_cast<__uint128_t>(hash ^ word) * 0xE7037ED1A0B428DBULL;
    hash = static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
  }
  hash ^= hash >> 29U;
  return hash * 0xD6E8FEB86659FD93ULL;
}

/// Whether pages get memory as they are written, or all of them at once: a page that is read before it is
/// written costs every core a flush of its address translations.
enum class Pages : std::uint8_t { on_demand, at_once };

/// A large array of zeroes that takes address space as it grows; what it holds is moved, never copied. Throws
/// std::bad_alloc where there is no room.
template <class T>
class ReservedArray {
 public:
  explicit ReservedArray(std::size_t capacity, Pages pages = Pages::on_demand)
      : memory_(capacity * sizeof(T), pages == Pages::at_once) {}

  /// From now on there are at least `count` entries; the new ones are zero.
  void make_room(std::size_t count) {
    if (count * sizeof(T) > memory_.bytes()) [[unlikely]]
      memory_.grow(count * sizeof(T));
  }
  /// Gives everything back.
  void release() { memory_ = detail::MappedMemory(); }

  T& operator[](std::size_t i) { return static_cast<T*>(memory_.data())[i]; }
  const T& operator[](std::size_t i) const { return static_cast<const T*>(memory_.data())[i]; }
  [[nodiscard]] std::size_t bytes() const { return memory_.bytes(); }

 private:
  detail::MappedMemory memory_;
};

/// The same with what is in use counted: what is put at its end.
template <class T>
class GrowingArray {
 public:
  GrowingArray() : room_(kFirst) {}

  void push_back(const T& value) {
    room_.make_room(size_ + 1);
    room_[size_++] = value;
  }
  template <class Range>
  void append(const Range& values) {
    room_.make_room(size_ + values.size());
    for (const T& value : values) room_[size_++] = value;
  }
  T& operator[](std::size_t i) { return room_[i]; }
  const T& operator[](std::size_t i) const { return room_[i]; }
  [[nodiscard]] const T* begin() const { return &room_[0]; }
  [[nodiscard]] const T& back() const { return room_[size_ - 1]; }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// What its entries take.
  [[nodiscard]] std::size_t memory_bytes() const { return size_ * sizeof(T); }

 private:
  static constexpr std::size_t kFirst = 512;

  ReservedArray<T> room_;
  std::size_t size_ = 0;
};

/// Sixteen entries of a hash index that share a cache line. An entry is some bits of hash above the number of
/// a state plus one; 0 is empty. Filled from the front.
struct alignas(64) IndexGroup {
  static constexpr unsigned kEntries = 16;
  std::array<std::uint32_t, kEntries> entry;

  /// Bit i: entry i equals `wanted` in the bits of `mask`.
  [[nodiscard]] unsigned matches(std::uint32_t wanted, std::uint32_t mask) const {
#ifdef __SSE2__
    const __m128i masks = _mm_set1_epi32(static_cast<int>(mask));
    const __m128i wanteds = _mm_set1_epi32(static_cast<int>(wanted));
    const auto quarter = [&](std::size_t i) {
      const __m128i four = _mm_load_si128(reinterpret_cast<const __m128i*>(entry.data() + i));
      return _mm_cmpeq_epi32(_mm_and_si128(four, masks), wanteds);
    };
    const __m128i low = _mm_packs_epi32(quarter(0), quarter(4));
    const __m128i high = _mm_packs_epi32(quarter(8), quarter(12));
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_packs_epi16(low, high)));
#else
    unsigned found = 0;
    for (unsigned i = 0; i < kEntries; ++i) found |= ((entry[i] & mask) == wanted ? 1U : 0U) << i;
    return found;
#endif
  }
};

/// A hash match is always confirmed against the state itself, so membership is exact.
template <int W>
class StateSet {
 public:
  static constexpr std::uint32_t kAbsent = ~0U;

  explicit StateSet(std::size_t max_states)
      : max_states_(std::min(max_states, kMostStates)),
        states_(kInitialGroups * kFill),
        index_(kInitialGroups, Pages::at_once) {
    shape(kInitialGroups);
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t max_size() const { return max_states_; }
  [[nodiscard]] bool full() const { return size_ >= max_states_; }
  [[nodiscard]] const Key<W>& operator[](std::size_t i) const { return states_[i]; }
  /// What it takes, once a few more are inserted.
  [[nodiscard]] std::size_t memory_bytes() const {
    const std::size_t groups = size_ + kSoon > limit_ ? 2 * groups_ : groups_;
    return size_ * sizeof(Key<W>) + groups * sizeof(IndexGroup);
  }

  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&index_[group_of(hash)]); }

  /// The state that `hash` probably names, brought closer, or kAbsent; call once its group has arrived.
  [[nodiscard]] std::uint32_t candidate(std::uint64_t hash) const {
    const IndexGroup& group = index_[group_of(hash)];
    const unsigned found = group.matches(tag_of(hash), tag_mask_);
    if (found == 0) return kAbsent;
    const std::uint32_t number = number_of(group.entry[static_cast<unsigned>(std::countr_zero(found))]);
    __builtin_prefetch(&states_[number]);
    return number;
  }
  [[nodiscard]] bool is(std::uint32_t candidate, const Key<W>& key) const {
    return candidate != kAbsent && states_[candidate] == key;
  }

  /// Number of the state, inserting it if it is new (then `second` is true). Must not be full.
  std::pair<std::uint32_t, bool> insert(const Key<W>& key, std::uint64_t hash) {
    if (size_ >= limit_) grow();
    const std::size_t home = group_of(hash);
    const std::uint32_t known = find_from(home, key, hash);
    if (known != kAbsent) return {known, false};
    place(home, tag_of(hash) | static_cast<std::uint32_t>(size_ + 1));
    states_[size_] = key;
    return {static_cast<std::uint32_t>(size_++), true};
  }

  [[nodiscard]] std::uint32_t find(const Key<W>& key) const {
    const std::uint64_t hash = hash_key(key);
    return find_from(group_of(hash), key, hash);
  }

 private:
  static constexpr std::size_t kInitialGroups = std::size_t{1} << 9U;
  static constexpr std::size_t kFill = 12;  ///< of sixteen entries in use, on average, before groups double
  static constexpr std::size_t kMostStates = (std::size_t{1} << 30U) - 1;
  static constexpr std::size_t kSoon = 1024;

  [[nodiscard]] std::size_t group_of(std::uint64_t hash) const { return hash >> shift_; }
  [[nodiscard]] std::size_t next_group(std::size_t group) const { return (group + 1) & (groups_ - 1); }
  [[nodiscard]] std::uint32_t tag_of(std::uint64_t hash) const {
    return static_cast<std::uint32_t>(hash) & tag_mask_;
  }
  [[nodiscard]] std::uint32_t number_of(std::uint32_t entry) const { return (entry & ~tag_mask_) - 1; }

  // The more groups, the longer the numbers and the shorter the tags.
  void shape(std::size_t groups) {
    groups_ = groups;
    limit_ = groups * kFill;
    shift_ = 64 - std::countr_zero(groups);
    tag_mask_ = ~static_cast<std::uint32_t>(std::bit_ceil(limit_ + 1) - 1);
  }

  [[nodiscard]] std::uint32_t find_from(std::size_t group, const Key<W>& key, std::uint64_t hash) const {
    for (;; group = next_group(group)) {
      const IndexGroup& entries = index_[group];
      for (unsigned found = entries.matches(tag_of(hash), tag_mask_); found != 0; found &= found - 1) {
        const std::uint32_t entry = entries.entry[static_cast<unsigned>(std::countr_zero(found))];
        if (entry != 0 && states_[number_of(entry)] == key) return number_of(entry);
      }
      if (entries.entry.back() == 0) return kAbsent;
    }
  }

  void place(std::size_t group, std::uint32_t entry) {
    while (index_[group].entry.back() != 0) group = next_group(group);
    const unsigned empty = index_[group].matches(0, ~0U);
    index_[group].entry[static_cast<unsigned>(std::countr_zero(empty))] = entry;
  }

  // The index is made anew from the states, so the old one need not be there any more.
  void grow() {
    states_.make_room(std::min(groups_ * 2 * kFill, max_states_ + 1));
    index_.release();
    index_ = ReservedArray<IndexGroup>(groups_ * 2, Pages::at_once);
    shape(groups_ * 2);
    // In small batches, so that the misses of a batch overlap.
    constexpr std::size_t kAhead = 32;
    std::array<std::uint64_t, kAhead> hashes;
    for (std::size_t start = 0; start < size_; start += kAhead) {
      const std::size_t count = std::min(kAhead, size_ - start);
      for (std::size_t i = 0; i < count; ++i) {
        hashes[i] = hash_key(states_[start + i]);
        __builtin_prefetch(&index_[group_of(hashes[i])], 1);
      }
      for (std::size_t i = 0; i < count; ++i) {
        place(group_of(hashes[i]), tag_of(hashes[i]) | static_cast<std::uint32_t>(start + i + 1));
      }
    }
  }

  std::size_t max_states_;
  ReservedArray<Key<W>> states_;
  std::size_t groups_ = kInitialGroups;
  ReservedArray<IndexGroup> index_;
  std::size_t limit_ = 0;
  int shift_ = 0;
  std::uint32_t tag_mask_ = 0;
  std::size_t size_ = 0;
};

}  // namespace lockstorm::sim
