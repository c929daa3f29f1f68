// The set of visited states: states in order of discovery, and an exact hash index over them.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>

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

/// A large array in reserved address space; pages cost memory only once written.
template <class T>
class ReservedArray {
 public:
  explicit ReservedArray(std::size_t capacity) : bytes_(capacity * sizeof(T)) {
    void* mapping =
        mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapping == MAP_FAILED) throw std::bad_alloc();
    madvise(mapping, bytes_, MADV_HUGEPAGE);
    data_ = static_cast<T*>(mapping);
  }
  ~ReservedArray() {
    if (data_ != nullptr) munmap(data_, bytes_);
  }
  ReservedArray(ReservedArray&& other) noexcept
      : bytes_(other.bytes_), data_(std::exchange(other.data_, nullptr)) {}
  ReservedArray& operator=(ReservedArray&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(data_, other.data_);
    return *this;
  }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  std::size_t bytes_;
  T* data_;
};

/// Buckets of eight entries, one cache line each; an entry is 32 bits of hash and the 32-bit number of its
/// state. A hash match is always confirmed against the state itself, so membership is exact.
template <int W>
class StateSet {
 public:
  static constexpr std::uint32_t kAbsent = ~0U;

  explicit StateSet(std::size_t max_states)
      : max_states_(max_states), states_(max_states + 1), index_(kInitialSlots) {
    shift_ = 64 - std::countr_zero(kInitialSlots / kBucket);
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool full() const { return size_ >= max_states_; }
  [[nodiscard]] const Key<W>& operator[](std::size_t i) const { return states_[i]; }
  [[nodiscard]] std::size_t memory_bytes() const {
    return size_ * sizeof(Key<W>) + slots_ * sizeof(std::uint64_t);
  }

  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&index_[bucket_of(hash)]); }

  /// Brings the state that `hash` probably names closer, once its bucket has arrived.
  void prefetch_state(std::uint64_t hash) const {
    const std::size_t bucket = bucket_of(hash);
    for (std::size_t i = 0; i < kBucket; ++i) {
      const std::uint64_t entry = index_[bucket + i];
      if (tag_of(entry) == static_cast<std::uint32_t>(hash) && entry != 0) {
        __builtin_prefetch(&states_[number_of(entry)]);
        return;
      }
    }
  }

  /// Number of the state, inserting it if it is new (then `second` is true). Must not be full.
  std::pair<std::uint32_t, bool> insert(const Key<W>& key, std::uint64_t hash) {
    if ((size_ + 1) * 16 > slots_ * 13) grow();
    for (std::size_t slot = bucket_of(hash);; slot = next_slot(slot)) {
      const std::uint64_t entry = index_[slot];
      if (entry == 0) {
        index_[slot] = make_entry(hash, size_);
        states_[size_] = key;
        return {static_cast<std::uint32_t>(size_++), true};
      }
      if (tag_of(entry) == static_cast<std::uint32_t>(hash) && states_[number_of(entry)] == key)
        return {number_of(entry), false};
    }
  }

  [[nodiscard]] std::uint32_t find(const Key<W>& key) const {
    const std::uint64_t hash = hash_key(key);
    for (std::size_t slot = bucket_of(hash);; slot = next_slot(slot)) {
      const std::uint64_t entry = index_[slot];
      if (entry == 0) return kAbsent;
      if (tag_of(entry) == static_cast<std::uint32_t>(hash) && states_[number_of(entry)] == key)
        return number_of(entry);
    }
  }

 private:
  static constexpr std::size_t kBucket = 8;
  static constexpr std::size_t kInitialSlots = std::size_t{1} << 13U;

  [[nodiscard]] std::size_t bucket_of(std::uint64_t hash) const { return (hash >> shift_) * kBucket; }
  [[nodiscard]] std::size_t next_slot(std::size_t slot) const { return (slot + 1) & (slots_ - 1); }
  static std::uint32_t tag_of(std::uint64_t entry) { return static_cast<std::uint32_t>(entry >> 32U); }
  static std::uint32_t number_of(std::uint64_t entry) { return static_cast<std::uint32_t>(entry) - 1; }
  static std::uint64_t make_entry(std::uint64_t hash, std::size_t number) {
    return hash << 32U | static_cast<std::uint32_t>(number + 1);
  }

  void grow() {
    const std::size_t old_slots = slots_;
    ReservedArray<std::uint64_t> old(std::move(index_));
    slots_ = old_slots * 2;
    index_ = ReservedArray<std::uint64_t>(slots_);
    shift_ -= 1;
    // In small batches, so that the misses of a batch overlap.
    constexpr std::size_t kAhead = 32;
    std::array<std::uint64_t, kAhead> hashes;
    for (std::size_t start = 0; start < size_; start += kAhead) {
      const std::size_t count = std::min(kAhead, size_ - start);
      for (std::size_t i = 0; i < count; ++i) {
        hashes[i] = hash_key(states_[start + i]);
        __builtin_prefetch(&index_[bucket_of(hashes[i])], 1);
      }
      for (std::size_t i = 0; i < count; ++i) {
        std::size_t slot = bucket_of(hashes[i]);
        while (index_[slot] != 0) slot = next_slot(slot);
        index_[slot] = make_entry(hashes[i], start + i);
      }
    }
  }

  std::size_t max_states_;
  ReservedArray<Key<W>> states_;
  std::size_t slots_ = kInitialSlots;
  ReservedArray<std::uint64_t> index_;
  int shift_;
  std::size_t size_ = 0;
};

}  // namespace lockstorm::sim
