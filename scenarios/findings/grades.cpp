#include "scenarios/findings/grades.hpp"

namespace lockstorm::scenarios {

using checkers::Property;
using sim::Fault;

std::optional<Grade> grade_named(std::string_view name) {
  for (std::size_t number = 0; number < sim::kCountOf<Grade>; ++number) {
    const auto grade = static_cast<Grade>(number);
    if (grade_name(grade) == name) return grade;
  }
  return std::nullopt;
}

Occurrence occurrence_of(const Trouble& cause) {
  // A script does it, whenever it runs.
  if (cause.force_unlock == models::UnlockTarget::any) return Occurrence::pipeline_fault;
  if (cause.force_unlock && *cause.force_unlock != models::UnlockTarget::dead)
    return Occurrence::operators_mistake;
  // Without a fault no lock is left that somebody would have to remove.
  if (cause.force_unlock && cause.faults.total() == 0) return Occurrence::operators_mistake;
  if (cause.adverse_events() == 0) return cause.first_apply ? Occurrence::first_apply : Occurrence::every_day;
  if (cause.first_apply) return Occurrence::first_apply_fault;
  if (cause.adverse_events() > 1) return Occurrence::several_faults;
  const bool from_pipeline = cause.faults[Fault::crash] > 0 || cause.faults[Fault::interrupt] > 0;
  return from_pipeline ? Occurrence::pipeline_fault : Occurrence::outside_fault;
}

Harm harm_of(Property property) {
  constexpr auto kHarmOf = sim::one_for_each<Property, Harm>(
      {Harm::protection, Harm::protection, Harm::state, Harm::state, Harm::protection, Harm::lock_left,
       Harm::refused, Harm::infrastructure, Harm::lock_left, Harm::infrastructure});
  return kHarmOf[checkers::property_number(property)];
}

bool is_inherent(Property property, const Trouble& cause) {
  // A second interrupt ends the tool as a kill does (backend-protocols.md 2.7).
  const bool is_killed = cause.faults[Fault::crash] > 0 || cause.faults[Fault::interrupt] > 1;
  return property == Property::no_drift && is_killed;
}

}  // namespace lockstorm::scenarios
