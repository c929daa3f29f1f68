// Independent pieces of work on several threads: oneTBB, or plain threads where ThreadSanitizer watches.
#pragma once

#include <algorithm>
#include <cstddef>

#include "sim/sanitizer.hpp"

#if LOCKSTORM_TSAN
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>
#else
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#endif

namespace lockstorm::scenarios {

/// Calls `body(i)` once for each i below `count`, on up to `threads` threads at once, in any order. An
/// exception of a body comes out of here.
template <class Body>
void run_parallel(unsigned threads, std::size_t count, const Body& body) {
#if LOCKSTORM_TSAN
  // Debian's libtbb is not instrumented: what it synchronises would look like races, and silencing those
  // would hide real ones.
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex mutex;
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        body(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        next = count;
      }
    }
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < std::min<std::size_t>(threads, count); ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  if (failure) std::rethrow_exception(failure);
#else
  tbb::task_arena arena(static_cast<int>(std::max(threads, 1U)));
  arena.execute([&] { tbb::parallel_for(std::size_t{0}, count, body, tbb::simple_partitioner()); });
#endif
}

}  // namespace lockstorm::scenarios
