// `lockstorm certify FILE`: verifies again what a certificate says, and compares all of it.
#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "cli/command.hpp"
#include "cli/verify_all.hpp"
#include "reports/certificate.hpp"
#include "scenarios/library.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::InputError;

std::expected<std::vector<reports::Certified>, InputError> read(const std::string& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream || !text)
    return std::unexpected(
        InputError{{file, 0, 0}, "cannot be read", "a file that `lockstorm verify --certificate` wrote", ""});
  auto certificate = reports::read_certificate(text.str());
  if (!certificate)
    return std::unexpected(InputError{{file, 0, 0},
                                      certificate.error(),
                                      "a file that `lockstorm verify --certificate` of this version wrote",
                                      "write it again"});
  return *std::move(certificate);
}

int run(const std::string& file, const Global& global) {
  const auto claims = read(file);
  if (!claims) return bad_input(claims.error());
  std::vector<scenarios::Scenario> found;
  for (const reports::Certified& claim : *claims) {
    auto scenario = scenarios::find_scenario(claim.reference);
    if (!scenario) return bad_input(scenario.error());
    found.push_back(*std::move(scenario));
  }
  const auto results =
      verify_all(found, global, "scenarios", {.find_decisive_moment = false, .fingerprint = true});
  std::size_t broken = 0;
  std::uint64_t states = 0;
  std::string text;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto differences = reports::differences((*claims)[i], reports::certified(results[i]));
    states += results[i].explored.states;
    broken += differences.empty() ? 0 : 1;
    for (const std::string& difference : differences)
      text += fmt::format("{}: {}\n", (*claims)[i].reference, difference);
  }
  text += broken == 0 ? fmt::format("confirmed: {} of {}, {} states found again\n", results.size(),
                                    results.size(), states)
                      : fmt::format("NOT CONFIRMED: {} of {}\n", broken, results.size());
  print_report(global, text);
  return broken == 0 ? scenarios::exit_status(scenarios::Verdict::held)
                     : scenarios::exit_status(scenarios::Verdict::violated);
}

}  // namespace

Action add_certify(CLI::App& command) {
  auto file = std::make_shared<std::string>();
  command.add_option("FILE", *file, "What `lockstorm verify --certificate FILE` wrote")->required();
  return [file](const Global& global) { return run(*file, global); };
}

}  // namespace lockstorm::cli
