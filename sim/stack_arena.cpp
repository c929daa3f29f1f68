#include "sim/stack_arena.hpp"

#include <sys/mman.h>

#include <new>

#include "sim/sanitizer.hpp"

namespace lockstorm::sim::detail {
namespace {

// Shifting stack tops by a few cache lines keeps page-aligned stacks out of the same cache sets.
constexpr std::size_t kColourBytes = 256;
constexpr std::size_t kColours = 16;

std::size_t colour_of(std::size_t index) { return (index % kColours) * kColourBytes; }

}  // namespace

StackArena::StackArena(std::size_t stack_bytes, std::size_t capacity)
    : stride_(stack_bytes), bytes_(stride_ * capacity) {
  void* mapping =
      mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  madvise(mapping, bytes_, MADV_NOHUGEPAGE);
  base_ = static_cast<char*>(mapping);
  free_.reserve(capacity);
  for (std::size_t i = capacity; i-- > 0;) free_.push_back(static_cast<std::uint32_t>(i));
}

StackArena::~StackArena() { munmap(base_, bytes_); }

boost::context::stack_context StackArena::allocate() {
  if (free_.empty()) throw std::bad_alloc();
  const std::size_t index = free_.back();
  free_.pop_back();
  boost::context::stack_context stack;
  stack.size = stride_ - colour_of(index);
  stack.sp = base_ + (index + 1) * stride_ - colour_of(index);
  unpoison_stack(bottom(stack), stack.size);
  return stack;
}

void StackArena::deallocate(const boost::context::stack_context& stack) {
  unpoison_stack(bottom(stack), stack.size);
  free_.push_back(static_cast<std::uint32_t>((static_cast<char*>(bottom(stack)) - base_) /
                                             static_cast<std::ptrdiff_t>(stride_)));
}

const std::uint64_t* StackArena::guard(const boost::context::stack_context& stack) {
  auto* canary = static_cast<std::uint64_t*>(bottom(stack));
  *canary = kStackCanary;
  return canary;
}

void* StackArena::bottom(const boost::context::stack_context& stack) {
  return static_cast<char*>(stack.sp) - stack.size;
}

}  // namespace lockstorm::sim::detail
