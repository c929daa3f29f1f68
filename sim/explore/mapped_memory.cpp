#include "sim/explore/mapped_memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>

#include "sim/process/sanitizer.hpp"

namespace lockstorm::sim::detail {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kHugePage = std::size_t{1} << 21U;

std::size_t rounded_up(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

void* map(std::size_t bytes) {
  void* const mapping =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return mapping == MAP_FAILED ? nullptr : mapping;
}

// Where huge pages are worth it the mapping begins where one does: what is moved there keeps its huge pages.
void* map_aligned(std::size_t bytes) {
  if (bytes < kHugePage) return map(bytes);
  auto* const mapping = static_cast<char*>(map(bytes + kHugePage));
  if (mapping == nullptr) return nullptr;
  const auto address = reinterpret_cast<std::uintptr_t>(mapping);
  const std::size_t before = rounded_up(address, kHugePage) - address;
  if (before > 0) munmap(mapping, before);
  munmap(mapping + before + bytes, kHugePage - before);
  madvise(mapping + before, bytes, MADV_HUGEPAGE);
  return mapping + before;
}

}  // namespace

MappedMemory::MappedMemory(std::size_t bytes, bool at_once)
    : bytes_(rounded_up(std::max(bytes, kPage), kPage)) {
  data_ = map_aligned(bytes_);
  if (data_ == nullptr) throw std::bad_alloc();
  if (at_once) madvise(data_, bytes_, MADV_POPULATE_WRITE);
}

MappedMemory::~MappedMemory() {
  if (data_ != nullptr) munmap(data_, bytes_);
}

void MappedMemory::grow(std::size_t bytes) {
  const std::size_t least = rounded_up(bytes, kPage);
  if (!grow_to(std::max(least, 2 * bytes_)) && !grow_to(std::max(least, rounded_up(bytes_ / 4 * 5, kPage))) &&
      !grow_to(least))
    throw std::bad_alloc();
}

bool MappedMemory::grow_to(std::size_t bytes) {
  void* place = map_aligned(bytes);
#if !LOCKSTORM_TSAN
  if (place == nullptr && data_ != nullptr) {  // nor beside it: wherever it fits, in place of the old one
    place = mremap(data_, bytes_, bytes, MREMAP_MAYMOVE);
    if (place == MAP_FAILED) return false;
    data_ = place;
    bytes_ = bytes;
    return true;
  }
#endif
  if (place == nullptr) return false;
  if (data_ != nullptr) {
#if LOCKSTORM_TSAN
    // It does not know of mremap, and would take what lay there before for a race.
    std::memcpy(place, data_, bytes_);
    munmap(data_, bytes_);
#else
    if (mremap(data_, bytes_, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, place) == MAP_FAILED) {
      munmap(place, bytes);
      return false;
    }
    if (bytes >= kHugePage) madvise(place, bytes, MADV_HUGEPAGE);
#endif
  }
  data_ = place;
  bytes_ = bytes;
  return true;
}

}  // namespace lockstorm::sim::detail
