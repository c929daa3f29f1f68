// Mutants of what clients remember: two backends of one process with one memory, and content of one's own
// that is dropped and told as stored.
#include "bench/league/mutants.hpp"
#include "models/backends/consul_client.hpp"

namespace lockstorm::league {
namespace {

using models::Backend;
using models::DoneResult;
using models::GetResult;
using models::LockId;
using models::LockInfo;
using models::LockResult;

constexpr std::uint16_t kJobs = 3;

// A migration has two clients in one process. Their memory is one variable here: what the destination's
// client has left there is what the source's finds, and the other way round.
template <class Client>
Mutation one_memory_for_both() {
  const auto shared = [](sim::Process& self, auto&& call) {
    constexpr sim::Cell kSource{0};
    constexpr sim::Cell kDestination{1};
    self.keep(kSource, self.kept<Client>(kDestination));
    const auto result = call();
    self.keep(kDestination, self.kept<Client>(kSource));
    return result;
  };
  ClientEdit edit;
  edit.lock = [shared](const Backend& real, sim::Process& self, const LockInfo& info) -> LockResult {
    return shared(self, [&] { return real.lock(self, info); });
  };
  edit.get = [shared](const Backend& real, sim::Process& self) -> GetResult {
    return shared(self, [&] { return real.get(self); });
  };
  edit.unlock = [shared](const Backend& real, sim::Process& self, const LockId& id) -> DoneResult {
    return shared(self, [&] { return real.unlock(self, id); });
  };
  return client(std::move(edit));
}

// The error is logged and forgotten. Only where whatever is refused has not been done: the ghost says that
// nothing was stored.
Mutation drops_what_was_refused() {
  ClientEdit edit;
  edit.put = [](const Backend& real, sim::Process& self, const models::StateSnapshot& own,
                const models::StateSnapshot& read) -> DoneResult {
    const DoneResult done = real.put(self, own, read);
    if (done.status == models::Done::ok) return done;
    return {models::Done::ok, models::LeftUndone::no_way};
  };
  return client(std::move(edit));
}

}  // namespace

std::vector<Mutant> memory_mutants() {
  std::vector<Mutant> all;
  all.push_back({"consul/one-memory-for-both",
                 "a migration's two clients remember their locks in one variable",
                 "commands/migration-of-path", one_memory_for_both<models::ConsulClient>()});
  constexpr std::string_view kDropped = "a state that the store has refused is told as saved";
  for (const auto& [name, control] : {std::pair{"gcs/drops-refused", "gcs/terraform/throttled"},
                                      std::pair{"oss/drops-refused", "oss/terraform/throttled"},
                                      std::pair{"consul/drops-refused", "consul/terraform/throttled"}})
    all.push_back({name, kDropped, {control, kJobs}, drops_what_was_refused()});
  return all;
}

}  // namespace lockstorm::league
