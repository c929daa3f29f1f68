#include "cli/gtest_files.hpp"

#include <filesystem>

#include "cli/output_file.hpp"
#include "reports/gtest_source.hpp"
#include "scenarios/audit_name.hpp"
#include "scenarios/library.hpp"

namespace lockstorm::cli {
namespace fs = std::filesystem;

std::optional<scenarios::InputError> write_gtests(const std::string& directory,
                                                  std::span<const scenarios::VerifyResult> results) {
  if (directory.empty()) return std::nullopt;
  std::error_code error;
  fs::create_directories(directory, error);
  if (error)
    return scenarios::InputError{
        {directory, 0, 0}, "cannot be made: " + error.message(), "a directory for the tests", ""};
  for (const scenarios::VerifyResult& result : results) {
    const scenarios::Scenario& scenario = result.scenario;
    const bool has_name =
        scenarios::library_entry(scenario.name) != nullptr || scenarios::is_audit_name(scenario.name);
    const std::string reference =
        has_name || scenario.file.empty() ? scenario.name : fs::absolute(scenario.file).string();
    for (const scenarios::Counterexample& counterexample : result.counterexamples) {
      const reports::GtestSource source = reports::gtest_source(result, counterexample, reference);
      if (auto failed = write_output_file((fs::path(directory) / source.file_name).string(), source.text))
        return failed;
    }
  }
  return std::nullopt;
}

}  // namespace lockstorm::cli
