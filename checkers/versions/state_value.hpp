// States as values: which fields they have, and whether a completion says what its invocation said.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "checkers/history/value.hpp"

namespace lockstorm::checkers {

/// What is wrong with the name of a field that no state has, and the nearest one that it has; nothing where
/// all are known. `may_have_base`: what an operation reads or writes, not the base itself.
[[nodiscard]] std::optional<std::string> wrong_field_of_state(const Value& state, bool may_have_base);

/// Whether the two may be of one update. Nil says nothing, and so does a field that one of them leaves out.
/// Of a state the lineages may differ: that is an anomaly, not an error.
[[nodiscard]] bool agree(const Value& asked, const Value& told, bool is_state);

/// Whether the states, or their bases, have different lineages.
[[nodiscard]] bool have_two_lineages(const Value& asked, const Value& told);

/// [f key value].
[[nodiscard]] bool is_step(const Value& value);

/// Reads a step rather than writes it.
[[nodiscard]] bool is_read(std::string_view function);

/// Whether an answer has the steps that were asked for, in their order. What they read only the answer tells.
[[nodiscard]] bool are_same_steps(const Value& asked, const Value& told);

/// The first, and of fields that it leaves out what the second says.
[[nodiscard]] Value merged(const Value& first, const Value& second);

}  // namespace lockstorm::checkers
