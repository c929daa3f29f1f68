#include "scenarios/search/resident_memory.hpp"

#include <malloc.h>
#include <unistd.h>

#include <fstream>

namespace lockstorm::scenarios {

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  if (!(statm >> size >> resident)) return 0;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

void return_freed_memory() { ::malloc_trim(0); }

}  // namespace lockstorm::scenarios
