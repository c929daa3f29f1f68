#include "scenarios/scenario.hpp"

#include <fmt/format.h>

namespace lockstorm::scenarios {
namespace {

std::string backend_text(const BackendSettings& backend) {
  switch (backend.kind) {
    case BackendKind::s3: {
      std::string text = "s3";
      if (backend.dynamodb_table && backend.use_lockfile) {
        text += " with dynamodb_table and use_lockfile";
      } else if (backend.dynamodb_table) {
        text += " with dynamodb_table";
      } else if (backend.use_lockfile) {
        text += " with use_lockfile";
      } else {
        text += " without locking";
      }
      if (backend.fenced_put) text += ", fenced";
      return text;
    }
    case BackendKind::local:
      return "local";
    case BackendKind::lock_table: {
      constexpr std::array<std::string_view, 5> kNames{"L0", "L1a", "L1b", "L1c", "corrected"};
      return fmt::format("lock-table {}{}", kNames[static_cast<std::size_t>(backend.protocol)],
                         backend.heartbeat ? " with heartbeat" : "");
    }
  }
  return "";
}

// Every setting that changes what is simulated, as text; two scenarios with equal text are the same world.
std::string canonical_text(const Scenario& s) {
  const BackendSettings& b = s.backend;
  std::string text =
      fmt::format("{}|{}{}{}|{}|{}{}|", static_cast<int>(b.kind), b.dynamodb_table, b.use_lockfile,
                  b.fenced_put, b.max_retries, b.workspace == "default", b.workspace_exists);
  text += fmt::format("{}{}{}{}{}{}{}|", static_cast<int>(b.protocol), b.heartbeat, b.heartbeat_unconditional,
                      b.conditional_acquire, b.conditional_release, b.consistent_probe, b.retries);
  if (b.kind == BackendKind::lock_table) {
    text += fmt::format("{}{}{}{}{}{}|", b.token_release, b.stale_lock, b.conditional_create,
                        b.observer_ageing, b.long_apply, b.lease_ticks);
  }
  text += fmt::format("{}{}{}{}{}{}|", s.store.honours_if_none_match, s.store.honours_if_match,
                      s.store.strong_reads, s.store.versioning, s.store.versioned_conditional_puts,
                      s.store.suspended_conditional_puts);
  text += fmt::format("{}|{}|{}|{}|{}|", static_cast<int>(s.client.tool), s.client.count,
                      s.client.lock_timeout.count(), s.client.resources, s.client.runs);
  text += fmt::format("{}|{}|{}|{}{}|", s.force_unlock.force_unlock, static_cast<int>(s.force_unlock.target),
                      static_cast<int>(s.initial), s.time.ticks, s.time.urgent);
  for (const std::uint8_t count : s.faults.count) text += fmt::format("{},", count);
  return text;
}

}  // namespace

std::uint64_t fingerprint(const Scenario& scenario) {
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a
  for (const char c : canonical_text(scenario))
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash & 0xFFFF'FFFFULL;  // 32 bits keep replay strings short
}

std::string summary(const Scenario& scenario) {
  const std::string_view tool = scenario.client.tool == models::Dialect::terraform ? "Terraform" : "OpenTofu";
  return fmt::format("{}, {}, {} client{}", tool, backend_text(scenario.backend), scenario.client.count,
                     scenario.client.count == 1 ? "" : "s");
}

}  // namespace lockstorm::scenarios
