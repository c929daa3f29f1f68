// Configurations of a linearizability search - what is linearized of the operations that are going on, and
// the object's state - and sets of them that keep only the best.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace lockstorm::checkers::linearizability {

/// Operations that are going on have slots; a mask is a set of slots.
template <std::size_t W>
struct Mask {
  std::array<std::uint64_t, W> words{};

  [[nodiscard]] bool has(std::uint32_t slot) const { return (words[slot / 64] >> (slot % 64) & 1U) != 0; }
  void set(std::uint32_t slot) { words[slot / 64] |= std::uint64_t{1} << (slot % 64); }
  void clear(std::uint32_t slot) { words[slot / 64] &= ~(std::uint64_t{1} << (slot % 64)); }
  /// W * 64: all are there.
  [[nodiscard]] std::uint32_t first_absent() const {
    for (std::size_t i = 0; i < W; ++i) {
      if (~words[i] != 0)
        return static_cast<std::uint32_t>(i * 64 + static_cast<std::size_t>(std::countr_one(words[i])));
    }
    return static_cast<std::uint32_t>(W * 64);
  }
  friend Mask operator&(Mask a, const Mask& b) {
    for (std::size_t i = 0; i < W; ++i) a.words[i] &= b.words[i];
    return a;
  }
  friend Mask operator|(Mask a, const Mask& b) {
    for (std::size_t i = 0; i < W; ++i) a.words[i] |= b.words[i];
    return a;
  }
  friend Mask operator-(Mask a, const Mask& b) {
    for (std::size_t i = 0; i < W; ++i) a.words[i] &= ~b.words[i];
    return a;
  }
  friend bool operator==(const Mask&, const Mask&) = default;

  /// Calls `f(slot)` for every slot, in order, until it returns true; whether it did.
  template <class F>
  bool any(F f) const {
    for (std::size_t i = 0; i < W; ++i) {
      for (std::uint64_t word = words[i]; word != 0; word &= word - 1) {
        if (f(static_cast<std::uint32_t>(i * 64 + static_cast<std::size_t>(std::countr_zero(word)))))
          return true;
      }
    }
    return false;
  }
};

/// An operation that is going on is *due* (in neither mask: it has to be linearized before it completes),
/// *used* (its effect has been made use of) or *free*: it can be linearized where it changes nothing, so that
/// it is done with, unless it is made use of after all.
template <std::size_t W>
struct Configuration {
  Mask<W> used;
  Mask<W> free;
  std::uint32_t state = 0;  ///< number of the object's state
  std::uint32_t proof = 0;  ///< last entry of the order that led here, where it is recorded

  /// Whatever the other one can still become, this one can: the state is the same and every operation is as
  /// it is there, or free. For what is free can be left alone, as if it had been used, and can be used, as if
  /// it were due.
  [[nodiscard]] bool covers(const Configuration& other) const {
    std::uint64_t worse = 0;
    for (std::size_t i = 0; i < W; ++i) {
      const std::uint64_t differ =
          (used.words[i] ^ other.used.words[i]) | (free.words[i] ^ other.free.words[i]);
      worse |= differ & ~free.words[i];
    }
    return worse == 0;
  }
};

/// Configurations none of which covers another. Made for many small sets one after the other: `clear` costs
/// what was inserted.
template <std::size_t W>
class BestConfigurations {
 public:
  /// False where one that is there covers it. `states`: how many states have numbers.
  bool insert(const Configuration<W>& one, std::size_t states) {
    if (first_.size() < states) first_.resize(states * 2, kNone);
    std::uint32_t* link = &first_[one.state];
    if (*link == kNone) touched_.push_back(one.state);
    while (*link != kNone) {
      Entry& entry = entries_[*link];
      if (entry.configuration.covers(one)) return false;
      if (one.covers(entry.configuration)) {
        entry.dead = true;
        --size_;
        *link = entry.next;
      } else {
        link = &entry.next;
      }
    }
    const auto number = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back({one, first_[one.state], false});
    first_[one.state] = number;
    ++size_;
    return true;
  }

  void clear() {
    for (const std::uint32_t state : touched_) first_[state] = kNone;
    touched_.clear();
    entries_.clear();
    size_ = 0;
  }

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t bytes() const {
    return entries_.capacity() * sizeof(Entry) + first_.capacity() * sizeof(std::uint32_t);
  }
  /// Entries by number in the order of insertion, those included that have been covered since.
  [[nodiscard]] std::size_t entries() const { return entries_.size(); }
  [[nodiscard]] bool is_dead(std::size_t i) const { return entries_[i].dead; }
  [[nodiscard]] const Configuration<W>& operator[](std::size_t i) const { return entries_[i].configuration; }
  [[nodiscard]] Configuration<W>& operator[](std::size_t i) { return entries_[i].configuration; }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  struct Entry {
    Configuration<W> configuration;
    std::uint32_t next = kNone;
    bool dead = false;
  };
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> first_;  ///< [state]
  std::vector<std::uint32_t> touched_;
  std::size_t size_ = 0;
};

}  // namespace lockstorm::checkers::linearizability
