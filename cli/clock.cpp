#include "cli/clock.hpp"

namespace lockstorm::cli {

std::chrono::sys_seconds time_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace lockstorm::cli
