// What a scenario cannot say: keys that people try, why there is none, and what comes nearest.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace lockstorm::scenarios {

struct Unsayable {
  std::string_view key;
  std::string_view why;      ///< a clause
  std::string_view nearest;  ///< what a scenario can say instead
};

namespace detail {
inline constexpr std::string_view kOrchestrator = "an orchestrator is a section of the scenario's root";
inline constexpr std::string_view kTwoFleets =
    "orchestrator: {type: atlantis} (or digger, terrateam, hcp) with client: {pull_request: 1}";
inline constexpr std::string_view kOneState = "another state is one that some jobs read";
inline constexpr std::string_view kReaders =
    "client: [{key: a}, {key: b, reads: a}]; `lock_sharers` for a lock that several states have in common";
inline constexpr std::string_view kLeases =
    "the locks of the tools' own backends have no length of their own here";
inline constexpr std::string_view kTable =
    "backend: {type: lock-table, protocol: L1a, heartbeat: true}, `type: consul`, or `store: {expiry: age}` "
    "of http";
inline constexpr std::string_view kRightsAre = "rights are told by the requests that are refused";
inline constexpr std::string_view kRights =
    "client: {lacks: [write, delete]}; for a while faults: {credentials_end: 1} with client: {loses: [...]}";
}  // namespace detail

inline constexpr std::array<Unsayable, 29> kUnsayable{{
    {"orchestrator", detail::kOrchestrator, detail::kTwoFleets},
    {"atlantis", detail::kOrchestrator, detail::kTwoFleets},
    {"digger", detail::kOrchestrator, detail::kTwoFleets},
    {"terrateam", detail::kOrchestrator, detail::kTwoFleets},
    {"pull_request", detail::kOrchestrator, detail::kTwoFleets},
    {"concurrency", detail::kOrchestrator, "client: {count: 1} for a group that lets one job in"},
    {"states", detail::kOneState, detail::kReaders},
    {"remote_state", detail::kOneState, detail::kReaders},
    {"terraform_remote_state", detail::kOneState, detail::kReaders},
    {"depends_on", detail::kOneState, detail::kReaders},
    {"ttl", detail::kLeases, detail::kTable},
    {"lease", detail::kLeases, detail::kTable},
    {"lease_seconds", detail::kLeases, detail::kTable},
    {"directory", "each job has a directory of its own, unless they share one",
     "client: {shared_directory: true, command: [init, apply]}, or one job with several commands"},
    {"data_dir", "each job has a directory of its own, unless they share one",
     "client: {shared_directory: true, command: [init, apply]}"},
    {"cancel", "a cancel is the signals it sends", "faults: {interrupt: 2, crash: 1}"},
    {"signals", "a cancel is the signals it sends", "faults: {interrupt: 2, crash: 1}"},
    {"grace", "a cancel is the signals it sends", "faults: {interrupt: 2, crash: 1}"},
    {"credentials", detail::kRightsAre, detail::kRights},
    {"permissions", detail::kRightsAre, detail::kRights},
    {"rights", detail::kRightsAre, detail::kRights},
    {"read_only", detail::kRightsAre, detail::kRights},
    {"partition", "a partition is what becomes of messages",
     "lose_request, lose_response, late_request; outage for a store out of reach"},
    {"network", "the network is what becomes of messages",
     "lose_request, lose_response, late_request, duplicate"},
    {"version", "versions differ by what they do",
     "leaks_lock, refusal_is_final, ignores_unlock_error, "
     "unlock_is_cancelled, reads_before_lock, and keys of the backend"},
    {"tool_version", "versions differ by what they do",
     "leaks_lock, refusal_is_final, ignores_unlock_error, unlock_is_cancelled, reads_before_lock"},
    {"terraform_version", "versions differ by what they do",
     "leaks_lock, refusal_is_final, ignores_unlock_error, unlock_is_cancelled, reads_before_lock"},
    {"parallelism", "an apply calls its providers one after the other", "client: {resources: 4}"},
    {"replication", "a store is one place",
     "store: {strong_reads: false}, which reads what was there before"},
}};

/// Null where the key is none of those.
constexpr const Unsayable* unsayable(std::string_view key) {
  const auto* const found = std::ranges::find(kUnsayable, key, &Unsayable::key);
  return found == kUnsayable.end() ? nullptr : &*found;
}

}  // namespace lockstorm::scenarios
