// What people do to the stores with tools of their own, past Terraform and OpenTofu.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sim/one_for_each.hpp"

namespace lockstorm::models {

enum class HandAct : std::uint8_t {
  delete_lock,    ///< the record of the lock, as the store's console shows it
  break_lease,    ///< a lease, which has to show no id for that
  delete_digest,  ///< the digest beside the state
  delete_state,
  restore_state,   ///< an older version of it takes its place
  recreate_table,  ///< the table of locks and digests is deleted and made anew
};
inline constexpr std::size_t kHandActs = sim::kCountOf<HandAct>;

/// As scenarios say it.
inline constexpr auto kHandActNames = sim::text_for_each<HandAct>(
    {"delete_lock", "break_lease", "delete_digest", "delete_state", "restore_state", "recreate_table"});

/// Completes "somebody ...".
inline constexpr auto kHandActMeanings = sim::text_for_each<HandAct>({
    "deletes the record of the lock in the store, whoever has it by `target`",
    "breaks the lease in the store, also one that shows no id",
    "deletes the digest that is kept beside the state",
    "deletes the state in the store",
    "puts the version of the state back that stood there at the beginning",
    "deletes the table of locks and digests and makes it anew",
});

constexpr std::string_view hand_act_name(HandAct act) { return kHandActNames[static_cast<std::size_t>(act)]; }

/// It takes a lock away, so that somebody looks whose it is first.
constexpr bool takes_lock_away(HandAct act) {
  return act == HandAct::delete_lock || act == HandAct::break_lease;
}

}  // namespace lockstorm::models
