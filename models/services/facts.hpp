// What the facts of calls to different servers have in common.
#pragma once

#include <charconv>
#include <string>
#include <system_error>
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

/// Whether a real answer's status means what the model's answer says: "412 PreconditionFailed" is 412, and
/// any success any other; words alone only tell success from refusal. `changes`: the request may change what
/// is stored, so that a refusal cannot look like a success, as "no item" does.
inline bool means_the_same(const std::string& told, bool is_refusal, bool changes, unsigned status) {
  const auto is_success = [](unsigned number) { return number >= 200 && number < 300; };
  unsigned number = 0;
  const auto read = std::from_chars(told.data(), told.data() + told.size(), number);
  if (read.ec == std::errc() && number >= 100 && number <= 599)
    return number == status || (is_success(number) && is_success(status));
  return is_refusal ? !changes || !is_success(status) : is_success(status);
}

}  // namespace lockstorm::models
