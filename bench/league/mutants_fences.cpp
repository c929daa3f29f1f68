// Mutants of conditional writes: the server refuses what came too late, and the client makes the wrong thing
// of it. In all of them somebody is frozen or slow while others apply from beginning to end.
#include "bench/league/mutants.hpp"
#include "models/services/kubernetes.hpp"

namespace lockstorm::league {
namespace {

using models::Backend;
using models::Done;
using models::DoneResult;
using models::GetResult;
using models::GetStatus;
using models::LeftUndone;
using models::StateSnapshot;

constexpr std::uint16_t kJobs = 3;

// What a client makes of the version that is stored after its own write was refused.
using Verdict = std::function<DoneResult(const Backend& real, sim::Process&, const StateSnapshot& own,
                                         const StateSnapshot& stored)>;

Mutation looks_after_refusal(Verdict verdict) {
  ClientEdit edit;
  edit.put = [verdict = std::move(verdict)](const Backend& real, sim::Process& self, const StateSnapshot& own,
                                            const StateSnapshot& read) -> DoneResult {
    const DoneResult first = real.put(self, own, read);
    if (first.status == Done::ok) return first;
    const GetResult now = self.scope<GetResult>(models::scope_tag::get, [&] { return real.get(self); });
    return now.status == GetStatus::found ? verdict(real, self, own, now.snapshot) : first;
  };
  return client(std::move(edit));
}

// The content is in nobody's state: the ghost says so.
constexpr DoneResult kNotStored{Done::ok, LeftUndone::no_way};

Mutation takes_own_serial_for_own_write() {
  return looks_after_refusal([](const Backend&, sim::Process&, const StateSnapshot& own,
                                const StateSnapshot& stored) -> DoneResult {
    return stored.serial == own.serial && stored != own ? kNotStored
                                                        : DoneResult{stored == own ? Done::ok : Done::failed};
  });
}

Mutation takes_later_serial_for_own_success() {
  return looks_after_refusal(
      [](const Backend&, sim::Process&, const StateSnapshot& own, const StateSnapshot& stored) -> DoneResult {
        if (stored == own) return {Done::ok};
        return stored.serial > own.serial ? kNotStored : DoneResult{Done::failed};
      });
}

Mutation writes_again_over_what_it_finds() {
  return looks_after_refusal([](const Backend& real, sim::Process& self, const StateSnapshot& own,
                                const StateSnapshot& stored) { return real.put(self, own, stored); });
}

struct Fenced {
  std::string_view control;
  std::string_view own_serial;
  std::string_view later_serial;
  std::string_view over_found;  ///< empty: not made
};

constexpr Fenced kFenced[] = {
    {"s3/lockfile/fenced", "s3/refusal-of-own-serial", "s3/refusal-of-later-serial", ""},
    {"s3/fenced-without-lock", "s3-unlocked/refusal-of-own-serial", "s3-unlocked/refusal-of-later-serial",
     "s3-unlocked/retries-over-found"},
    {"gcs/fenced/force-unlock-paused", "gcs/refusal-of-own-serial", "gcs/refusal-of-later-serial",
     "gcs/retries-over-found"},
    {"oci/fenced/force-unlock-paused", "oci/refusal-of-own-serial", "oci/refusal-of-later-serial", ""},
    {"kubernetes/terraform/fenced/force-unlock-paused", "kubernetes/refusal-of-own-serial",
     "kubernetes/refusal-of-later-serial", ""},
    {"pg/fenced/evict-paused", "pg/refusal-of-own-serial", "pg/refusal-of-later-serial",
     "pg/retries-over-found"},
    {"consul/terraform/session-loss", "consul/refusal-of-own-serial", "consul/refusal-of-later-serial",
     "consul/retries-over-found"},
};

}  // namespace

std::vector<Mutant> fence_mutants() {
  std::vector<Mutant> all;
  for (const Fenced& fenced : kFenced) {
    const Control control(fenced.control, kJobs);
    all.push_back({fenced.own_serial,
                   "a refused write counts as its own earlier try if the stored state has its serial",
                   control, takes_own_serial_for_own_write()});
    all.push_back({fenced.later_serial,
                   "a refused write counts as stored and followed by others if the stored serial is higher",
                   control, takes_later_serial_for_own_success()});
    if (fenced.over_found.empty()) continue;
    all.push_back({fenced.over_found,
                   "a refused write is sent again on the condition of the version that is there now", control,
                   writes_again_over_what_it_finds()});
  }
  return all;
}

}  // namespace lockstorm::league
