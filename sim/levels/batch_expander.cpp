#include "sim/levels/batch_expander.hpp"

#include "sim/explore/packed_steps.hpp"

namespace lockstorm::sim {

void FarViolations::note(Violations properties, unsigned adverse_events, const FarPlace& by) {
  violated = static_cast<Violations>(violated | properties);
  fewest.note(properties, adverse_events);
  for (unsigned property = 0; properties != 0;
       ++property, properties = static_cast<Violations>(properties >> 1U)) {
    std::optional<FarPlace>& known = first[property];
    if ((properties & 1U) != 0 && (!known || by < *known)) known = by;
  }
}

void FarViolations::add(const FarViolations& other) {
  for (unsigned property = 0; property < first.size(); ++property) {
    const auto bit = static_cast<Violations>(1U << property);
    if ((other.violated & bit) != 0) note(bit, other.fewest.of(property), *other.first[property]);
  }
}

template <int W>
void BatchExpander<W>::expand(std::span<const Key<W>> states, std::uint64_t first, ExpandedBatch<W>& batch) {
  batch.successors.clear();
  batch.ends.clear();
  batch.fired = {};
  batch.violations = {};
  for (std::uint32_t i = 0; i < states.size(); ++i) {
    std::uint32_t step = 0;
    world_.for_each_step(
        states[i], reduction_,
        [&](const Key<W>& next, Slot, std::uint16_t, unsigned, std::uint8_t fault, Violations violations)
            __attribute__((always_inline)) {
              if (fault != kNoFault) ++batch.fired[fault];
              if (violations != 0)
                batch.violations.note(violations, world_.adverse_events(next), {first + i, step, false});
              batch.successors.push_back({next, i});
              ++step;
            });
    if (step == 0) batch.ends.push_back(i);
  }
  for (auto& successor : batch.successors) successor.key = world_.canonical(successor.key);
}

template <int W>
bool BatchExpander<W>::faultless(const Key<W>& state, std::vector<Key<W>>& successors) {
  successors.clear();
  bool has_step = false;
  world_.for_each_step(state, reduction_,
                       [&](const Key<W>& next, Slot, std::uint16_t, unsigned, std::uint8_t fault, Violations)
                           __attribute__((always_inline)) {
                             has_step = true;
                             if (fault == kNoFault) successors.push_back(next);
                           });
  if (!has_step || (successors.empty() && world_.is_out_of_time(state))) return false;
  for (Key<W>& next : successors) next = world_.canonical(next);
  return true;
}

template class BatchExpander<1>;
template class BatchExpander<2>;
template class BatchExpander<4>;

}  // namespace lockstorm::sim
