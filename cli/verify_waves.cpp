#include "cli/verify_waves.hpp"

#include <algorithm>
#include <set>

#include "scenarios/matrix.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::Scenario;
using scenarios::Verdict;
using scenarios::VerifyResult;

struct Family {
  std::vector<Scenario>* configurations;
  std::vector<VerifyResult> results;
  checkers::PropertySet left = 0xFFFF;

  [[nodiscard]] bool done() const { return results.size() == configurations->size(); }
  [[nodiscard]] const Scenario& next() const { return (*configurations)[results.size()]; }
};

// Whether every property that means something here is violated already.
bool nothing_left(const Family& family) {
  return std::ranges::none_of(family.results.front().properties, [&](const auto& entry) {
    return (family.left & checkers::property_bit(entry.first)) != 0;
  });
}

void take(Family& family, std::vector<VerifyResult>::iterator first,
          std::vector<VerifyResult>::iterator last) {
  for (auto result = first; result != last; ++result) {
    for (const auto& [property, verdict] : result->properties) {
      if (verdict == Verdict::violated)
        family.left = static_cast<checkers::PropertySet>(family.left & ~checkers::property_bit(property));
    }
    family.results.push_back(std::move(*result));
  }
  if (nothing_left(family)) family.configurations->resize(family.results.size());
}

// The next configurations of a family that have `events` adverse events.
std::size_t add_wave(const Family& family, unsigned events, std::vector<Scenario>& wave) {
  std::size_t count = 0;
  for (std::size_t i = family.results.size(); i < family.configurations->size(); ++i, ++count) {
    if (scenarios::adverse_events((*family.configurations)[i]) != events) break;
    wave.push_back((*family.configurations)[i]);
    wave.back().check = family.left;
  }
  return count;
}

}  // namespace

std::vector<std::vector<VerifyResult>> verify_in_waves(const std::vector<std::vector<Scenario>*>& families,
                                                       const Global& global) {
  std::vector<Family> all;
  for (std::vector<Scenario>* configurations : families) all.push_back({configurations, {}, 0xFFFF});
  for (;;) {
    unsigned events = ~0U;
    for (const Family& family : all) {
      if (!family.done()) events = std::min(events, scenarios::adverse_events(family.next()));
    }
    if (events == ~0U) break;
    std::vector<Scenario> wave;
    std::vector<std::size_t> share;
    for (const Family& family : all) share.push_back(add_wave(family, events, wave));
    std::vector<VerifyResult> results =
        verify_all(wave, global, "configurations", {.find_decisive_moment = false});
    auto first = results.begin();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto last = first + static_cast<std::ptrdiff_t>(share[i]);
      if (first != last) take(all[i], first, last);
      first = last;
    }
  }
  std::vector<std::vector<VerifyResult>> results;
  for (Family& family : all) {
    for (std::size_t i = 0; i < family.results.size(); ++i)
      (*family.configurations)[i].check = family.results[i].scenario.check;
    results.push_back(std::move(family.results));
  }
  return results;
}

std::vector<OpenQuestion> first_counterexamples(std::vector<VerifyResult>& results) {
  std::set<checkers::Property> seen;
  std::vector<OpenQuestion> first;
  for (VerifyResult& result : results) {
    for (scenarios::Counterexample& counterexample : result.counterexamples) {
      if (seen.insert(counterexample.property).second) first.push_back({&result.scenario, &counterexample});
    }
  }
  return first;
}

}  // namespace lockstorm::cli
