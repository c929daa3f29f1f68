#include "reports/gtest_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "reports/text_report.hpp"
#include "scenarios/printable.hpp"

namespace lockstorm::reports {
namespace {

std::string identifier(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(out, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  if (out.empty() || std::isdigit(static_cast<unsigned char>(out.front())) != 0) out.insert(0, "S");
  return out;
}

// A string literal of exactly these bytes; what is not plain ASCII is written in octal, which ends after
// three digits.
std::string in_quotes(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\' || c == '?') {  // "??" could begin a trigraph
      out += fmt::format("\\{}", c);
    } else if (byte < 0x20 || byte >= 0x7F) {
      out += fmt::format("\\{:03o}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

// Lines of comment. A backslash at the end of a line would make the next one part of it.
std::string commented(const std::string& text) {
  std::string out;
  std::istringstream lines(scenarios::printable_lines(text));
  for (std::string line; std::getline(lines, line);) {
    out += line.empty() ? "//\n"
                        : "// " + line + (line.ends_with('\\') || line.ends_with("?\?/") ? " .\n" : "\n");
  }
  return out;
}

// Leaves room in the name of a file for the rest of it.
constexpr std::size_t kLongestSuite = 160;

}  // namespace

bool is_gtest_of(std::string_view text, const std::string& reference) {
  return text.find(in_quotes(reference)) != std::string_view::npos;
}

GtestSource gtest_source(const scenarios::VerifyResult& result,
                         const scenarios::Counterexample& counterexample, const std::string& reference,
                         unsigned number) {
  std::string suite = identifier(result.scenario.name).substr(0, kLongestSuite);
  if (number > 1) suite += fmt::format("_{}", number);
  std::string property = identifier(checkers::property_name(counterexample.property));
  // Several counterexamples to one property are told apart by their number.
  std::size_t mechanism = 0;
  for (const scenarios::Counterexample& one : result.counterexamples) {
    mechanism += one.property == counterexample.property ? 1U : 0U;
    if (&one == &counterexample) break;
  }
  if (mechanism > 1) property += fmt::format("_{}", mechanism);
  std::string text = commented(text_counterexample(result, counterexample, {.colour = false, .width = 100}));
  text += fmt::format(
      "#include <gtest/gtest.h>\n\n#include \"reports/gtest.hpp\"\n\n"
      "TEST({}, {}) {{\n"
      "  EXPECT_TRUE(lockstorm::reports::survives_replay(\n      {},\n      {}));\n}}\n",
      suite, property, in_quotes(reference), in_quotes(counterexample.replay));
  return {suite + "_" + property + "_test.cpp", std::move(text)};
}

}  // namespace lockstorm::reports
