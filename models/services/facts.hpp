// What the facts of calls to different servers have in common.
#pragma once

#include <string>
#include <utility>

#include "models/state/state_snapshot.hpp"
#include "sim/call_facts.hpp"
#include "sim/value.hpp"

namespace lockstorm::models {

inline sim::VersionFacts version_facts(const StateSnapshot& state) {
  return {state.serial, state.writer, state.torn != 0};
}

/// How an answer that brings nothing along reads: its status.
template <class Response>
std::string status_text(const Response& bare) {
  struct Nobody final : sim::ProcessNames {
    [[nodiscard]] std::string name(sim::Who) const override { return {}; }
  };
  return bare.describe(Nobody());
}

}  // namespace lockstorm::models
