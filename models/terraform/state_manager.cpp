#include "models/terraform/state_manager.hpp"

#include <algorithm>

namespace lockstorm::models {
namespace {

bool nothing_to_write(const ManagerState& manager) {
  return same_content(manager.current, manager.read) && manager.current.lineage == manager.read.lineage &&
         !manager.current.lineage.is_nobody() && manager.current.serial == manager.read.serial &&
         manager.read.serial != 0;
}

// The file is looked at again when nothing was read so far: `readFile == nil`.
ManagerState read_again(sim::Process& self, const Backend& backend, ManagerState manager) {
  manager.last = Done::ok;
  if (manager.has_read != 0) return manager;
  const GetResult again = self.scope<GetResult>(scope_tag::get, [&] { return backend.get(self); });
  if (again.status == GetStatus::failed) manager.last = Done::failed;
  if (again.status == GetStatus::found) {
    manager.current.lineage = again.snapshot.lineage;
    manager.current.serial = again.snapshot.serial;
    manager.read = again.snapshot;
    manager.has_read = 1;
  }
  return manager;
}

// Stores what is in memory; a backend that leaves it out and says that all is well makes it vanish.
ManagerState put(sim::Process& self, const Backend& backend, ManagerState manager) {
  const DoneResult done = self.scope<DoneResult>(
      scope_tag::put, [&] { return backend.put(self, manager.current, manager.read); });
  manager.last = done.status;
  if (done.left != LeftUndone::nothing) manager.vanished = 1;
  return manager;
}

// Whether what is stored already takes the place of something that was to be stored.
bool discards(const StateSnapshot& own, const StateSnapshot& stored) {
  return !own.writer.is_nobody() && !same_content(own, stored);
}

}  // namespace

bool same_content(const StateSnapshot& a, const StateSnapshot& b) {
  return a.writer == b.writer && a.write == b.write && a.instance == b.instance;
}

void take_content(StateSnapshot& state, const StateSnapshot& from) {
  state.instance = from.instance;
  state.writer = from.writer;
  state.write = from.write;
  state.made_from = from.made_from;
}

bool records_nothing(const StateSnapshot& state) {
  return std::ranges::all_of(state.instance, [](std::uint8_t instance) { return instance == 0; });
}

ManagerState refresh_state(sim::Process& self, const Backend& backend, ManagerState manager) {
  const GetResult got = self.scope<GetResult>(scope_tag::get, [&] { return backend.get(self); });
  manager.last = Done::ok;
  manager.mixed = got.mixed;
  switch (got.status) {
    case GetStatus::failed:
      manager.last = Done::failed;
      break;
    case GetStatus::absent:
      manager.current.lineage = {};
      manager.current.serial = 0;
      manager.read = {};
      manager.has_read = 0;
      break;
    case GetStatus::found:
      manager.current = got.snapshot;
      manager.read = got.snapshot;
      manager.has_read = 1;
      break;
  }
  return manager;
}

ManagerState persist_state(sim::Process& self, const Backend& backend, ManagerState manager) {
  manager.last = Done::ok;
  if (manager.has_read != 0) {  // 2.4.3a
    if (nothing_to_write(manager)) return manager;
    manager.current.serial = next_serial(manager.current.serial);
  } else {  // 2.4.3b: nobody's state was ever read; look again
    const GetResult again = self.scope<GetResult>(scope_tag::get, [&] { return backend.get(self); });
    if (again.status == GetStatus::failed) {
      manager.last = Done::failed;
      return manager;
    }
    if (again.status == GetStatus::found) {
      // The other party's state replaces the one about to be persisted.
      manager.vanished = discards(manager.current, again.snapshot) ? 1 : 0;
      manager.current = again.snapshot;
      manager.read = again.snapshot;
      manager.has_read = 1;
    } else {
      manager.current.lineage = sim::Who::me();  // a fresh random lineage
      manager.current.serial = 1;                // RefreshState has set it to 0
    }
  }
  manager = put(self, backend, manager);
  if (manager.last == Done::ok) {
    manager.read = manager.current;
    manager.has_read = 1;
  }
  return manager;
}

ManagerState write_state_file(sim::Process& self, const Backend& backend, ManagerState manager) {
  manager = read_again(self, backend, manager);  // what is recorded in memory stays
  if (manager.last != Done::ok) return manager;
  if (manager.current.lineage.is_nobody()) manager.current.lineage = sim::Who::me();  // NewStateFile
  if (manager.has_read == 0 || !same_content(manager.current, manager.read))
    manager.current.serial = next_serial(manager.current.serial);
  manager.vanished = 0;
  return put(self, backend, manager);
}

ManagerState adopt_state(ManagerState manager, const StateSnapshot& file) {
  manager.current = file;
  manager.last = Done::ok;
  manager.vanished = 0;
  return manager;
}

ManagerState adopt_state_file(sim::Process& self, const Backend& backend, ManagerState manager,
                              const StateSnapshot& file, bool raises_serial) {
  manager = read_again(self, backend, manager);
  if (manager.last != Done::ok) return manager;
  manager.current = file;
  const bool differs = manager.has_read == 0 || !same_content(manager.current, manager.read);
  if (raises_serial && differs) manager.current.serial = next_serial(manager.current.serial);
  manager.vanished = 0;
  return put(self, backend, manager);
}

bool is_valid_import(const StateSnapshot& file, const StateSnapshot& existing) {
  if (!existing.exists() || records_nothing(existing)) return true;
  if (file.lineage.is_nobody() || existing.lineage.is_nobody()) return true;  // a legacy state
  if (file.lineage != existing.lineage || file.serial < existing.serial) return false;
  return file.serial > existing.serial || same_content(file, existing);
}

void record_resource(ManagerState& manager, std::size_t address, std::uint8_t instance,
                     std::uint16_t change_number) {
  manager.current.instance[address] = instance;
  manager.current.writer = sim::Who::me();
  manager.current.write = change_number;
}

}  // namespace lockstorm::models
