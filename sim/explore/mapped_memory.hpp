// Memory straight from the system, which grows without being copied.
#pragma once

#include <cstddef>
#include <utility>

namespace lockstorm::sim::detail {

/// Zeroed pages; none at first, where it is not told how many. Only as much address space is taken as is
/// asked for, at most twice as much where it grows: there may be a limit (`ulimit -v`). Where it is large it
/// lies so that huge pages fit, also after it has grown.
class MappedMemory {
 public:
  MappedMemory() = default;
  /// `at_once`: pages get memory now, else as they are written. Throws std::bad_alloc.
  explicit MappedMemory(std::size_t bytes, bool at_once = false);
  ~MappedMemory();
  MappedMemory(MappedMemory&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  MappedMemory& operator=(MappedMemory&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }

  /// To at least `bytes`, and some more, so that it need not grow again soon; it may lie elsewhere
  /// afterwards. Throws std::bad_alloc, and nothing has changed then.
  void grow(std::size_t bytes);

  [[nodiscard]] void* data() { return data_; }
  [[nodiscard]] const void* data() const { return data_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  bool grow_to(std::size_t bytes);

  void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace lockstorm::sim::detail
