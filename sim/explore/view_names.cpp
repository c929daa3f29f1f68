#include "sim/explore/view_names.hpp"

#include <algorithm>
#include <bit>

namespace lockstorm::sim {
namespace {

// Slot order[i] becomes first + i, and what is below `first` stays; everybody else gets what is left over.
SlotPermutation order_map(const std::vector<std::uint8_t>& order, unsigned first) {
  SlotPermutation map;
  constexpr std::uint8_t kOpen = 0xFF;
  map.to.fill(kOpen);
  std::uint32_t used = 0;
  const auto put = [&](unsigned slot, unsigned to) {
    map.to[slot] = static_cast<std::uint8_t>(to);
    used |= 1U << to;
  };
  for (unsigned slot = 0; slot < first; ++slot) put(slot, slot);
  for (unsigned i = 0; i < order.size(); ++i) put(order[i], first + i);
  unsigned next = 0;
  for (std::uint8_t& to : map.to) {
    if (to != kOpen) continue;
    while ((used >> next & 1U) != 0) ++next;
    to = static_cast<std::uint8_t>(next++);
  }
  return map;
}

}  // namespace

View ViewSearch::renamed(const View& view, const SlotPermutation& map) {
  const std::uint32_t permutation = tables_.permutation_index(map);
  View next = view;
  for (std::size_t s = 0; s < view.services.size(); ++s)
    next.services[s] = tables_.permuted_service(s, view.services[s], permutation);
  if (view.local != kUnknown) next.local = tables_.permuted_local(view.local, permutation);
  return next;
}

// Process 0 keeps its name; of all orders of the others the one with the smallest form.
View ViewSearch::canonical(const View& raw) {
  if (const auto known = canonical_.find(raw); known != canonical_.end()) return known->second;
  const Names others = names_of(raw) & ~Names{1};
  if (static_cast<unsigned>(std::popcount(others)) > options_.max_others)
    throw TooMuch("the services and what a job remembers name more others than it keeps apart");
  return canonical_.emplace(raw, least(raw, others, 1, false).form).first->second;
}

View ViewSearch::canonical(const View& raw, Slot slot) { return canonical(renamed(raw, swapped(0, slot))); }

// The names become `first`, `first` + 1, ...; the names below stay.
ViewSearch::Least ViewSearch::least(const View& raw, Names names, unsigned first, bool wants_same) {
  Least best;
  std::vector<std::uint8_t> order;
  for (std::uint8_t slot = 0; slot < slots_; ++slot) {
    if ((names >> slot & 1U) != 0) order.push_back(slot);
  }
  std::vector<std::vector<std::uint8_t>> equal;
  bool is_first = true;
  do {
    View form = renamed(raw, order_map(order, first));
    form.others = static_cast<std::uint8_t>(order.size());
    if (is_first || form < best.form) {
      best.form = std::move(form);
      best.order = order;
      equal = {order};
    } else if (wants_same && form == best.form) {
      equal.push_back(order);
    }
    is_first = false;
  } while (std::next_permutation(order.begin(), order.end()));
  if (!wants_same) return best;
  for (const std::vector<std::uint8_t>& one : equal) {
    Shape places;
    for (const std::uint8_t slot : one)
      places.names.push_back(
          static_cast<std::uint8_t>(std::ranges::find(best.order, slot) - best.order.begin()));
    best.same.push_back(std::move(places));
  }
  return best;
}

Shape ViewSearch::services_of(const View& view) {
  const View services = without_process(view);
  const Least found = least(services, names_of(services), 0, true);
  const auto [known, is_new] =
      service_numbers_.try_emplace({found.form.services, found.form.left}, service_orders_.size());
  if (is_new) service_orders_.push_back(found.same);
  return {known->second, found.order};
}

Shape ViewSearch::process_of(const View& view) {
  View process;
  process.local = view.local;
  const Least found = least(process, names_of_local(view.local) & ~Names{1}, 1, true);
  const auto [known, is_new] = process_numbers_.try_emplace(found.form.local, process_orders_.size());
  if (is_new) process_orders_.push_back(found.same);
  return {known->second, found.order};
}

// Who is named is who makes a difference when he swaps his name with somebody who is not: nobody ever has the
// last two names.
ViewSearch::Names ViewSearch::names_of_service(std::size_t service, ServiceStateId state) {
  const auto known = service_names_[service].find(state);
  if (known != service_names_[service].end()) return known->second;
  const auto changes = [&](Slot one, Slot other) {
    return tables_.permuted_service(service, state, tables_.permutation_index(swapped(one, other))) != state;
  };
  return service_names_[service][state] = named_by(changes);
}

ViewSearch::Names ViewSearch::names_of_local(LocalId local) {
  const auto known = local_names_.find(local);
  if (known != local_names_.end()) return known->second;
  const auto changes = [&](Slot one, Slot other) {
    return tables_.permuted_local(local, tables_.permutation_index(swapped(one, other))) != local;
  };
  return local_names_[local] = named_by(changes);
}

ViewSearch::Names ViewSearch::named_by(const std::function<bool(Slot, Slot)>& changes) const {
  const Slot spare = static_cast<Slot>(slots_ - 1);
  require(!changes(spare, static_cast<Slot>(spare - 1)), "a name that nobody has");
  Names names = 0;
  for (Slot slot = 0; slot + 2 < slots_; ++slot) names |= changes(slot, spare) ? Names{1} << slot : 0;
  return names;
}

ViewSearch::Names ViewSearch::names_of_services(const View& view) {
  Names names = 0;
  for (std::size_t s = 0; s < view.services.size(); ++s) names |= names_of_service(s, view.services[s]);
  return names;
}

ViewSearch::Names ViewSearch::names_of(const View& view) {
  return names_of_services(view) | (view.local == kUnknown ? 0 : names_of_local(view.local));
}

}  // namespace lockstorm::sim
