// Judges a recorded history by linearizability: operations of the model from events, key by key, the proof in
// prose.
#pragma once

#include <expected>
#include <span>
#include <vector>

#include "checkers/judge.hpp"

namespace lockstorm::checkers {

/// For all models but Model::lock and Model::states. One verdict for each key, in the order of their first
/// invocations.
[[nodiscard]] std::expected<std::vector<KeyVerdict>, HistoryError> judge_linearizability(
    const History& history, std::span<const Call> calls, Model model, const JudgeBudget& budget);

}  // namespace lockstorm::checkers
