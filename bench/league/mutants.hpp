// Named mutants of the real protocols and servers: each breaks something that its control - the unchanged
// protocol under the same budgets - is proved to keep.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/league/mutation.hpp"

namespace lockstorm::league {

/// A scenario of the library, or one with another number of jobs.
struct Control {
  std::string_view scenario;
  std::uint16_t jobs = 0;  ///< of its first fleet; 0: as many as the library has

  Control(std::string_view name, std::uint16_t count = 0) : scenario(name), jobs(count) {}
  Control(const char* name) : scenario(name) {}
  [[nodiscard]] std::string name() const;
  friend auto operator<=>(const Control&, const Control&) = default;
};

struct Mutant {
  std::string_view name;  ///< "s3/lock-without-precondition"
  std::string_view what;  ///< one sentence: what it does otherwise
  Control control;
  Mutation mutation;
};

std::vector<Mutant> object_store_mutants();  ///< s3, gcs, cos, oss, oci
std::vector<Mutant> lease_mutants();         ///< azurerm, consul, kubernetes, lock-table, lease
std::vector<Mutant> server_mutants();        ///< pg, http, remote, local, inmem
std::vector<Mutant> error_path_mutants();    ///< what goes wrong where something has gone wrong before
std::vector<Mutant> memory_mutants();        ///< what a client remembers, or takes for stored
std::vector<Mutant> reader_mutants();        ///< first reads, and readers without a lock
std::vector<Mutant> operator_mutants();      ///< what people remove by hand
std::vector<Mutant> fence_mutants();         ///< conditional writes that are answered wrongly
std::vector<Mutant> orchestrator_mutants();  ///< rules for pull requests, and jobs that read another state

/// All of them, in a fixed order.
std::vector<Mutant> all_mutants();

/// Mistakes that can be made on any backend.
namespace mistakes {
/// Never asks for the lock.
Mutation skips_the_lock();
/// Takes every refusal for a grant.
Mutation takes_refusals_for_grants();
/// Removes whatever lock there is, without comparing ids.
Mutation unlocks_whatever_is_there();
/// Removes its lock, and a moment later whatever lock there is.
Mutation unlocks_twice();
/// Lets go of the lock, then writes the state.
Mutation unlocks_before_writing();
/// Reports a state as saved that was not.
Mutation swallows_write_errors();
/// Ends without removing its lock.
Mutation forgets_to_unlock();
/// Reads the state before it asks for the lock and applies what it read.
Mutation reads_before_lock();
}  // namespace mistakes

}  // namespace lockstorm::league
