#include "reports/ci/gtest_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "reports/text/text_report.hpp"
#include "scenarios/data/printable.hpp"

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

// What stands in every test, around what differs.
constexpr std::string_view kIncludes = "#include <gtest/gtest.h>\n\n#include \"reports/gtest.hpp\"\n\n";
constexpr std::string_view kCall = ") {\n  EXPECT_TRUE(lockstorm::reports::survives_replay(\n      ";
constexpr std::string_view kBetweenArguments = ",\n      ";
constexpr std::string_view kEnding = "));\n}\n";

// These take what they are named after from the beginning of the text; false where it does not stand there.
bool skip(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

bool skip_identifier(std::string_view& text) {
  const auto* const end =
      std::ranges::find_if_not(text, [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
  const auto length = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(length);
  return length > 0;
}

// The literal of a replay string, as in_quotes writes it.
bool skip_replay(std::string_view& text) {
  if (!text.starts_with("\"LS1-")) return false;
  for (std::size_t at = 1; at < text.size() && text[at] != '\n'; at += text[at] == '\\' ? 2 : 1) {
    if (text[at] != '"') continue;
    text.remove_prefix(at + 1);
    return true;
  }
  return false;
}

}  // namespace

bool is_gtest_of(std::string_view text, const std::string& reference) {
  while (text.starts_with("//")) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return skip(text, kIncludes) && skip(text, "TEST(") && skip_identifier(text) && skip(text, ", ") &&
         skip_identifier(text) && skip(text, kCall) && skip(text, in_quotes(reference)) &&
         skip(text, kBetweenArguments) && skip_replay(text) && skip(text, kEnding) && text.empty();
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
  text += fmt::format("{}TEST({}, {}{}{}{}{}{}", kIncludes, suite, property, kCall, in_quotes(reference),
                      kBetweenArguments, in_quotes(counterexample.replay), kEnding);
  return {suite + "_" + property + "_test.cpp", std::move(text)};
}

}  // namespace lockstorm::reports
