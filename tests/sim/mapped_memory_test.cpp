// Memory that grows without being copied.
#include "sim/explore/mapped_memory.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <new>
#include <vector>

#include "sim/explore/state_set.hpp"

namespace lockstorm::sim {
namespace {

constexpr std::size_t kHugePage = std::size_t{1} << 21U;

TEST(MappedMemory, KeepsWhatItHoldsAndIsZeroBehindIt) {
  GrowingArray<std::uint32_t> numbers;
  for (std::uint32_t i = 0; i < 3'000'000; ++i) numbers.push_back(i * 7);
  numbers.append(std::vector<std::uint32_t>{1, 2, 3});
  ASSERT_EQ(numbers.size(), 3'000'003U);
  EXPECT_EQ(numbers.back(), 3U);
  for (std::uint32_t i = 0; i < 3'000'000; ++i) ASSERT_EQ(numbers[i], i * 7);
  ReservedArray<std::uint64_t> array(16);
  array[3] = 5;
  array.make_room(1'000'000);
  EXPECT_EQ(array[3], 5U);
  for (std::size_t i = 16; i < 1'000'000; ++i) ASSERT_EQ(array[i], 0U);
}

TEST(MappedMemory, LiesWhereHugePagesFit) {
  detail::MappedMemory memory(4096);
  for (std::size_t bytes = 8192; bytes < 64 * kHugePage; bytes *= 2) {
    memory.grow(bytes);
    if (bytes >= kHugePage) {
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory.data()) % kHugePage, 0U);
    }
  }
}

TEST(MappedMemory, TakesNoMoreThanTwiceWhatItIsAskedFor) {
  detail::MappedMemory memory(10 * kHugePage);
  EXPECT_EQ(memory.bytes(), 10 * kHugePage);
  memory.grow(10 * kHugePage + 1);
  EXPECT_EQ(memory.bytes(), 20 * kHugePage);
}

// What a process does that may have so much address space and no more.
template <class Body>
int exit_status_within(std::size_t bytes, const Body& body) {
  const pid_t child = fork();
  if (child == 0) {
    const rlimit limit{bytes, bytes};
    setrlimit(RLIMIT_AS, &limit);
    _exit(body());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(MappedMemory, GrowsByLessWhereThereIsNoRoomForTwice) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers take terabytes of address space";
#endif
  const int status = exit_status_within(std::size_t{600} << 20U, [] {
    detail::MappedMemory memory(std::size_t{160} << 20U);
    static_cast<char*>(memory.data())[5] = 'x';
    try {
      memory.grow(memory.bytes() + 1);
      if (static_cast<char*>(memory.data())[5] != 'x') return 1;
      for (;;) memory.grow(memory.bytes() + 1);
    } catch (const std::bad_alloc&) {
      return static_cast<char*>(memory.data())[5] == 'x' ? 0 : 2;
    }
  });
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace lockstorm::sim
