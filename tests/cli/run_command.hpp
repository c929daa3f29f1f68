// Runs the built `lockstorm` as a user would, and keeps what it says.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "test_paths.hpp"
#include "tests/file_text.hpp"

namespace lockstorm::cli {

/// Arguments with which the command takes far longer than any test waits.
inline constexpr const char* kLongWork =
    " verify audit/terraform/s3+lockfile/jobs=4/crash,late_request,operator=dead";

struct CommandResult {
  int status = -1;
  std::string out;  ///< standard output, then standard error if it was asked for
};

/// Takes variables out of this process's environment that audits would read: what a developer has set is no
/// part of a test.
inline bool without_tools_environment() {
  std::vector<std::string> names;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string name = std::string(*entry).substr(0, std::string(*entry).find('='));
    for (const char* prefix : {"TF_", "TG_", "AWS_", "ARM_", "PG_", "KUBE_", "GOOGLE_", "ALICLOUD_",
                               "ALIBABA_", "OSS_", "TENCENTCLOUD_"}) {
      if (name.starts_with(prefix)) names.push_back(name);
    }
  }
  for (const std::string& name : names) unsetenv(name.c_str());
  return true;
}

/// Runs a line of shell in the directory of the test data.
inline CommandResult shell(const std::string& line) {
  static const bool kIsClear = without_tools_environment();
  (void)kIsClear;
  const std::string command = std::string("cd ") + LOCKSTORM_TEST_DATA + " && " + line;
  CommandResult result;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return result;
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    result.out.append(buffer.data(), n);
  const int status = pclose(pipe);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return result;
}

/// Runs `lockstorm ARGUMENTS`.
inline CommandResult lockstorm(const std::string& arguments, bool with_errors = true) {
  return shell(std::string("NO_COLOR= ") + LOCKSTORM_BINARY + " " + arguments +
               (with_errors ? " 2>&1" : " 2>/dev/null"));
}

/// The text with everything that depends on the clock replaced.
inline std::string without_times(const std::string& text) {
  std::string clean = std::regex_replace(text, std::regex("Time:( +)[0-9.]+ s"), "Time:$1T s");
  clean = std::regex_replace(clean, std::regex("\"seconds\": [0-9.e+-]+"), "\"seconds\": 0");
  return std::regex_replace(clean, std::regex("\"states_per_second\": [0-9]+"), "\"states_per_second\": 0");
}

/// A new directory that goes away with it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lockstorm-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path_ / name) << text; }

 private:
  std::filesystem::path path_;
};

}  // namespace lockstorm::cli
