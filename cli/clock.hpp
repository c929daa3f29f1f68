// What time it is: for the few commands whose answer hangs on it, each of which takes --as-of instead, and
// for requests to real stores, which carry it.
#pragma once

#include <chrono>

namespace lockstorm::cli {

/// To the second.
std::chrono::sys_seconds time_now();

}  // namespace lockstorm::cli
