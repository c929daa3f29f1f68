// How enumerations read in the names of tests and in their failures; every test that prints one includes
// this.
#pragma once

#include <ostream>

#include "models/terraform/backend.hpp"
#include "models/terraform/command.hpp"
#include "sim/faults.hpp"

namespace lockstorm::models {

inline void PrintTo(Dialect tool, std::ostream* out) {
  *out << (tool == Dialect::terraform ? "terraform" : "opentofu");
}
inline void PrintTo(Command command, std::ostream* out) { *out << command_name(command); }

}  // namespace lockstorm::models

namespace lockstorm::sim {

inline void PrintTo(Fault fault, std::ostream* out) { *out << fault_name(fault); }

}  // namespace lockstorm::sim
