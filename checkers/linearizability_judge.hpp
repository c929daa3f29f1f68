// Judges a recorded history by linearizability: operations of the model from events, key by key, the proof in
// prose.
#pragma once

#include <expected>
#include <span>
#include <vector>

#include "checkers/judge.hpp"

namespace lockstorm::checkers {

/// For all models but Model::lock, Model::states and both. One verdict for each key, in the order of their
/// first invocations. `initial`: what each key was before the history.
[[nodiscard]] std::expected<std::vector<KeyVerdict>, HistoryError> judge_linearizability(
    const History& history, std::span<const Call> calls, Model model, const JudgeBudget& budget,
    const InitialPart& initial = {});

}  // namespace lockstorm::checkers
