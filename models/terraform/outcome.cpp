#include "models/terraform/outcome.hpp"

#include <array>

namespace lockstorm::models {

std::string Outcome::describe(const sim::ProcessNames&) const {
  constexpr std::array<std::string_view, 13> kText{
      "did nothing",
      "applied",
      "failed at once: the lock is taken",
      "gave up waiting for the lock",
      "stopped waiting for the lock: the error was not retriable",
      "failed before locking",
      "failed: state cannot be read",
      "a resource failed, the rest was saved",
      "could not save state: errored.tfstate",
      "cancelled",
      "force-unlocked",
      "force-unlock failed",
      "saw no lock",
  };
  std::string text(kText[static_cast<std::size_t>(ending)]);
  if (unlock_failed != 0) text += ", could not unlock";
  return text;
}

}  // namespace lockstorm::models
