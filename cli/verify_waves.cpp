#include "cli/verify_waves.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "cli/first_of_each.hpp"
#include "scenarios/campaigns/matrix.hpp"
#include "scenarios/data/adversity.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::Scenario;
using scenarios::Verdict;
using scenarios::VerifyResult;

struct Family {
  std::vector<Scenario>* configurations;
  Again again;
  std::vector<VerifyResult> results;
  /// Per property, of the configurations that violate it: what troubled them.
  std::map<checkers::Property, std::vector<scenarios::Adversities>> causes;

  [[nodiscard]] bool done() const { return results.size() == configurations->size(); }
  [[nodiscard]] const Scenario& next() const { return (*configurations)[results.size()]; }
};

// The properties that are to be checked in that configuration.
checkers::PropertySet left_for(const Family& family, const Scenario& configuration) {
  const scenarios::Adversities here = scenarios::adversities_of(configuration);
  checkers::PropertySet left = configuration.check.value_or(checkers::PropertySet::all());
  for (const auto& [property, causes] : family.causes) {
    const bool settled =
        family.again == Again::never ||
        std::ranges::any_of(causes, [&](scenarios::Adversities cause) { return (cause & ~here) == 0; });
    if (settled) left.erase(property);
  }
  return left;
}

// Whether every property that means something here is settled in all configurations that are left.
bool nothing_left(const Family& family) {
  for (std::size_t i = family.results.size(); i < family.configurations->size(); ++i) {
    const checkers::PropertySet left = left_for(family, (*family.configurations)[i]);
    const bool some = std::ranges::any_of(family.results.front().properties,
                                          [&](const auto& entry) { return left.contains(entry.first); });
    if (some) return false;
  }
  return true;
}

void take(Family& family, std::vector<VerifyResult>::iterator first,
          std::vector<VerifyResult>::iterator last) {
  for (auto result = first; result != last; ++result) {
    for (const auto& [property, verdict] : result->properties) {
      if (verdict == Verdict::violated)
        family.causes[property].push_back(scenarios::adversities_of(result->scenario));
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
    wave.back().check = left_for(family, wave.back());
  }
  return count;
}

std::vector<VerifyResult> verify_each_once(const std::vector<Scenario>& wave, const Global& global,
                                           scenarios::VerifyOptions::Mechanisms mechanisms) {
  const FirstOfEach first(wave, [](const Scenario& scenario) {
    const auto check = scenario.check.value_or(checkers::PropertySet::all());
    return std::tuple(scenario.name, fingerprint(scenario), check.bits());
  });
  std::vector<Scenario> asked;
  for (const std::size_t number : first.numbers()) asked.push_back(wave[number]);
  const std::vector<VerifyResult> answers =
      verify_all(asked, global, "configurations", {.explain = false, .mechanisms = mechanisms});
  std::vector<VerifyResult> results;
  for (std::size_t i = 0; i < wave.size(); ++i) results.push_back(answers[first.place_of(i)]);
  return results;
}

}  // namespace

std::vector<std::vector<VerifyResult>> verify_in_waves(const std::vector<std::vector<Scenario>*>& families,
                                                       const Global& global, Again again,
                                                       scenarios::VerifyOptions::Mechanisms mechanisms) {
  std::vector<Family> all;
  for (std::vector<Scenario>* configurations : families) all.push_back({configurations, again, {}, {}});
  for (;;) {
    unsigned events = ~0U;
    for (const Family& family : all) {
      if (!family.done()) events = std::min(events, scenarios::adverse_events(family.next()));
    }
    if (events == ~0U) break;
    std::vector<Scenario> wave;
    std::vector<std::size_t> share;
    for (const Family& family : all) share.push_back(add_wave(family, events, wave));
    std::vector<VerifyResult> results = verify_each_once(wave, global, mechanisms);
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

}  // namespace lockstorm::cli
