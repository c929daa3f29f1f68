// JUnit XML with the elements and attributes of Jenkins' junit-10.xsd, which GitLab and GitHub's actions
// read, too.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace lockstorm::reports {

enum class JunitOutcome : std::uint8_t { passed, failed, errored, skipped };

struct JunitCase {
  std::string name;
  JunitOutcome outcome = JunitOutcome::passed;
  std::string message;  ///< failed, errored: in a line; skipped: why
  std::string text;     ///< failed, errored: the rest; passed: what is worth knowing
};

struct JunitSuite {
  std::string name;
  std::vector<std::pair<std::string, std::string>> properties;
  std::vector<JunitCase> cases;
  double seconds = 0;
};

/// The document. How many cases of each outcome there are is counted here.
std::string junit_document(std::span<const JunitSuite> suites);

}  // namespace lockstorm::reports
