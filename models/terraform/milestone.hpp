// What the commands of a job come to, as the job marks it on its way (sim::Process::mark).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "models/terraform/outcome.hpp"
#include "sim/one_for_each.hpp"
#include "sim/process/process.hpp"

namespace lockstorm::models {

/// What a command may come to besides its ending.
enum class Goal : std::uint8_t {
  granted_at_once,
  granted_after_waiting,
  refused,
  recovered,
  save_failed,
};
inline constexpr std::size_t kGoals = sim::kCountOf<Goal>;

/// "granted-after-waiting"; what a scenario says.
std::string_view goal_name(Goal goal);
std::optional<Goal> goal_named(std::string_view name);
/// The name of every goal, in the order of `Goal`.
std::span<const std::string_view> goal_names();
/// One clause: "a command was granted the lock at its first attempt".
std::string_view goal_meaning(Goal goal);

/// How a command has ended.
struct CommandEnd {
  Ending ending = Ending::none;
  bool succeeded = false;  ///< by its exit status: also whoever saved all and could not unlock has failed

  /// "applied", "applied, but could not unlock".
  [[nodiscard]] std::string describe() const;
  friend auto operator<=>(const CommandEnd&, const CommandEnd&) = default;
};

/// A mark, read.
struct Milestone {
  std::uint8_t command = 0;  ///< number in the job's script, from 0; an operator has a single one
  std::variant<CommandEnd, Goal> what;
};

sim::Mark mark_of(std::size_t command, CommandEnd end);
sim::Mark mark_of(std::size_t command, Goal goal);
Milestone read_mark(sim::Mark mark);

}  // namespace lockstorm::models
