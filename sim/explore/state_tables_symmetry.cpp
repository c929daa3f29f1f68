// Swapping equal clients: what becomes of interned local and service states.
#include <algorithm>
#include <numeric>

#include "sim/explore/state_tables.hpp"

namespace lockstorm::sim {
namespace {

// Two slots no world has: "the one looking" and "any equal client".
constexpr std::uint8_t kViewer = kMaxPermutedProcesses - 1;
constexpr std::uint8_t kAnyPeer = kMaxPermutedProcesses - 2;

std::uint64_t code_of(const SlotPermutation& permutation) {
  std::uint64_t code = 0;
  for (const std::uint8_t slot : permutation.to) code = code << 4U | slot;
  return code;
}

SlotPermutation identity_permutation() {
  SlotPermutation identity;
  std::iota(identity.to.begin(), identity.to.end(), std::uint8_t{0});
  return identity;
}

}  // namespace

std::uint32_t StateTables::permutation_index(const SlotPermutation& permutation) {
  const std::uint64_t code = code_of(permutation);
  const auto known = permutation_ids_.find(code);
  if (known != permutation_ids_.end()) return known->second;
  about_to_extend();
  const auto index = static_cast<std::uint32_t>(permutations_.size());
  permutation_ids_.emplace(code, index);
  permutations_.push_back(permutation);
  permuted_locals_.emplace_back();
  for (ServiceTable& table : services_) table.permuted.emplace_back();
  return index;
}

LocalId StateTables::permuted_local(LocalId id, std::uint32_t permutation) {
  if (id < permuted_locals_[permutation].size()) {
    const LocalId known = permuted_locals_[permutation][id];
    if (known != kUnknown) return known;
  }
  about_to_extend();
  const SlotPermutation& map = permutations_[permutation];
  LocalState local = locals_[id];
  const std::uint8_t process_class = infos_[id].process_class;
  if (local.status != ProcessStatus::dead) local.node = automata_[process_class]->renamed(local.node, map);
  for (FiberState& fiber : local.fibers) {
    if (fiber.phase == Phase::answered) fiber.detail = values_.renamed(fiber.detail, map);
  }
  for (StrayRequest& stray : local.strays) stray.request = values_.renamed(stray.request, map);
  std::ranges::sort(local.strays);
  const LocalId renamed = intern(std::move(local), process_class);
  std::vector<LocalId>& row = permuted_locals_[permutation];
  if (row.size() <= id) row.resize(std::max<std::size_t>(id + 1, row.size() * 2), kUnknown);
  row[id] = renamed;
  return renamed;
}

ServiceStateId StateTables::permuted_service(std::size_t service, ServiceStateId state,
                                             std::uint32_t permutation) {
  {
    const std::vector<ServiceStateId>& row = services_[service].permuted[permutation];
    if (state < row.size() && row[state] != kUnknown) return row[state];
  }
  about_to_extend();
  const ServiceStateId renamed =
      intern_service(service, values_.renamed(services_[service].states[state], permutations_[permutation]));
  std::vector<ServiceStateId>& row = services_[service].permuted[permutation];
  if (row.size() <= state) row.resize(std::max<std::size_t>(state + 1, row.size() * 2), kUnknown);
  row[state] = renamed;
  return renamed;
}

// The map that shows a value from one slot: itself apart, equal clients all alike.
static SlotPermutation seen_from(const std::vector<std::uint8_t>& classes, Slot slot) {
  SlotPermutation map = identity_permutation();
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (classes[i] == classes[slot]) map.to[i] = kAnyPeer;
  }
  map.to[slot] = kViewer;
  return map;
}

std::uint32_t StateTables::service_seen_from(std::size_t service, ServiceStateId state, Slot slot) {
  {
    const std::vector<std::uint32_t>& row = services_[service].seen_from[slot];
    if (state < row.size() && row[state] != kUnknown) return row[state];
  }
  about_to_extend();
  const std::uint32_t seen =
      values_.renamed(services_[service].states[state], seen_from(spec_.class_of_slot(), slot));
  std::vector<std::uint32_t>& row = services_[service].seen_from[slot];
  if (row.size() <= state) row.resize(std::max<std::size_t>(state + 1, row.size() * 2), kUnknown);
  row[state] = seen;
  return seen;
}

