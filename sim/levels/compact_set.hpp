// An exact set of packed states in few bytes each: what the place of an entry says is not stored in it.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/explore/mapped_memory.hpp"
#include "sim/explore/state_set.hpp"

namespace lockstorm::sim {

/// A hash table with quotients (Cleary, "Compact hash tables using bidirectional linear probing", IEEE Trans.
/// Computers 1984; here with buckets of a cache line). A key's first word is permuted; the bucket that it
/// falls into stands for the upper bits of the permuted word, and only what is left of them is stored, beside
/// the other words, how many buckets away from its home the entry had to go, and one mark. Nothing is lost by
/// that: the keys can be listed again. There are no deletions, and no numbers of states.
template <int W>
class CompactSet {
 public:
  /// `bits_of_word`: how many of the lowest bits of each word keys use. At most 64.
  explicit CompactSet(const std::array<unsigned, W>& bits_of_word);

  /// Where a key belongs: for several look-ups of the same key.
  struct Home {
    std::uint32_t segment = 0;
    std::uint64_t bucket = 0;
    std::uint64_t rest = 0;  ///< of the permuted word
  };
  [[nodiscard]] Home home_of(const Key<W>& key) const;
  /// Calls `use(i)` for each of the keys, in order; what belongs to the next ones is fetched meanwhile.
  template <class Use>
  void for_each_of(std::span<const Key<W>> keys, const Use& use) const {
    for (std::size_t first = 0; first < keys.size(); first += kFetchedTogether) {
      const std::size_t end = std::min(first + kFetchedTogether, keys.size());
      for (std::size_t i = first; i < end; ++i) {
        const Home home = home_of(keys[i]);
        __builtin_prefetch(segments_[home.segment].bucket(home.bucket), 1);
      }
      for (std::size_t i = first; i < end; ++i) use(i);
    }
  }

  /// Whether it was not in it before. Throws std::bad_alloc where there is no room, and nothing has changed
  /// then.
  bool insert(const Key<W>& key) { return insert(key, home_of(key)); }
  bool insert(const Key<W>& key, const Home& home);
  [[nodiscard]] bool contains(const Key<W>& key) const;

  /// Every key has a mark, which is off at first. The key must be in the set.
  void mark(const Key<W>& key);
  /// False, too, for what is not in the set.
  [[nodiscard]] bool is_marked(const Key<W>& key) const;

  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// What it takes now.
  [[nodiscard]] std::size_t memory_bytes() const;
  /// What it will take at most while the next key is inserted: a segment that grows is there twice meanwhile.
  [[nodiscard]] std::size_t memory_bytes_soon() const;

  /// Gives everything back.
  void clear();

  /// Calls `use(key, is_marked)` for each, in the order of the table.
  template <class Use>
  void for_each(const Use& use) const {
    for (std::uint32_t s = 0; s < segments_.size(); ++s) {
      const Segment& segment = segments_[s];
      for (std::uint64_t b = 0; b < segment.buckets; ++b) {
        const unsigned count = count_of(segment.bucket(b));
        for (unsigned i = 0; i < count; ++i) {
          const Entry entry = read(segment, segment.bucket(b), i);
          use(key_of(s, b, entry), entry.mark);
        }
      }
    }
  }

 private:
  static constexpr std::size_t kFetchedTogether = 32;
  static constexpr unsigned kSegmentBits = 6;
  static constexpr unsigned kDistanceBits = 5;
  static constexpr std::size_t kBucketBytes = std::size_t{64} * W;
  static constexpr unsigned kCountBits = 8;   ///< the first of a bucket: how many entries it holds
  static constexpr unsigned kLeastBits = 24;  ///< of a permuted word
  static constexpr unsigned kFirstBits = 2;   ///< of a segment's number of buckets
  static constexpr std::size_t kSpare = 16;   ///< behind the buckets: entries are read in whole words

  /// One part of the table, which grows by itself. It has parts * 2^bits buckets, `parts` from 8 to 15.
  struct Segment {
    detail::MappedMemory memory;
    unsigned bits = 0;
    unsigned parts = 8;
    std::uint64_t buckets = 0;
    std::uint64_t used = 0;
    unsigned rest_bits = 0;  ///< of what is stored of the permuted word
    unsigned entry_bits = 0;
    unsigned entries_of_a_bucket = 0;
    /// The first value of each part among those of 2^(value bits - bits).
    std::array<std::uint64_t, 16> lowest{};

    [[nodiscard]] const unsigned char* bucket(std::uint64_t i) const {
      return static_cast<const unsigned char*>(memory.data()) + i * kBucketBytes;
    }
    [[nodiscard]] unsigned char* bucket(std::uint64_t i) {
      return static_cast<unsigned char*>(memory.data()) + i * kBucketBytes;
    }
  };
  struct Entry {
    std::uint64_t rest = 0;
    unsigned distance = 0;
    bool mark = false;
    std::array<std::uint64_t, W> words{};  ///< from the second on
  };
  struct Place {
    std::uint64_t bucket = 0;
    unsigned index = 0;
    unsigned distance = 0;
    bool found = false;
    bool has_room = false;
  };

  [[nodiscard]] std::uint64_t permuted(const Key<W>& key) const;
  [[nodiscard]] std::uint64_t original(std::uint64_t value, const std::array<std::uint64_t, W>& words) const;
  [[nodiscard]] Home home_in(const Segment& segment, std::uint32_t number, std::uint64_t value) const;
  [[nodiscard]] std::uint64_t value_of(const Segment& segment, std::uint64_t bucket,
                                       const Entry& entry) const;
  [[nodiscard]] Key<W> key_of(std::uint32_t segment, std::uint64_t bucket, const Entry& entry) const;
  [[nodiscard]] static unsigned count_of(const unsigned char* bucket) { return bucket[0]; }
  [[nodiscard]] Entry read(const Segment& segment, const unsigned char* bucket, unsigned i) const;
  void write(const Segment& segment, unsigned char* bucket, unsigned i, const Entry& entry) const;
  [[nodiscard]] Place find(const Key<W>& key, const Home& home) const;
  void shape(Segment& segment, unsigned bits, unsigned parts) const;
  void put(Segment& segment, const Place& place, const Entry& entry) const;
  bool move_all(const Segment& from, Segment& to) const;
  void grow(Segment& segment);
  [[nodiscard]] static std::uint64_t next_bucket(const Segment& segment, std::uint64_t bucket) {
    return bucket + 1 == segment.buckets ? 0 : bucket + 1;
  }
  [[nodiscard]] std::size_t bytes_of(unsigned bits, unsigned parts) const {
    return (static_cast<std::size_t>(parts) << bits) * kBucketBytes + kSpare;
  }

  std::array<unsigned, W> bits_;
  unsigned value_bits_;      ///< of the permuted word without the segment's number
  unsigned words_bits_ = 0;  ///< of the words from the second on
  std::uint64_t mask_;       ///< of the permuted word
  std::vector<Segment> segments_;
  std::uint64_t size_ = 0;
};

}  // namespace lockstorm::sim
