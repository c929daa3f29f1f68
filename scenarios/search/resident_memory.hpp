// How much memory the process takes, as the system counts it.
#pragma once

#include <cstddef>

namespace lockstorm::scenarios {

/// What is resident now; 0 where the system does not tell. No verdict may depend on it.
std::size_t resident_bytes();

/// Gives what was freed back to the system.
void return_freed_memory();

}  // namespace lockstorm::scenarios
