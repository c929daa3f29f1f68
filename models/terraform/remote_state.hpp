// Reading another configuration's state, as the data source `terraform_remote_state` does.
#pragma once

#include <cstdint>

#include "models/terraform/backend.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {

struct CommandContext;
struct Outcome;

/// Which lock whoever reads another state takes of it. Since 0.11.2 the data source takes none
/// (hashicorp/terraform@7507e3cd21); a wrapper that asks for outputs may (gruntwork-io/terragrunt#1028).
enum class ReadLock : std::uint8_t {
  none,
  read,   ///< while it reads
  apply,  ///< from before it reads until it has applied
};
inline constexpr auto kReadLockNames = sim::text_for_each<ReadLock>({"none", "read", "apply"});

/// What a job has to do with the two states of a world.
struct RemoteState {
  bool is_other = false;           ///< its own state is the second one
  bool notes_versions = false;     ///< it leaves behind what it has used and written
  const Backend* reads = nullptr;  ///< the client side of the state that it reads; null: it reads none
  ReadLock lock = ReadLock::none;
};

/// One command's reading of the other state: its data source, before it plans.
class RemoteStateReader {
 public:
  explicit RemoteStateReader(CommandContext& context) : context_(context) {}
  /// True: it has what it reads, or reads nothing.
  bool read();
  /// Gives the lock back, if it has kept one.
  void release();
  /// How a command ends that cannot read.
  [[nodiscard]] Outcome failed() const;
  /// The outcome of a command that has gone on, with the versions that it has used and written. `wrote`: what
  /// it has saved of its own state; none if it has not.
  [[nodiscard]] Outcome note(Outcome outcome, const StateSnapshot& wrote) const;

  [[nodiscard]] const StateSnapshot& used() const { return used_; }
  void use(const StateSnapshot& planned) { used_ = planned; }

 private:
  bool lock(const Backend& backend);

  CommandContext& context_;
  StateSnapshot used_;
  LockId held_;
  bool refused_ = false;
  bool mixed_ = false;
};

}  // namespace lockstorm::models
