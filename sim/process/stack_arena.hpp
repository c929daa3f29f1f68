// Stacks for fibers: equal strides in few mappings, last freed first used.
#pragma once

#include <boost/context/stack_context.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lockstorm::sim::detail {

/// Hands out stacks of one size; pages are touched only when used, and address space is taken as stacks are
/// asked for: each mapping holds as many as all before it. Not thread-safe: one arena per thread.
class StackArena {
 public:
  /// `capacity`: the most stacks there may be at a time.
  StackArena(std::size_t stack_bytes, std::size_t capacity) : stride_(stack_bytes), capacity_(capacity) {}
  ~StackArena();
  StackArena(const StackArena&) = delete;
  StackArena& operator=(const StackArena&) = delete;

  /// Throws std::bad_alloc where there are as many as there may be, or no memory is left.
  [[nodiscard]] boost::context::stack_context allocate();
  void deallocate(const boost::context::stack_context& stack);
  /// Puts a canary at the bottom of a stack and returns where it is.
  static const std::uint64_t* guard(const boost::context::stack_context& stack);
  /// Lowest address of the stack.
  [[nodiscard]] static void* bottom(const boost::context::stack_context& stack);

 private:
  struct Block {
    char* base;
    std::size_t bytes;
  };

  void add_block();

  std::size_t stride_;
  std::size_t capacity_;
  std::size_t stacks_ = 0;  ///< in all blocks
  std::vector<Block> blocks_;
  std::vector<char*> free_;  ///< lowest addresses
};

inline constexpr std::uint64_t kStackCanary = 0x5AFE57AC'5AFE57ACULL;

}  // namespace lockstorm::sim::detail
