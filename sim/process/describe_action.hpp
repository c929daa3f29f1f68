// What a process is about to do, in words for messages about models.
#pragma once

#include <string>

#include "sim/action.hpp"
#include "sim/value.hpp"

namespace lockstorm::sim {

struct WorldSpec;

/// One clause without a subject: "calls GetItem of lock-table", "sleeps 2000 ms".
std::string describe_action(const WorldSpec& spec, const ValuePool& values, const Action& action);

/// What is asked for, without details: "GetItem of lock-table", "the clock".
std::string describe_call(const WorldSpec& spec, const ValuePool& values, const Action& action);

}  // namespace lockstorm::sim
