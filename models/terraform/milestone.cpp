#include "models/terraform/milestone.hpp"

#include <algorithm>

namespace lockstorm::models {
namespace {

constexpr auto kNames = sim::text_for_each<Goal>(
    {"granted-at-once", "granted-after-waiting", "refused", "recovered", "save-failed"});
constexpr auto kMeanings = sim::text_for_each<Goal>({
    "a command is granted the lock at its first attempt",
    "a command is granted the lock after it has been refused and has waited",
    "a command ends because somebody else has the lock",
    "what a dead or failed command has left behind is put right: its lock is removed or taken over, its "
    "errored.tfstate is pushed",
    "a command ends because its state could not be saved: where nothing else goes wrong, a fence has refused "
    "it",
});

// A mark: the command's number above a byte, in which endings are numbers and the rest is flags.
constexpr unsigned kCommandShift = 8;
constexpr sim::Mark kSucceeded = 0x40;
constexpr sim::Mark kIsGoal = 0x80;
constexpr sim::Mark kNumber = 0x3F;

constexpr sim::Mark place_of(std::size_t command) {
  return static_cast<sim::Mark>(std::min<std::size_t>(command, 0xFF) << kCommandShift);
}

}  // namespace

std::string_view goal_name(Goal goal) { return kNames[static_cast<std::size_t>(goal)]; }

std::optional<Goal> goal_named(std::string_view name) {
  const auto* const found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Goal>(found - kNames.begin());
}

std::span<const std::string_view> goal_names() { return kNames; }

std::string_view goal_meaning(Goal goal) { return kMeanings[static_cast<std::size_t>(goal)]; }

std::string CommandEnd::describe() const {
  std::string text(ending_text(ending));
  if (!succeeded && is_success(ending)) text += ", but could not unlock";
  return text;
}

sim::Mark mark_of(std::size_t command, CommandEnd end) {
  return static_cast<sim::Mark>(place_of(command) | (end.succeeded ? kSucceeded : 0) |
                                static_cast<sim::Mark>(end.ending));
}

sim::Mark mark_of(std::size_t command, Goal goal) {
  return static_cast<sim::Mark>(place_of(command) | kIsGoal | static_cast<sim::Mark>(goal));
}

Milestone read_mark(sim::Mark mark) {
  Milestone milestone{static_cast<std::uint8_t>(mark >> kCommandShift), {}};
  const auto number = static_cast<sim::Mark>(mark & kNumber);
  if ((mark & kIsGoal) != 0) {
    milestone.what = static_cast<Goal>(number);
  } else {
    milestone.what = CommandEnd{static_cast<Ending>(number), (mark & kSucceeded) != 0};
  }
  return milestone;
}

}  // namespace lockstorm::models
