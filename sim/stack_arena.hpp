// Stacks for fibers: one mapping, equal strides, last freed first used.
#pragma once

#include <boost/context/stack_context.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lockstorm::sim::detail {

/// Hands out stacks of one size; pages are touched only when used. Not thread-safe: one arena per thread.
class StackArena {
 public:
  StackArena(std::size_t stack_bytes, std::size_t capacity);
  ~StackArena();
  StackArena(const StackArena&) = delete;
  StackArena& operator=(const StackArena&) = delete;

  [[nodiscard]] boost::context::stack_context allocate();
  void deallocate(const boost::context::stack_context& stack);
  /// Puts a canary at the bottom of a stack and returns where it is.
  static const std::uint64_t* guard(const boost::context::stack_context& stack);
  /// Lowest address of the stack.
  [[nodiscard]] static void* bottom(const boost::context::stack_context& stack);
  [[nodiscard]] bool empty() const { return free_.empty(); }

 private:
  std::size_t stride_;
  std::size_t bytes_;
  char* base_;
  std::vector<std::uint32_t> free_;
};

inline constexpr std::uint64_t kStackCanary = 0x5AFE57AC'5AFE57ACULL;

}  // namespace lockstorm::sim::detail
