#include "sim/process/stack_arena.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <new>

#include "sim/process/sanitizer.hpp"

namespace lockstorm::sim::detail {
namespace {

// Shifting stack tops by a few cache lines keeps page-aligned stacks out of the same cache sets.
constexpr std::size_t kColourBytes = 256;
constexpr std::size_t kColours = 16;
// With thousands of stacks no cache holds them anyway, and a shifted one takes up two pages where one would
// do.
constexpr std::size_t kColoured = 4096;

constexpr std::size_t kFirstBlock = 64;  // stacks

}  // namespace

StackArena::~StackArena() {
  for (const Block& block : blocks_) munmap(block.base, block.bytes);
}

void StackArena::add_block() {
  const std::size_t count = std::min(std::max(kFirstBlock, stacks_), capacity_ - stacks_);
  if (count == 0) throw std::bad_alloc();
  const std::size_t bytes = count * stride_;
  blocks_.reserve(blocks_.size() + 1);
  free_.reserve(stacks_ + count);
  void* mapping =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  madvise(mapping, bytes, MADV_NOHUGEPAGE);
  auto* const base = static_cast<char*>(mapping);
  blocks_.push_back({base, bytes});
  for (std::size_t i = count; i-- > 0;) free_.push_back(base + i * stride_);
  stacks_ += count;
}

boost::context::stack_context StackArena::allocate() {
  if (free_.empty()) add_block();
  char* const lowest = free_.back();
  free_.pop_back();
  const std::size_t number = reinterpret_cast<std::uintptr_t>(lowest) / stride_;
  const std::size_t colour = stacks_ > kColoured ? 0 : number % kColours * kColourBytes;
  boost::context::stack_context stack;
  stack.size = stride_ - colour;
  stack.sp = lowest + stack.size;
  unpoison_stack(lowest, stack.size);
  return stack;
}

void StackArena::deallocate(const boost::context::stack_context& stack) {
  unpoison_stack(bottom(stack), stack.size);
  free_.push_back(static_cast<char*>(bottom(stack)));
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
