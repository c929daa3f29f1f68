// `lockstorm verify SCENARIO...`: exhaustive within bounds.
#include <fmt/format.h>

#include "cli/any_number.hpp"
#include "cli/certificate_file.hpp"
#include "cli/command.hpp"
#include "cli/exports.hpp"
#include "cli/gtest_files.hpp"
#include "cli/publish.hpp"
#include "cli/usage.hpp"
#include "cli/verify_all.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/html/html_page.hpp"
#include "reports/text/text_report.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/search/expectation.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::cli {
namespace {

struct VerifyArguments {
  std::vector<std::string> references;
  bool expect = false;
  bool all = false;
  std::string certificate;
  std::string gtest_directory;
  std::string html_file;
  ExportArguments exports;
  AnyNumberArguments any_number;
};

// Prints where verdicts differ from what the scenarios expect; whether they do.
bool print_unexpected(const std::vector<scenarios::VerifyResult>& results) {
  bool any = false;
  for (const scenarios::VerifyResult& result : results) {
    for (const std::string& difference : unexpected_verdicts(result)) {
      print_error(
          fmt::format("{}: not as expected: {}\n", scenarios::printable(result.scenario.name), difference));
      any = true;
    }
  }
  return any;
}

// With --expect a scenario must say what it expects: otherwise a test would pass by checking nothing.
std::optional<scenarios::InputError> nothing_expected(const std::vector<scenarios::Scenario>& found) {
  for (const scenarios::Scenario& scenario : found) {
    if (scenario.expects_anything()) continue;
    return scenarios::InputError{{scenario.name, 0, 0},
                                 "the scenario expects nothing",
                                 "expect: {mutual-exclusion: held}",
                                 "leave out --expect"};
  }
  return std::nullopt;
}

// What else violates a property is worth its time where one scenario is looked at.
scenarios::VerifyOptions::Mechanisms wanted_mechanisms(const VerifyArguments& options,
                                                       const std::vector<scenarios::Scenario>& found) {
  using enum scenarios::VerifyOptions::Mechanisms;
  if (options.all) return told;
  return found.size() == 1 && !options.expect ? named : simplest;
}

int exit_status_of(const std::vector<scenarios::VerifyResult>& results, bool unexpected, bool expect) {
  const scenarios::Verdict verdict = worst(results);
  if (!expect) return exit_status(verdict);
  if (unexpected) return exit_status(scenarios::Verdict::violated);
  // As expected: violations are fine then; a run that proves nothing is not.
  scenarios::Verdict other = scenarios::Verdict::held;
  for (const scenarios::VerifyResult& result : results) other = worse(other, verdict_as_expected(result));
  return exit_status(other);
}

std::vector<OpenQuestion> counterexamples_of(scenarios::VerifyResult& result) {
  std::vector<OpenQuestion> all;
  for (scenarios::Counterexample& counterexample : result.counterexamples)
    all.push_back({&result.scenario, &counterexample});
  return all;
}

int run_verify(const VerifyArguments& options, const Global& global) {
  const auto found = scenarios::find_scenarios(options.references);
  if (!found) return bad_input(found.error());
  if (const auto error = options.expect ? nothing_expected(*found) : std::nullopt) return bad_input(*error);
  const std::vector<std::string> own{options.html_file, options.certificate, options.any_number.views_file};
  if (const auto error = check_published(global, own, files_of(*found))) return bad_input(*error);
  if (const auto error = make_gtest_directory(options.gtest_directory)) return bad_input(*error);
  if (const auto error = check_not_among_tests(global, own, options.gtest_directory))
    return bad_input(*error);
  if (const auto error = make_export_directory(options.exports)) return bad_input(*error);
  std::vector<scenarios::VerifyResult> results = verify_all(
      *found, global, "scenarios",
      {.fingerprint = !options.certificate.empty(), .mechanisms = wanted_mechanisms(options, *found)});
  // What helps is worth knowing of one story; of a whole family, or of what is known and expected, it would
  // only take time.
  if (results.size() == 1 && !options.expect) try_changes(counterexamples_of(results.front()), global);

  const reports::Style style = stdout_style();
  std::string text;
  for (const scenarios::VerifyResult& result : results)
    text += (text.empty() ? "" : "\n\n") + text_report(result, style);
  if (results.size() > 1) text += "\n" + text_summary(results, style);
  const AnyNumberAnswer any_number = prove_any_number(options.any_number, *found, global);
  text += any_number.told;
  const Exported exported = write_exports(options.exports, *found, global);
  text += exported.told;
  Results written(global);
  written.write(global.json_file, [&] { return reports::json_report(results, "verify"); });
  publish(written, global, results);
  written.add(write_certificate(options.certificate, results));
  written.add(write_gtests(options.gtest_directory, results));
  written.write(options.html_file, [&] { return reports::html_results(results, "verify"); });
  written.add(write_views(options.any_number, any_number));
  written.add(exported.failed);
  const int status = written.end(text, 0);
  if (options.expect) {
    for (const scenarios::VerifyResult& result : results) print_left_out(result);
  }
  const bool unexpected = print_unexpected(results);
  return status != 0 ? status : exit_status_of(results, unexpected, options.expect);
}

}  // namespace

Action add_verify(CommandLine command) {
  auto options = std::make_shared<VerifyArguments>();
  command.add_option("SCENARIO", options->references, "YAML files, library names, or globs of names ('s3/*')")
      .required();
  command.add_flag("--expect", options->expect,
                   "Succeed when every verdict is what the scenario's `expect` says");
  command.add_flag(
      "--all", options->all,
      "Tell a counterexample for each mechanism that violates a property, not just the simplest");
  add_certificate_option(command, options->certificate);
  command
      .add_option("--gtest", options->gtest_directory,
                  "Write a GoogleTest for each counterexample into DIR; it fails until the bug is fixed")
      .type_name("DIR")
      .check(must_be_file_name);
  add_html_option(command, options->html_file);
  add_any_number_options(command, options->any_number);
  add_export_options(command, options->exports);
  return [options](const Global& global) { return run_verify(*options, global); };
}

}  // namespace lockstorm::cli
