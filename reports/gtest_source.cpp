#include "reports/gtest_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "reports/text_report.hpp"

namespace lockstorm::reports {
namespace {

std::string identifier(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(out, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  if (out.empty() || std::isdigit(static_cast<unsigned char>(out.front())) != 0) out.insert(0, "S");
  return out;
}

std::string in_quotes(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string commented(const std::string& text) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) out += line.empty() ? "//\n" : "// " + line + "\n";
  return out;
}

}  // namespace

GtestSource gtest_source(const scenarios::VerifyResult& result,
                         const scenarios::Counterexample& counterexample, const std::string& reference) {
  const std::string suite = identifier(result.scenario.name);
  const std::string property = identifier(checkers::property_name(counterexample.property));
  std::string text = commented(text_counterexample(result, counterexample, {.colour = false, .width = 100}));
  text += fmt::format(
      "#include <gtest/gtest.h>\n\n#include \"reports/gtest.hpp\"\n\n"
      "TEST({}, {}) {{\n"
      "  EXPECT_TRUE(lockstorm::reports::survives_replay(\n      {},\n      {}));\n}}\n",
      suite, property, in_quotes(reference), in_quotes(counterexample.replay));
  return {suite + "_" + property + "_test.cpp", std::move(text)};
}

}  // namespace lockstorm::reports
