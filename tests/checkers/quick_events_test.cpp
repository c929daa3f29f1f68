// The quick reader of JSON Lines reads the same events as the careful one, and errors have the same places.
#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <string>

#include "checkers/formats/quick_events.hpp"
#include "checkers/formats/readers.hpp"
#include "test_paths.hpp"
#include "tests/file_text.hpp"

namespace lockstorm::checkers::formats {
namespace {

void expect_the_same(const std::string& text) {
  const ReadResult quick = read_json_lines(text), careful = read_json_lines_with_care(text);
  ASSERT_EQ(quick.has_value(), careful.has_value()) << text;
  if (!quick) {
    EXPECT_EQ(quick.error().line, careful.error().line) << text;
    EXPECT_EQ(quick.error().column, careful.error().column) << text;
    EXPECT_EQ(quick.error().message, careful.error().message) << text;
    return;
  }
  ASSERT_EQ(quick->size(), careful->size()) << text;
  for (std::size_t i = 0; i < quick->size(); ++i) {
    EXPECT_EQ((*quick)[i], (*careful)[i]) << text;
    EXPECT_EQ((*quick)[i].line, (*careful)[i].line) << text;
  }
}

TEST(QuickEvents, ReadsWhatTheCarefulReaderReads) {
  for (const auto& file : std::filesystem::directory_iterator(LOCKSTORM_TEST_DATA "/histories"))
    expect_the_same(file_text(file.path()));
}

TEST(QuickEvents, ReadsAnOrdinaryLineItself) {
  QuickEvents quick;
  const std::string line =
      R"({"process":3,"type":"ok","f":"write","key":"a","value":{"writer":"ci-1","serial":7,"base":null},"time_ns":5})";
  const auto event = quick.read(line, line, 9);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->process, 3U);
  EXPECT_EQ(event->line, 9U);
  EXPECT_EQ(to_text(event->value), R"({writer "ci-1", serial 7, base nil})");
  EXPECT_FALSE(quick.read(R"({"process":3,"type":"ok","f":"a\u0062"})", line, 1));
}

TEST(QuickEvents, WhatIsUnusualIsLeftToTheCarefulReader) {
  const std::string begin = R"({"process":0,"type":"ok","f":"read","value":)";
  std::string deep;
  for (int i = 0; i < 70; ++i) deep += '[';
  for (const std::string& value :
       {std::string("1.5"), std::string("1e2"), std::string("18446744073709551615"),
        std::string("99999999999999999999"), std::string("-9223372036854775808"), std::string("-0"),
        std::string(R"("\ud800")"), std::string(R"("\udc00x")"), std::string(R"({"a":1,"a":2})"),
        std::string("[1,]"), std::string("01"), std::string("+1"), std::string("NaN"), std::string("tru"),
        std::string("\"a\tb\""), std::string("{\"\":1}"), deep, deep + std::string(70, ']'),
        std::string(R"({"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"a":10})")}) {
    expect_the_same(begin + value + "}\n");
    expect_the_same(begin + value);
    expect_the_same(begin + value + "} x");
  }
  for (const std::string line :
       {R"({"process":0,"process":0,"type":"ok","f":"read"})", R"({"process":-1,"type":"ok","f":"read"})",
        R"({"process":4294967295,"type":"ok","f":"read"})", R"({"process":0,"type":"okay","f":"read"})",
        R"({"process":0,"type":"ok"})", R"({"process":0,"type":"ok","f":"read","index":1.5,"error":[1.5]})",
        R"({"process":0,"type":"ok","f":"read","error":{"a":1,"a":2}})", R"([])", R"({})", R"("x")", " \t{}",
        R"({"process":0,"type":"ok","f":"read","values":1})",
        R"({"process":0,"type":"ok","f":"read","time_ns":1.0})"})
    expect_the_same(line);
}

// Single bytes changed, left out and doubled, the same every time.
TEST(QuickEvents, MutationsAreReadAlike) {
  std::mt19937 random;  // NOLINT(cert-msc32-c,cert-msc51-cpp)
  const std::string bytes = "{}[]\",:\\u0019-.eE tfn\n\x01\xc3";
  for (const auto& file : std::filesystem::directory_iterator(LOCKSTORM_TEST_DATA "/histories")) {
    if (file.path().extension() != ".jsonl") continue;
    const std::string text = file_text(file.path());
    for (int i = 0; i < 400; ++i) {
      std::string mutant = text;
      const std::size_t at = random() % mutant.size();
      const char byte = bytes[random() % bytes.size()];
      switch (random() % 3) {
        case 0:
          mutant[at] = byte;
          break;
        case 1:
          mutant.erase(at, 1 + random() % 3);
          break;
        default:
          mutant.insert(at, 1, byte);
      }
      expect_the_same(mutant);
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace lockstorm::checkers::formats
