#include "cli/gtest_files.hpp"

#include <filesystem>
#include <set>

#include "cli/output_file.hpp"
#include "reports/ci/gtest_source.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/files/library.hpp"

namespace lockstorm::cli {
namespace fs = std::filesystem;

namespace {

constexpr scenarios::InputKind kGtestFile{"a GoogleTest that `lockstorm verify --gtest` wrote",
                                          16 * scenarios::kMiB};

// Names are made of letters, digits and `_`, so different scenarios may have the same one.
reports::GtestSource test_of_its_own(const fs::path& directory, const scenarios::VerifyResult& result,
                                     const scenarios::Counterexample& counterexample,
                                     const std::string& reference, const std::set<std::string>& written) {
  for (unsigned number = 1;; ++number) {
    reports::GtestSource source = reports::gtest_source(result, counterexample, reference, number);
    if (written.contains(source.file_name)) continue;
    std::error_code ignored;
    const fs::path file = directory / source.file_name;
    if (!fs::exists(file, ignored) ||
        reports::is_gtest_of(read_input_file(file, kGtestFile).value_or(""), reference))
      return source;
  }
}

}  // namespace

std::optional<scenarios::InputError> make_gtest_directory(const std::string& directory) {
  if (directory.empty()) return std::nullopt;
  std::error_code error;
  fs::create_directories(directory, error);
  if (error)
    return scenarios::InputError{
        {directory, 0, 0}, "cannot be made: " + error.message(), "a directory for the tests", ""};
  return check_output_files({(fs::path(directory) / "some_test.cpp").string()});
}

std::optional<scenarios::InputError> write_gtests(const std::string& directory,
                                                  std::span<const scenarios::VerifyResult> results) {
  if (directory.empty()) return std::nullopt;
  std::optional<scenarios::InputError> first_failure;
  std::set<std::string> written;
  for (const scenarios::VerifyResult& result : results) {
    const std::string reference = reference_of(result.scenario);
    for (const scenarios::Counterexample& counterexample : result.counterexamples) {
      const reports::GtestSource source =
          test_of_its_own(directory, result, counterexample, reference, written);
      auto failed = write_output_file((fs::path(directory) / source.file_name).string(), source.text);
      if (failed && !first_failure) first_failure = std::move(failed);
      written.insert(source.file_name);
    }
  }
  return first_failure;
}

}  // namespace lockstorm::cli
