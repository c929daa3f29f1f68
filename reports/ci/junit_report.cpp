// JUnit XML with the elements and attributes of Jenkins' junit-10.xsd, which GitLab and GitHub's actions
// read, too.
#include <fmt/format.h>

#include <algorithm>

#include "reports/ci/published.hpp"
#include "reports/format/markup.hpp"
#include "reports/story/narrative.hpp"
#include "reports/story/search_words.hpp"
#include "reports/story/words.hpp"
#include "reports/text/text_report.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Expectation;
using scenarios::Verdict;
using scenarios::VerifyResult;

constexpr Style kJunitStyle{.colour = false, .width = 100};

enum class Outcome : std::uint8_t { passed, failed, errored };

struct Case {
  std::string name;
  Outcome outcome = Outcome::passed;
  std::string message;
  std::string text;
  std::string note;  ///< what passing is worth
};

// The headline and the whole story.
std::pair<std::string, std::string> story_of(const VerifyResult& result, checkers::Property property) {
  const scenarios::Counterexample* found = result.counterexample_of(property);
  if (found == nullptr) return {std::string(headline(property)), {}};
  return {std::string(headline_of(*found)), text_counterexample(result, *found, kJunitStyle)};
}

Case case_of(const VerifyResult& result, checkers::Property property, Verdict verdict) {
  Case one{std::string(checkers::property_name(property)), Outcome::passed, {}, {}, {}};
  const auto expected = result.scenario.expect.find(property);
  const bool expects_violation = result.scenario.expects_violation(property);
  if (verdict == Verdict::violated) {
    std::tie(one.message, one.text) = story_of(result, property);
    one.outcome = expects_violation ? Outcome::passed : Outcome::failed;
  } else if (verdict == Verdict::held) {
    if (expects_violation) {
      one.outcome = Outcome::failed;
      one.message = fmt::format("expected violated, got {}", shown_verdict(result, verdict));
    } else {
      one.note = searched_text(result);
    }
  } else if (expected == result.scenario.expect.end() || expected->second != Expectation::unknown ||
             verdict != Verdict::unknown) {
    one.outcome = Outcome::errored;
    one.message = fmt::format("{}: {}", scenarios::verdict_name(verdict), result.why);
  }
  return one;
}

std::vector<Case> cases_of(const VerifyResult& result) {
  std::vector<Case> cases;
  for (const auto& [property, verdict] : result.properties)
    cases.push_back(case_of(result, property, verdict));
  // A declared fault that never struck: no property says so.
  if (result.verdict == Verdict::invalid)
    cases.push_back({"bounds", Outcome::errored, fmt::format("invalid: {}", result.why), {}, {}});
  return cases;
}

std::string case_text(const Case& one, const std::string& suite) {
  std::string out =
      fmt::format("    <testcase name=\"{}\" classname=\"{}\" time=\"0\"", escaped(one.name), escaped(suite));
  if (one.outcome == Outcome::passed && one.text.empty() && one.note.empty()) return out + "/>\n";
  out += ">\n";
  if (one.outcome == Outcome::passed) {
    out += fmt::format("      <system-out>{}</system-out>\n",
                       escaped(one.note.empty() ? "as expected\n" + one.text : one.note));
  } else {
    const char* element = one.outcome == Outcome::failed ? "failure" : "error";
    out += fmt::format("      <{} message=\"{}\" type=\"{}\">{}</{}>\n", element, escaped(one.message),
                       one.outcome == Outcome::failed ? "violated" : "undecided", escaped(one.text), element);
  }
  return out + "    </testcase>\n";
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

std::string junit_report(std::span<const VerifyResult> results) {
  std::string suites;
  Counts all;
  for (const VerifyResult& result : results) {
    Counts counts{0, 0, 0, result.explored.seconds};
    std::string cases;
    for (const Case& one : cases_of(result)) {
      ++counts.tests;
      counts.failures += one.outcome == Outcome::failed ? 1 : 0;
      counts.errors += one.outcome == Outcome::errored ? 1 : 0;
      cases += case_text(one, result.scenario.name);
    }
    suites += fmt::format("  <testsuite name=\"{}\" {}>\n    <properties>\n", escaped(result.scenario.name),
                          counts.attributes());
    suites += fmt::format("      <property name=\"bounds\" value=\"{}\"/>\n",
                          escaped(bounds_text(result.scenario)));
    if (const std::string searched = searched_text(result); !searched.empty())
      suites += fmt::format("      <property name=\"searched\" value=\"{}\"/>\n", escaped(searched));
    else
      suites += fmt::format("      <property name=\"states\" value=\"{}\"/>\n", result.explored.states);
    suites += fmt::format("    </properties>\n{}  </testsuite>\n", cases);
    all.tests += counts.tests;
    all.failures += counts.failures;
    all.errors += counts.errors;
    all.seconds += counts.seconds;
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"lockstorm\" {}>\n{}</testsuites>\n",
      all.attributes(), suites);
}

}  // namespace lockstorm::reports
