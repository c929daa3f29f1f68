// Fuzzes the reader of scenario files: an error is fit to be shown, and what is read has a name and a world's
// fingerprint of its own.
#include "fuzz/expectation.hpp"
#include "scenarios/data/printable.hpp"
#include "scenarios/files/yaml_scenario.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lockstorm;
  const auto scenario = scenarios::parse_scenario(fuzz::text_of(data, size), "fuzz.yaml", "fuzz");
  if (!scenario) {
    const std::string error = scenario.error().render();
    fuzz::expect(scenarios::printable_lines(error) == error, "an error is printable");
    fuzz::expect(!scenario.error().problem.empty(), "an error says what is wrong");
    return 0;
  }
  fuzz::expect(fingerprint(*scenario) == fingerprint(*scenario), "a scenario has one fingerprint");
  fuzz::expect(scenario->clients() > 0, "a scenario has clients");
  fuzz::expect(!scenarios::summary(*scenario).empty(), "a scenario can be told");
  return 0;
}
