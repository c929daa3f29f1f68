#include "scenarios/scenario.hpp"

#include <fmt/format.h>

namespace lockstorm::scenarios {
namespace {

// Every setting that changes what is simulated, as text; two scenarios with equal text are the same world.
std::string canonical_text(const Scenario& s) {
  std::string text = s.backend->canonical_text();
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

std::string_view tool_name(models::Dialect tool) {
  return tool == models::Dialect::terraform ? "Terraform" : "OpenTofu";
}

std::string summary(const Scenario& scenario) {
  return fmt::format("{}, {}, {} client{}", tool_name(scenario.client.tool), scenario.backend->summary(),
                     scenario.client.count, scenario.client.count == 1 ? "" : "s");
}

}  // namespace lockstorm::scenarios
