// Independent pieces of work on several threads: oneTBB, or plain threads where ThreadSanitizer watches.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>

#include "sim/process/sanitizer.hpp"

#if LOCKSTORM_TSAN
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>
#else
#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#endif

namespace lockstorm::sim {

#if LOCKSTORM_TSAN
namespace detail {
// Debian's libtbb is not instrumented: what it synchronises would look like races, and silencing those would
// hide real ones.
template <class Body>
void run_on_plain_threads(unsigned threads, std::size_t count, const Body& body) {
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
}
}  // namespace detail
#endif

/// Calls `body(i)` once for each i below `count`, on up to `threads` threads at once, in any order. An
/// exception of a body comes out of here.
template <class Body>
void run_parallel(unsigned threads, std::size_t count, const Body& body) {
#if LOCKSTORM_TSAN
  detail::run_on_plain_threads(threads, count, body);
#else
  // More threads than processors is what the user asks for, not a mistake to warn of.
  std::optional<tbb::global_control> more;
  if (threads > static_cast<unsigned>(tbb::info::default_concurrency()))
    more.emplace(tbb::global_control::max_allowed_parallelism, threads);
  tbb::task_arena arena(static_cast<int>(std::max(threads, 1U)));
  arena.execute([&] { tbb::parallel_for(std::size_t{0}, count, body, tbb::simple_partitioner()); });
#endif
}

/// The same from within such a body, for work that is one of several pieces: helped by those threads of the
/// enclosing `run_parallel` that have nothing left to do. The caller takes on no other piece while it waits.
template <class Body>
void run_helped([[maybe_unused]] unsigned threads, std::size_t count, const Body& body) {
#if LOCKSTORM_TSAN
  detail::run_on_plain_threads(threads, count, body);
#else
  tbb::this_task_arena::isolate(
      [&] { tbb::parallel_for(std::size_t{0}, count, body, tbb::simple_partitioner()); });
#endif
}

}  // namespace lockstorm::sim
