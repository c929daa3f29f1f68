#include "scenarios/search/verify_result.hpp"

#include <algorithm>
#include <utility>

namespace lockstorm::scenarios {

using checkers::Property;

const Counterexample* VerifyResult::counterexample_of(Property property) const {
  const auto found = std::ranges::find(counterexamples, property, &Counterexample::property);
  return found == counterexamples.end() ? nullptr : &*found;
}

bool VerifyResult::cannot_happen() const {
  return verdict == Verdict::invalid && invalidity != Invalidity::nobody_succeeds;
}

std::optional<Verdict> VerifyResult::answer(Property property) const {
  const auto found = properties.find(property);
  if (found == properties.end()) return std::nullopt;
  return invalidity == Invalidity::nobody_succeeds ? worse(found->second, Verdict::invalid) : found->second;
}

Counterexample* VerifyResult::counterexample_of(Property property) {
  return const_cast<Counterexample*>(std::as_const(*this).counterexample_of(property));
}

}  // namespace lockstorm::scenarios
