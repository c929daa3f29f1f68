// From directories to what has to be verified: every state that is found, and each distinct set-up of a
// backend once.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scenarios/campaigns/audit.hpp"
#include "scenarios/repository/backend_file.hpp"
#include "scenarios/repository/roots.hpp"

namespace lockstorm::scenarios {

/// One state: a root module, and what completes its backend block.
struct AuditedState {
  std::filesystem::path directory;
  std::string completed_by;  ///< the file that was found near a partial block; empty: none was needed
  TerraformConfiguration configuration;
  ToolChoice tool;
  SourceLocation where;  ///< of the backend block; empty file: there is none
};

/// What states have in common that lock in the same way.
struct SetUp {
  AuditPlan plan;
  std::vector<AuditedState> states;  ///< at least one, in the order in which they were found
};

struct Inventory {
  std::vector<SetUp> set_ups;  ///< in the order in which they were found
  std::vector<LeftOut> left_out;
  std::vector<InputError> complaints;  ///< about what could not be answered for
};

/// Something that is known, and how it is told: a clause, the same for states of which the same is known.
template <class T>
struct Told {
  T value{};
  std::string told;
};

/// What is known of the jobs that change a state. What the user says himself counts more.
struct KnownJobs {
  std::optional<Told<std::uint16_t>> at_once{};
  std::optional<Told<std::chrono::milliseconds>> lock_timeout{};
  std::optional<Told<bool>> lock{};  ///< false: some pass -lock=false
};

struct InventoryOptions {
  AuditOptions audit;
  WalkOptions walk;
  BackendArgumentMap completed_with;  ///< what -backend-config says, for every block
  std::vector<std::string> without;   ///< names of arguments that are taken out of every block
  std::function<KnownJobs(const std::filesystem::path& directory)> jobs_at{};  ///< empty: nothing is known
};

/// Finds the roots below `paths` and what each of their backends is. A partial block that nothing completes
/// is answered for with each file near it that could (candidates_near); each such file is a state of its own.
/// Set-ups are the same if they are verified by the same scenarios and take the same for granted.
[[nodiscard]] Inventory take_inventory(std::span<const std::filesystem::path> paths,
                                       const InventoryOptions& options);

}  // namespace lockstorm::scenarios
