#include "models/state/state_snapshot.hpp"

#include <fmt/format.h>

namespace lockstorm::models {

std::string StateSnapshot::describe(const sim::ProcessNames& names) const {
  if (torn != 0) return "a torn state file";
  if (!exists()) return "no state";
  return fmt::format("serial {} by {}", serial, names.name(writer));
}

}  // namespace lockstorm::models
