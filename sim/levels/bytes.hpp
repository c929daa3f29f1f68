// Numbers and keys as bytes, for files and for whoever shares a search: of one build, on machines of one
// kind.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "sim/limits.hpp"

namespace lockstorm::sim {

using Bytes = std::vector<std::byte>;

inline void append_raw(Bytes& bytes, const void* from, std::size_t count) {
  const std::size_t before = bytes.size();
  bytes.resize(before + count);
  if (count > 0) std::memcpy(bytes.data() + before, from, count);
}

template <class T>
  requires std::is_trivially_copyable_v<T>
void append(Bytes& bytes, const T& value) {
  append_raw(bytes, &value, sizeof value);
}

template <class T>
  requires std::is_trivially_copyable_v<T>
void append_all(Bytes& bytes, std::span<const T> values) {
  append_raw(bytes, values.data(), values.size_bytes());
}

/// Reads what `append` has written, in the same order. Throws EngineError where there is less than is asked
/// for.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  template <class T>
    requires std::is_trivially_copyable_v<T>
  T take() {
    T value;
    std::memcpy(&value, taken(sizeof value), sizeof value);
    return value;
  }
  template <class T>
    requires std::is_trivially_copyable_v<T>
  void take_all(std::vector<T>& values, std::size_t count) {
    const std::size_t before = values.size();
    values.resize(before + count);
    if (count > 0) std::memcpy(values.data() + before, taken(count * sizeof(T)), count * sizeof(T));
  }
  /// How many values of that kind are left.
  template <class T>
  [[nodiscard]] std::size_t left() const {
    return (bytes_.size() - at_) / sizeof(T);
  }

 private:
  const std::byte* taken(std::size_t count) {
    if (bytes_.size() - at_ < count) throw_engine_error("a message is shorter than what it says");
    at_ += count;
    return bytes_.data() + at_ - count;
  }

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
};

}  // namespace lockstorm::sim
