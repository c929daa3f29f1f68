#include "sim/levels/compact_set.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "sim/limits.hpp"

namespace lockstorm::sim {
namespace {

constexpr unsigned kWordBits = 64;

std::uint64_t low_bits(unsigned bits) {
  return bits >= kWordBits ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
}

// `count` bits from bit `at` on; the bytes up to fifteen behind may be read, too.
std::uint64_t bits_at(const unsigned char* bytes, std::size_t at, unsigned count) {
  __uint128_t two_words = 0;
  std::memcpy(&two_words, bytes + at / 8, sizeof two_words);
  return static_cast<std::uint64_t>(two_words >> at % 8) & low_bits(count);
}

// The bits must be zero, or are to be united with what is there.
void unite_bits_at(unsigned char* bytes, std::size_t at, std::uint64_t value) {
  __uint128_t two_words = 0;
  std::memcpy(&two_words, bytes + at / 8, sizeof two_words);
  two_words |= static_cast<__uint128_t>(value) << at % 8;
  std::memcpy(bytes + at / 8, &two_words, sizeof two_words);
}

// Multiplications by odd numbers and shifts to the right permute the numbers of so many bits; both are undone
// in the opposite order.
constexpr std::uint64_t kFirst = 0xBF58476D1CE4E5B9ULL;
constexpr std::uint64_t kSecond = 0x94D049BB133111EBULL;

constexpr std::uint64_t inverse(std::uint64_t odd) {  // Newton: each step doubles the bits that are right
  std::uint64_t x = odd;
  for (int i = 0; i < 5; ++i) x *= 2 - odd * x;
  return x;
}
static_assert(inverse(kFirst) * kFirst == 1 && inverse(kSecond) * kSecond == 1);

std::uint64_t mixed(std::uint64_t value, unsigned bits, std::uint64_t mask) {
  const unsigned half = (bits + 1) / 2;  // at least half, so that one shift back undoes it
  value ^= value >> half;
  value = value * kFirst & mask;
  value ^= value >> half;
  value = value * kSecond & mask;
  value ^= value >> half;
  return value;
}

std::uint64_t unmixed(std::uint64_t value, unsigned bits, std::uint64_t mask) {
  const unsigned half = (bits + 1) / 2;
  value ^= value >> half;
  value = value * inverse(kSecond) & mask;
  value ^= value >> half;
  value = value * inverse(kFirst) & mask;
  value ^= value >> half;
  return value;
}

// Full to so many hundredths, a part of the table grows.
constexpr std::uint64_t kFullest = 95;

}  // namespace

template <int W>
CompactSet<W>::CompactSet(const std::array<unsigned, W>& bits_of_word) : bits_(bits_of_word) {
  bits_[0] = std::max(bits_[0], kLeastBits);
  for (const unsigned bits : bits_) require(bits <= kWordBits, "more bits in a word than it has");
  for (int i = 1; i < W; ++i) words_bits_ += bits_[static_cast<std::size_t>(i)];
  value_bits_ = bits_[0] - kSegmentBits;
  mask_ = low_bits(bits_[0]);
  segments_.resize(std::size_t{1} << kSegmentBits);
  clear();
}

template <int W>
void CompactSet<W>::clear() {
  size_ = 0;
  for (Segment& segment : segments_) shape(segment, kFirstBits, 8);
}

template <int W>
void CompactSet<W>::shape(Segment& segment, unsigned bits, unsigned parts) const {
  detail::MappedMemory memory(bytes_of(bits, parts));
  segment = Segment{.memory = std::move(memory), .bits = bits, .parts = parts};
  segment.buckets = static_cast<std::uint64_t>(parts) << bits;
  const std::uint64_t values = std::uint64_t{1} << (value_bits_ - bits);
  std::uint64_t widest = 1;
  for (unsigned part = 0; part <= parts; ++part) {
    const std::uint64_t lowest = (values * part + parts - 1) / parts;
    segment.lowest[part] = lowest;
    if (part > 0) widest = std::max(widest, lowest - segment.lowest[part - 1]);
  }
  segment.rest_bits = static_cast<unsigned>(std::bit_width(widest - 1));
  segment.entry_bits = segment.rest_bits + kDistanceBits + 1 + words_bits_;
  segment.entries_of_a_bucket = (kBucketBytes * 8 - kCountBits) / segment.entry_bits;
  require(segment.entries_of_a_bucket > 0, "keys that are wider than a bucket");
}

// The other words move the first one, which can be undone as they are stored whole.
template <int W>
std::uint64_t CompactSet<W>::permuted(const Key<W>& key) const {
  std::uint64_t value = key.word[0];
  if constexpr (W > 1) {
    std::uint64_t hash = 0;
    for (std::size_t i = 1; i < W; ++i) hash = (hash ^ key.word[i]) * kFirst ^ hash >> 29U;
    hash = (hash ^ hash >> 31U) * kSecond;
    value = (value + (hash ^ hash >> 32U)) & mask_;
  }
  return mixed(value, bits_[0], mask_);
}

template <int W>
std::uint64_t CompactSet<W>::original(std::uint64_t value, const std::array<std::uint64_t, W>& words) const {
  value = unmixed(value, bits_[0], mask_);
  if constexpr (W > 1) {
    std::uint64_t hash = 0;
    for (std::size_t i = 1; i < W; ++i) hash = (hash ^ words[i]) * kFirst ^ hash >> 29U;
    hash = (hash ^ hash >> 31U) * kSecond;
    value = (value - (hash ^ hash >> 32U)) & mask_;
  }
  return value;
}

template <int W>
auto CompactSet<W>::home_in(const Segment& segment, std::uint32_t number, std::uint64_t value) const -> Home {
  const unsigned shift = value_bits_ - segment.bits;
  const std::uint64_t within = value & low_bits(shift);
  const std::uint64_t part = within * segment.parts >> shift;
  return {number, (value >> shift) * segment.parts + part, within - segment.lowest[part]};
}

template <int W>
auto CompactSet<W>::home_of(const Key<W>& key) const -> Home {
  const std::uint64_t value = permuted(key);
  const auto number = static_cast<std::uint32_t>(value >> value_bits_);
  return home_in(segments_[number], number, value & low_bits(value_bits_));
}

// Of the permuted word, without the segment's number.
template <int W>
std::uint64_t CompactSet<W>::value_of(const Segment& segment, std::uint64_t bucket,
                                      const Entry& entry) const {
  const std::uint64_t home =
      bucket >= entry.distance ? bucket - entry.distance : bucket + segment.buckets - entry.distance;
  const std::uint64_t group = home / segment.parts;
  return group << (value_bits_ - segment.bits) | (segment.lowest[home % segment.parts] + entry.rest);
}

template <int W>
Key<W> CompactSet<W>::key_of(std::uint32_t number, std::uint64_t bucket, const Entry& entry) const {
  const std::uint64_t value =
      std::uint64_t{number} << value_bits_ | value_of(segments_[number], bucket, entry);
  Key<W> key;
  key.word = entry.words;
  key.word[0] = original(value, entry.words);
  return key;
}

template <int W>
auto CompactSet<W>::read(const Segment& segment, const unsigned char* bucket, unsigned i) const -> Entry {
  std::size_t at = kCountBits + std::size_t{i} * segment.entry_bits;
  Entry entry;
  const unsigned first_bits = segment.rest_bits + kDistanceBits + 1;
  const std::uint64_t first = bits_at(bucket, at, first_bits);
  entry.mark = (first & 1U) != 0;
  entry.distance = static_cast<unsigned>(first >> 1U & low_bits(kDistanceBits));
  entry.rest = first >> (kDistanceBits + 1);
  at += first_bits;
  for (std::size_t word = 1; word < W; ++word) {
    entry.words[word] = bits_at(bucket, at, bits_[word]);
    at += bits_[word];
  }
  return entry;
}

template <int W>
void CompactSet<W>::write(const Segment& segment, unsigned char* bucket, unsigned i,
                          const Entry& entry) const {
  std::size_t at = kCountBits + std::size_t{i} * segment.entry_bits;
  unite_bits_at(bucket, at,
                entry.rest << (kDistanceBits + 1) | std::uint64_t{entry.distance} << 1U |
                    static_cast<std::uint64_t>(entry.mark));
  at += segment.rest_bits + kDistanceBits + 1;
  for (std::size_t word = 1; word < W; ++word) {
    unite_bits_at(bucket, at, entry.words[word]);
    at += bits_[word];
  }
}

// An entry lies in the first bucket from its home on that had room; so the first one with room ends the
// search.
template <int W>
auto CompactSet<W>::find(const Key<W>& key, const Home& home) const -> Place {
  const Segment& segment = segments_[home.segment];
  Place place{.bucket = home.bucket};
  const unsigned first_bits = segment.rest_bits + kDistanceBits + 1;
  for (;; ++place.distance) {
    const unsigned char* const bucket = segment.bucket(place.bucket);
    const unsigned count = count_of(bucket);
    const std::uint64_t wanted = home.rest << kDistanceBits | place.distance;
    std::size_t at = kCountBits;
    for (place.index = 0; place.index < count; ++place.index, at += segment.entry_bits) {
      if (bits_at(bucket, at, first_bits) >> 1U != wanted) continue;
      if constexpr (W > 1) {
        const Entry entry = read(segment, bucket, place.index);
        bool same = true;
        for (std::size_t word = 1; word < W; ++word) same = same && entry.words[word] == key.word[word];
        if (!same) continue;
      }
      place.found = true;
      return place;
    }
    if (count < segment.entries_of_a_bucket) {
      place.has_room = true;
      return place;
    }
    if (place.distance == low_bits(kDistanceBits)) return place;
    place.bucket = next_bucket(segment, place.bucket);
  }
}

template <int W>
bool CompactSet<W>::insert(const Key<W>& key, const Home& given) {
  Home home = given;
  for (;;) {
    Segment& segment = segments_[home.segment];
    const Place place = find(key, home);
    if (place.found) return false;
    const bool is_full = segment.used * 100 >= segment.buckets * segment.entries_of_a_bucket * kFullest;
    if (!place.has_room || is_full) {
      grow(segment);
      home = home_of(key);
      continue;
    }
    put(segment, place, {.rest = home.rest, .distance = place.distance, .words = key.word});
    ++size_;
    return true;
  }
}

template <int W>
void CompactSet<W>::put(Segment& segment, const Place& place, const Entry& entry) const {
  unsigned char* const bucket = segment.bucket(place.bucket);
  write(segment, bucket, place.index, entry);
  bucket[0] = static_cast<unsigned char>(place.index + 1);
  ++segment.used;
}

// False: some entry would lie too far from its home.
template <int W>
bool CompactSet<W>::move_all(const Segment& from, Segment& to) const {
  for (std::uint64_t b = 0; b < from.buckets; ++b) {
    const unsigned count = count_of(from.bucket(b));
    for (unsigned i = 0; i < count; ++i) {
      Entry entry = read(from, from.bucket(b), i);
      const Home home = home_in(to, 0, value_of(from, b, entry));
      Place place{.bucket = home.bucket};
      while ((place.index = count_of(to.bucket(place.bucket))) == to.entries_of_a_bucket) {
        if (place.distance++ == low_bits(kDistanceBits)) return false;
        place.bucket = next_bucket(to, place.bucket);
      }
      entry.rest = home.rest;
      entry.distance = place.distance;
      put(to, place, entry);
    }
  }
  return true;
}

// By an eighth, a ninth, ..., or a fifteenth, whichever is next.
template <int W>
void CompactSet<W>::grow(Segment& segment) {
  Segment larger;
  unsigned bits = segment.bits;
  unsigned parts = segment.parts;
  do {
    if (++parts == 16) {
      parts = 8;
      ++bits;
    }
    require(bits + 4 < value_bits_, "more states than keys of so few bits can be");
    shape(larger, bits, parts);
  } while (!move_all(segment, larger));
  segment = std::move(larger);
}

template <int W>
bool CompactSet<W>::contains(const Key<W>& key) const {
  return find(key, home_of(key)).found;
}

template <int W>
void CompactSet<W>::mark(const Key<W>& key) {
  const Home home = home_of(key);
  Segment& segment = segments_[home.segment];
  const Place place = find(key, home);
  require(place.found, "a state to be marked that was not visited");
  unite_bits_at(segment.bucket(place.bucket), kCountBits + std::size_t{place.index} * segment.entry_bits, 1);
}

template <int W>
bool CompactSet<W>::is_marked(const Key<W>& key) const {
  const Home home = home_of(key);
  const Segment& segment = segments_[home.segment];
  const Place place = find(key, home);
  return place.found && read(segment, segment.bucket(place.bucket), place.index).mark;
}

template <int W>
std::size_t CompactSet<W>::memory_bytes() const {
  std::size_t bytes = 0;
  for (const Segment& segment : segments_) bytes += segment.memory.bytes();
  return bytes;
}

template <int W>
std::size_t CompactSet<W>::memory_bytes_soon() const {
  std::size_t largest = 0;
  for (const Segment& segment : segments_) {
    const bool is_last = segment.parts == 15;
    largest =
        std::max(largest, bytes_of(segment.bits + (is_last ? 1U : 0U), is_last ? 8 : segment.parts + 1));
  }
  return memory_bytes() + largest;
}

template class CompactSet<1>;
template class CompactSet<2>;
template class CompactSet<4>;

}  // namespace lockstorm::sim
