// `lockstorm certify FILE`: verifies again what a certificate says, and compares all of it.
#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/results.hpp"
#include "cli/verify_all.hpp"
#include "reports/ci/certificate.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/files/library.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::InputError;

std::expected<std::vector<reports::Certified>, InputError> read_claims(const std::string& file) {
  const auto text = read_input_file(file, scenarios::kCertificateFile);
  if (!text) return std::unexpected(text.error());
  auto certificate = reports::read_certificate(*text);
  if (!certificate)
    return std::unexpected(InputError{{file, 0, 0},
                                      certificate.error(),
                                      "a file that `lockstorm verify --certificate` of this version wrote",
                                      "write it again"});
  return *std::move(certificate);
}

// What came of looking for a scenario's part of the certificate again.
struct Outcome {
  scenarios::Verdict verdict = scenarios::Verdict::held;  ///< held: it is confirmed
  std::vector<std::string> lines;
};

Outcome compare(const reports::Certified& claim, const scenarios::VerifyResult& result) {
  // A search that was cut short cannot confirm anything, not even what another one has left open.
  if (!result.explored.complete)
    return {scenarios::Verdict::unknown, {fmt::format("could not be explored completely: {}", result.why)}};
  Outcome outcome;
  outcome.lines = reports::differences(claim, reports::certified(result));
  if (result.verdict == scenarios::Verdict::invalid)
    outcome.lines.push_back(fmt::format("it is invalid: {}", result.why));
  if (!outcome.lines.empty()) {
    outcome.verdict = scenarios::Verdict::violated;
  } else if (left_open(claim) == claim.properties.size()) {
    outcome = {scenarios::Verdict::unknown, {"it certifies nothing: no property of it is decided"}};
  } else if (const std::size_t open = left_open(claim); open > 0) {
    outcome.lines.push_back(fmt::format("{} of its {} properties are left open: it certifies nothing of them",
                                        open, claim.properties.size()));
  }
  const auto violated =
      std::ranges::count(claim.properties, "violated", [](const auto& one) { return one.second; });
  if (outcome.verdict == scenarios::Verdict::held && violated > 0)
    outcome.lines.push_back(fmt::format("{} of its {} properties are certified to be violated", violated,
                                        claim.properties.size()));
  return outcome;
}

int run_certify(const std::string& file, const Global& global) {
  const auto claims = read_claims(file);
  if (!claims) return bad_input(claims.error());
  std::vector<scenarios::Scenario> found;
  for (const reports::Certified& claim : *claims) {
    auto scenario = scenarios::find_scenario(claim.reference);
    if (!scenario) return bad_input(scenario.error());
    found.push_back(*std::move(scenario));
  }
  const auto results = verify_all(found, global, "scenarios", {.explain = false, .fingerprint = true});
  auto verdict = scenarios::Verdict::held;
  std::size_t unconfirmed = 0;
  std::uint64_t states = 0;
  std::string text;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const Outcome outcome = compare((*claims)[i], results[i]);
    verdict = worse(verdict, outcome.verdict);
    states += results[i].explored.states;
    unconfirmed += outcome.verdict == scenarios::Verdict::held ? 0 : 1;
    for (const std::string& line : outcome.lines)
      text += scenarios::printable(fmt::format("{}: {}", (*claims)[i].reference, line)) + "\n";
  }
  text += unconfirmed == 0 ? fmt::format("confirmed: {} of {}, {} states found again\n", results.size(),
                                         results.size(), states)
                           : fmt::format("NOT CONFIRMED: {} of {}\n", unconfirmed, results.size());
  return Results(global).end(text, exit_status(verdict));
}

}  // namespace

Action add_certify(CommandLine command) {
  auto file = std::make_shared<std::string>();
  command.add_option("FILE", *file, "What `lockstorm verify --certificate FILE` wrote").required();
  return [file](const Global& global) { return run_certify(*file, global); };
}

}  // namespace lockstorm::cli
