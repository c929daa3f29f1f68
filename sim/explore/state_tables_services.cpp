// What requests, the ends of processes and time do to interned states of services.
#include <algorithm>

#include "sim/explore/state_tables.hpp"
#include "sim/limits.hpp"

namespace lockstorm::sim {
namespace {

std::uint64_t pair_key(std::uint64_t high, std::uint64_t low) { return high << 32U | low; }

// In the key of a sparse effect, below the state's number.
constexpr unsigned kAlternativeBits = 4;
static_assert(kMaxAlternatives == 1U << kAlternativeBits);

}  // namespace

std::uint32_t StateTables::request_number(std::uint8_t service, ValueId request, bool is_forbidden) {
  constexpr std::uint64_t kForbidden = 1U << 8U;  // above the service's number
  const auto [position, is_new] =
      request_numbers_.try_emplace(pair_key(service | (is_forbidden ? kForbidden : 0), request),
                                   static_cast<std::uint32_t>(requests_.size()));
  if (is_new) {
    requests_.push_back({service, is_forbidden, request, {}});
    effects_.resize(requests_.size() * process_count_);
  }
  return position->second;
}

ServiceStateId StateTables::initial_service(std::size_t service) {
  return intern_service(service, spec_.services[service]->initial(values_));
}

ServiceStateId StateTables::intern_service(std::size_t service, ValueId value) {
  ServiceTable& table = services_[service];
  const auto [position, is_new] =
      table.ids.try_emplace(value, static_cast<ServiceStateId>(table.states.size()));
  if (is_new) {
    table.states.push_back(value);
    table.holders.push_back(spec_.services[service]->holders(values_, value));
    table.events_spent.push_back(
        static_cast<std::uint8_t>(spec_.services[service]->events_spent(values_, value)));
    table.ticked.push_back(kUnknown);
  }
  return position->second;
}

EffectInfo StateTables::compute_effect(std::uint32_t request, Slot slot, ServiceStateId state,
                                       unsigned alternative) {
  about_to_extend();
  const std::uint8_t service = requests_[request].service;
  const AnyService& model = *spec_.services[service];
  const ValueId asked = requests_[request].request;
  const ValueId value = services_[service].states[state];
  const bool is_forbidden = requests_[request].is_forbidden;
  const AnyService::Outcome outcome = is_forbidden
                                          ? model.apply_forbidden(values_, value, slot, asked, alternative)
                                          : model.apply(values_, value, slot, asked, alternative);
  EffectInfo info;
  info.next = intern_service(service, outcome.value);
  info.response = outcome.response;
  info.tags = outcome.tags;
  const unsigned alternatives = is_forbidden ? model.alternatives_forbidden(values_, value, slot, asked)
                                             : model.alternatives(values_, value, slot, asked);
  require(alternatives <= kMaxAlternatives, "more than 16 ways in which one request may take effect");
  info.alternatives = static_cast<std::uint8_t>(alternatives);
  info.quick = info.alternatives == 1 && (info.tags & watched_.effect_tags) == 0;
  std::vector<ResponseKey>& known = requests_[request].responses;
  const auto found = std::ranges::find(known, ResponseKey{info.response, info.tags});
  info.response_row = static_cast<std::uint32_t>(found - known.begin());
  if (found == known.end()) known.emplace_back(info.response, info.tags);
  return info;
}

const EffectInfo& StateTables::find_effect(std::uint32_t request, Slot slot, ServiceStateId state,
                                           unsigned alternative) {
  const std::size_t row = request * process_count_ + slot;
  if (alternative == 0 && state < direct_states_) {
    const EffectInfo info = compute_effect(request, slot, state, alternative);
    std::vector<EffectInfo>& effects = effects_[row];
    if (effects.size() <= state) effects.resize(std::max<std::size_t>(state + 1, effects.size() * 2));
    effects[state] = info;
    return effects[state];
  }
  require(state < 1U << (32U - kAlternativeBits), "more than 268 million states of one service");
  const std::uint64_t key =
      pair_key(row, static_cast<std::uint64_t>(state) << kAlternativeBits | alternative);
  const auto known = sparse_effects_.find(key);
  if (known != sparse_effects_.end()) return known->second;
  const EffectInfo info = compute_effect(request, slot, state, alternative);
  return sparse_effects_.emplace(key, info).first->second;
}

const EffectInfo* StateTables::known_effect(std::uint32_t request, Slot slot, ServiceStateId state,
                                            unsigned alternative) const {
  const std::size_t row = request * process_count_ + slot;
  if (alternative == 0 && state < direct_states_) {
    const std::vector<EffectInfo>& effects = effects_[row];
    return state < effects.size() && effects[state].next != kUnknown ? &effects[state] : nullptr;
  }
  const auto known = sparse_effects_.find(
      pair_key(row, static_cast<std::uint64_t>(state) << kAlternativeBits | alternative));
  return known == sparse_effects_.end() ? nullptr : &known->second;
}

ServiceStateId StateTables::known_hook(std::size_t service, ServiceStateId state, Slot slot,
                                       MoveInfo::Hook hook) const {
  const auto known =
      services_[service].hooks.find(pair_key(static_cast<std::uint64_t>(hook) << 16U | slot, state));
  return known == services_[service].hooks.end() ? kUnknown : known->second;
}

ServiceStateId StateTables::after_hook(std::size_t service, ServiceStateId state, Slot slot,
                                       MoveInfo::Hook hook) {
  const std::uint64_t key = pair_key(static_cast<std::uint64_t>(hook) << 16U | slot, state);
  const auto known = services_[service].hooks.find(key);
  if (known != services_[service].hooks.end()) return known->second;
  about_to_extend();
  const AnyService& model = *spec_.services[service];
  const ValueId value = services_[service].states[state];
  ValueId next = value;
  switch (hook) {
    case MoveInfo::Hook::none:
      break;
    case MoveInfo::Hook::ended:
      next = model.process_ended(values_, value, slot);
      break;
    case MoveInfo::Hook::paused:
      next = model.process_paused(values_, value, slot, true);
      break;
    case MoveInfo::Hook::cut:
      next = model.connection_lost(values_, value, slot);
      break;
    case MoveInfo::Hook::resumed:
      next = model.process_paused(values_, value, slot, false);
      break;
  }
  const ServiceStateId id = intern_service(service, next);
  services_[service].hooks.emplace(key, id);
  return id;
}

ServiceStateId StateTables::after_service_tick(std::size_t service, ServiceStateId state) {
  const ServiceStateId known = services_[service].ticked[state];
  if (known != kUnknown) return known;
  about_to_extend();
  const ServiceStateId next =
      intern_service(service, spec_.services[service]->tick(values_, services_[service].states[state]));
  services_[service].ticked[state] = next;
  return next;
}

}  // namespace lockstorm::sim
