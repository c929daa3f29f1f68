#include "reports/ci/junit_suite.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/format/markup.hpp"

namespace lockstorm::reports {
namespace {

// Why a case is skipped is the element's text: the schema allows no attribute.
std::string case_text(const JunitCase& one, const std::string& suite) {
  const std::string begin =
      fmt::format("    <testcase name=\"{}\" classname=\"{}\" time=\"0\"", escaped(one.name), escaped(suite));
  std::string inside;
  switch (one.outcome) {
    case JunitOutcome::passed:
      if (one.text.empty()) return begin + "/>\n";
      inside = fmt::format("<system-out>{}</system-out>", escaped(one.text));
      break;
    case JunitOutcome::failed:
      inside = fmt::format("<failure message=\"{}\" type=\"violated\">{}</failure>", escaped(one.message),
                           escaped(one.text));
      break;
    case JunitOutcome::errored:
      inside = fmt::format("<error message=\"{}\" type=\"undecided\">{}</error>", escaped(one.message),
                           escaped(one.text));
      break;
    case JunitOutcome::skipped:
      inside = fmt::format("<skipped>{}</skipped>", escaped(one.message));
      break;
  }
  return fmt::format("{}>\n      {}\n    </testcase>\n", begin, inside);
}

std::size_t cases_with(const JunitSuite& suite, JunitOutcome outcome) {
  return static_cast<std::size_t>(std::ranges::count(suite.cases, outcome, &JunitCase::outcome));
}

struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  double seconds = 0;

  [[nodiscard]] std::string attributes() const {
    return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3f}\"", tests, failures, errors,
                       seconds);
  }
};

}  // namespace

std::string junit_document(std::span<const JunitSuite> suites) {
  std::string body;
  Counts all;
  for (const JunitSuite& suite : suites) {
    const Counts counts{suite.cases.size(), cases_with(suite, JunitOutcome::failed),
                        cases_with(suite, JunitOutcome::errored), suite.seconds};
    const std::size_t skipped = cases_with(suite, JunitOutcome::skipped);
    body += fmt::format("  <testsuite name=\"{}\" {}{}>\n", escaped(suite.name), counts.attributes(),
                        skipped > 0 ? fmt::format(" skipped=\"{}\"", skipped) : "");
    if (!suite.properties.empty()) {
      body += "    <properties>\n";
      for (const auto& [name, value] : suite.properties)
        body += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", escaped(name), escaped(value));
      body += "    </properties>\n";
    }
    for (const JunitCase& one : suite.cases) body += case_text(one, suite.name);
    body += "  </testsuite>\n";
    all.tests += counts.tests;
    all.failures += counts.failures;
    all.errors += counts.errors;
    all.seconds += counts.seconds;
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"lockstorm\" {}>\n{}</testsuites>\n",
      all.attributes(), body);
}

}  // namespace lockstorm::reports
