#include "models/terraform/lock_info.hpp"

#include <fmt/format.h>

namespace lockstorm::models {

std::string LockId::describe(const sim::ProcessNames& names) const {
  if (empty()) return "no lock";
  if (number == kInitLock) return fmt::format("{}'s lock (init)", names.name(owner));
  return number == 0 ? fmt::format("{}'s lock", names.name(owner))
                     : fmt::format("{}'s lock #{}", names.name(owner), number + 1);
}

std::string LockInfo::describe(const sim::ProcessNames& names) const { return id.describe(names); }

}  // namespace lockstorm::models
