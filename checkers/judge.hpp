// Decides what a recorded history shows: which checker fits it, and each part's verdict with its proof.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkers/formats/initial.hpp"
#include "checkers/history/finding.hpp"
#include "checkers/history/history.hpp"
#include "checkers/locks/lock_history.hpp"
#include "checkers/locks/lock_stream.hpp"

namespace lockstorm::checkers {

/// What the recorded system claims to be. The first seven are judged by linearizability, `lock` and `states`
/// by the checkers of lock histories and of versions; `lock_and_state` is a lock with what it guards, each
/// judged by its own model, and then whether anybody wrote while another held the lock.
enum class Model : std::uint8_t {
  register_cell,
  cas_register,
  mutex,
  reentrant_mutex,
  fencing_lock,
  key_value,
  terraform_state,
  lock,
  states,
  lock_and_state,
};

/// Names of `--model`, in the order of the enumeration.
[[nodiscard]] std::vector<std::string_view> model_names();
[[nodiscard]] std::string_view name_of(Model model);
[[nodiscard]] std::optional<Model> model_named(std::string_view name);

/// By the functions of the history and the kinds of its values; the error says which line has another
/// function.
[[nodiscard]] std::expected<Model, HistoryError> recognise_model(const History& history);

enum class Judgement : std::uint8_t { holds, violated, unknown };
[[nodiscard]] std::string_view name_of(Judgement judgement);

/// The verdict on one key, or on the whole where keys are not independent.
struct KeyVerdict {
  Value key{};
  /// Which part of a Model::lock_and_state it is about.
  std::optional<Model> part{};
  Judgement judgement = Judgement::holds;
  std::uint64_t operations = 0;
  std::vector<Finding> findings{};
  /// Where it is unknown.
  std::string why_unknown{};
  /// Configurations that the search for an order went through; 0 where there was none.
  std::uint64_t states_searched = 0;
  /// Waits, overtakes and recoveries; for Model::lock only.
  std::optional<LockReport> lock{};
};

struct JudgeBudget {
  std::size_t max_states = 20'000'000;
  std::size_t max_bytes = std::size_t{4} << 30U;
};

/// A history none of whose operations completed with success is unknown: it shows nothing.
[[nodiscard]] std::expected<std::vector<KeyVerdict>, HistoryError> judge(const History& history, Model model,
                                                                         const JudgeBudget& budget,
                                                                         const Initial& initial = {});

/// The verdicts of locks that were judged while they were read.
[[nodiscard]] std::vector<KeyVerdict> judged(const StreamedLocks& locks);

/// Violated if any is, else unknown if any is.
[[nodiscard]] Judgement worst(const std::vector<KeyVerdict>& verdicts);

}  // namespace lockstorm::checkers
