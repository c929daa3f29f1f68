#include "models/state/lock_info.hpp"

#include <fmt/format.h>

#include "sim/one_for_each.hpp"

namespace lockstorm::models {

std::string_view lock_operation_name(LockOperation operation) {
  constexpr auto kNames = sim::text_for_each<LockOperation>({
      "",
      "OperationTypePlan",
      "OperationTypeApply",
      "init",
      "state-push",
      "OperationTypeRefresh",
      "OperationTypeInvalid",
      "state-mv",
      "state-rm",
      "workspace-new",
      "state-replace-provider",
      "migration source state",
      "migration destination state",
  });
  return kNames[static_cast<std::size_t>(operation)];
}

std::string LockId::describe(const sim::ProcessNames& names) const {
  if (empty()) return "no lock";
  if (number == kInitLock) return fmt::format("{}'s lock (init)", names.name(owner));
  if (number >= kReacquired) {
    const LockId first{owner, static_cast<std::uint16_t>(number % kReacquired)};
    return first.describe(names) + " (acquired anew)";
  }
  return number == 0 ? fmt::format("{}'s lock", names.name(owner))
                     : fmt::format("{}'s lock #{}", names.name(owner), number + 1);
}

std::string LockInfo::describe(const sim::ProcessNames& names) const { return id.describe(names); }

}  // namespace lockstorm::models
