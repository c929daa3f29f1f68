#include "cli/explore/members.hpp"

#include <fmt/format.h>

#include <exception>
#include <optional>
#include <thread>

#include "cli/campaign/shard_owner.hpp"
#include "cli/verify_all.hpp"
#include "scenarios/data/fnv1a.hpp"
#include "sim/levels/thread_exchange.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::VerifyResult;

// Members of other builds would number states in another way.
void must_agree(sim::Exchange& exchange, const std::string& identity) {
  const auto* const begin = reinterpret_cast<const std::byte*>(identity.data());
  const sim::Bytes mine(begin, begin + identity.size());
  for (const sim::Bytes& said : exchange.all_gather(mine)) {
    if (said != mine)
      throw sim::LevelFolderRefused("the ranks run different builds, or explore different scenarios");
  }
}

VerifyResult explore_as_member(const scenarios::Scenario& scenario, const scenarios::LevelsOnDisk& on_disk,
                               const ExploreWhere& where, std::size_t memory_bytes, unsigned sharers) {
  must_agree(*on_disk.exchange, on_disk.identity);
  return verify(scenario, {.max_bytes = memory_bytes / sharers,
                           .program_bytes = kProgramBytes / sharers,
                           .fingerprint = where.fingerprint,
                           .mechanisms = scenarios::VerifyOptions::Mechanisms::named,
                           .on_disk = &on_disk});
}

// Why the search has ended: not because another member has given up.
void rethrow_first(const std::vector<std::exception_ptr>& failures) {
  std::exception_ptr abandoned;
  for (const std::exception_ptr& failure : failures) {
    if (!failure) continue;
    try {
      std::rethrow_exception(failure);
    } catch (const sim::ExchangeAbandoned&) {
      abandoned = failure;
    }
  }
  if (abandoned) std::rethrow_exception(abandoned);
}

VerifyResult explore_on_threads(const scenarios::Scenario& scenario, scenarios::LevelsOnDisk on_disk,
                                const ExploreWhere& where, const Global& global) {
  sim::MeetingPlace place(where.members);
  std::vector<std::exception_ptr> failures(where.members);
  std::vector<VerifyResult> results(where.members);
  const auto work = [&](unsigned rank) {
    sim::ThreadExchange exchange(place, rank);
    scenarios::LevelsOnDisk mine = on_disk;
    mine.exchange = &exchange;
    if (rank > 0) mine.on_level = nullptr;
    try {
      results[rank] = explore_as_member(scenario, mine, where, global.memory_bytes, where.members);
      // A file of its own that a member cannot write or read is nothing that the others know of.
      if (!results[rank].explored.complete) place.abandon();
    } catch (...) {
      failures[rank] = std::current_exception();
      place.abandon();
    }
  };
  std::vector<std::jthread> others;
  for (unsigned rank = 1; rank < where.members; ++rank) others.emplace_back(work, rank);
  work(0);
  others.clear();
  for (unsigned rank = 1; rank < where.members; ++rank) {
    if (failures[0] && !failures[rank]) return results[rank];
  }
  rethrow_first(failures);
  return results[0];
}

}  // namespace

VerifyResult explore_together(const scenarios::Scenario& scenario, const ExploreWhere& where,
                              const Global& global, LevelTable& table) {
  scenarios::LevelsOnDisk on_disk{
      .folder = where.folder,
      .identity = fmt::format("{} {}", this_build(), scenarios::hex(fingerprint(scenario))),
      .exchange = where.ranks,
      .on_level = [&](const sim::LevelProgress& level) { table.add(level); }};
  if (where.ranks == nullptr) return explore_on_threads(scenario, on_disk, where, global);
  return explore_as_member(scenario, on_disk, where, global.memory_bytes, 1);
}

}  // namespace lockstorm::cli
