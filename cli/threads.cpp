#include "cli/threads.hpp"

#include <algorithm>
#include <exception>
#include <latch>
#include <thread>
#include <vector>

namespace lockstorm::cli {

unsigned startable_threads(unsigned wanted) {
  if (wanted <= 1) return 1;
  std::latch over(1);
  std::vector<std::thread> started;
  started.reserve(wanted);
  try {
    while (started.size() < wanted) started.emplace_back([&over] { over.wait(); });
  } catch (const std::exception&) {
    // `ulimit -u`, or no memory for a stack: that is what was to be found out.
  }
  over.count_down();
  for (std::thread& thread : started) thread.join();
  return std::max(1U, static_cast<unsigned>(started.size()));
}

}  // namespace lockstorm::cli