std::uint32_t StateTables::local_seen_from(LocalId id, Slot slot) {
  {
    const std::vector<std::uint32_t>& row = locals_seen_from_[slot];
    if (id < row.size() && row[id] != kUnknown) return row[id];
  }
  about_to_extend();
  const std::uint32_t seen = signature(id, seen_from(spec_.class_of_slot(), slot));
  std::vector<std::uint32_t>& row = locals_seen_from_[slot];
  if (row.size() <= id) row.resize(std::max<std::size_t>(id + 1, row.size() * 2), kUnknown);
  row[id] = seen;
  return seen;
}

// A renamed local state as text, interned. Unlike `permuted_local` it runs no process, so `map` may name
// slots nobody has.
std::uint32_t StateTables::signature(LocalId id, const SlotPermutation& map) {
  const LocalState& local = locals_[id];
  std::string text;
  const auto append = [&text](std::uint32_t value) {
    text.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  append(infos_[id].process_class);
  append(static_cast<std::uint32_t>(local.status));
  if (local.status == ProcessStatus::alive || local.status == ProcessStatus::paused) {
    for (const Memory& memory : automata_[infos_[id].process_class]->node(local.node).memory) {
      const bool is_value = memory.kind != Memory::Kind::observation || memory.value < observe::kSpecial;
      append(static_cast<std::uint32_t>(memory.fiber) << 24U |
             static_cast<std::uint32_t>(memory.kind) << 16U | memory.tag);
      append(is_value ? values_.renamed(memory.value, map) : memory.value);
      append(static_cast<std::uint32_t>(memory.depth) << 16U | memory.flags);
      append(values_.renamed(memory.shared, map));
      append(memory.kept == Memory::kAsItIs ? memory.kept : values_.renamed(memory.kept, map));
    }
  } else if (local.status == ProcessStatus::ended) {
    append(values_.renamed(automata_[infos_[id].process_class]->node(local.node).outcome, map));
  }
  for (const FiberState& fiber : local.fibers) {
    append(static_cast<std::uint32_t>(fiber.phase) << 16U | fiber.tags);
    append(fiber.phase == Phase::answered ? values_.renamed(fiber.detail, map) : fiber.detail);
  }
  for (const StrayRequest& stray : local.strays) {
    append(stray.service);
    append(values_.renamed(stray.request, map));
  }
  return signatures_.try_emplace(std::move(text), static_cast<std::uint32_t>(signatures_.size()))
      .first->second;
}

std::uint32_t StateTables::compute_likeness(LocalId id) {
  about_to_extend();
  std::uint32_t likeness = id;
  if (names_equal_clients(id)) {
    SlotPermutation map = identity_permutation();
    const std::vector<std::uint8_t> classes = spec_.class_of_slot();
    for (std::size_t i = 0; i < classes.size(); ++i)
      map.to[i] = static_cast<std::uint8_t>(kAnyPeer - classes[i]);
    likeness = kNamesOthers | signature(id, map);
  }
  infos_[id].likeness = likeness;
  return likeness;
}

bool StateTables::names_equal_clients(LocalId id) {
  Slot first = 0;
  for (const ProcessClass& process_class : spec_.classes) {
    for (Slot a = 0; a < process_class.count; ++a) {
      for (Slot b = static_cast<Slot>(a + 1); b < process_class.count; ++b) {
        SlotPermutation swap = identity_permutation();
        std::swap(swap.to[first + a], swap.to[first + b]);
        if (permuted_local(id, permutation_index(swap)) != id) return true;
      }
    }
    first = static_cast<Slot>(first + process_class.count);
  }
  return false;
}

}  // namespace lockstorm::sim
