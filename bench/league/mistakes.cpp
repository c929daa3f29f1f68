#include "bench/league/mutants.hpp"

namespace lockstorm::league::mistakes {

using models::Backend;
using models::Done;
using models::DoneResult;
using models::LockId;
using models::LockInfo;
using models::LockResult;
using models::LockStatus;
using models::StateSnapshot;

namespace {

// Each in a scope of its own, as the commands call them: what they forget is theirs.
DoneResult unlock_in_scope(const Backend& real, sim::Process& self, const LockId& id) {
  return self.scope<DoneResult>(models::scope_tag::unlock, [&] { return real.unlock(self, id); });
}
LockInfo look_in_scope(const Backend& real, sim::Process& self) {
  return self.scope<LockInfo>(models::scope_tag::shown_lock, [&] { return real.shown_lock(self); });
}

}  // namespace

Mutation skips_the_lock() {
  ClientEdit edit;
  edit.lock = [](const Backend&, sim::Process& self, const LockInfo& info) -> LockResult {
    self.work();  // monitors see flags change: getting here takes a moment
    return {LockStatus::granted, info};
  };
  edit.unlock = [](const Backend&, sim::Process&, const LockId&) -> DoneResult { return {Done::ok}; };
  return client(std::move(edit));
}

Mutation takes_refusals_for_grants() {
  ClientEdit edit;
  edit.lock = [](const Backend& real, sim::Process& self, const LockInfo& info) -> LockResult {
    const LockResult asked = real.lock(self, info);
    return asked.status == LockStatus::granted ? asked : LockResult{LockStatus::granted, info};
  };
  return client(std::move(edit));
}

Mutation unlocks_whatever_is_there() {
  ClientEdit edit;
  edit.unlock = [](const Backend& real, sim::Process& self, const LockId&) -> DoneResult {
    return unlock_in_scope(real, self, look_in_scope(real, self).id);
  };
  return client(std::move(edit));
}

Mutation unlocks_twice() {
  ClientEdit edit;
  edit.unlock = [](const Backend& real, sim::Process& self, const LockId& id) -> DoneResult {
    const DoneResult once = unlock_in_scope(real, self, id);
    const LockInfo left = look_in_scope(real, self);
    if (!left.empty()) unlock_in_scope(real, self, left.id);
    return once;
  };
  return client(std::move(edit));
}

Mutation unlocks_before_writing() {
  ClientEdit edit;
  edit.put = [](const Backend& real, sim::Process& self, const StateSnapshot& snapshot,
                const StateSnapshot& read) -> DoneResult {
    const LockInfo own = look_in_scope(real, self);
    if (own.id.owner.is_me()) unlock_in_scope(real, self, own.id);
    return real.put(self, snapshot, read);
  };
  return client(std::move(edit));
}

Mutation swallows_write_errors() {
  ClientEdit edit;
  edit.put = [](const Backend& real, sim::Process& self, const StateSnapshot& snapshot,
                const StateSnapshot& read) -> DoneResult {
    real.put(self, snapshot, read);
    return {Done::ok};
  };
  return client(std::move(edit));
}

Mutation forgets_to_unlock() {
  ClientEdit edit;
  edit.unlock = [](const Backend&, sim::Process&, const LockId&) -> DoneResult { return {Done::ok}; };
  return client(std::move(edit));
}

Mutation reads_before_lock() {
  return setting([](scenarios::Scenario& scenario) { scenario.client.reads_before_lock = true; });
}

}  // namespace lockstorm::league::mistakes
