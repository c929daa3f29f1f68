#include <fmt/format.h>
#include "scenarios/verify.hpp"
#include "scenarios/yaml_scenario.hpp"
using namespace lockstorm::scenarios;
int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const auto scenario = read_scenario(argv[i]);
    if (!scenario) { fmt::print("{}\n", scenario.error().render()); return 65; }
    const VerifyResult result = verify(*scenario, {});
    fmt::print("{}: {} ({}) {} states {} transitions {:.3f}s complete {} {}\n", scenario->name, verdict_name(result.verdict), summary(*scenario), result.explored.states, result.explored.transitions, result.explored.seconds, result.explored.complete, result.why);
    for (const auto& [p, v] : result.properties) fmt::print("   {}: {}\n", lockstorm::checkers::property_name(p), verdict_name(v));
    for (const auto& c : result.counterexamples) {
      fmt::print("  -- {} ({} faults, decisive {}) {}\n", lockstorm::checkers::property_name(c.property), c.faults, c.decisive_step, c.replay);
      for (const auto& s : c.steps) if (s.is_relevant || s.number == c.decisive_step) fmt::print("   {:3} {:10} {} {} {}\n", s.number, s.actor, s.text, s.note, s.number == c.decisive_step ? "<== decisive" : "");
    }
  }
}
