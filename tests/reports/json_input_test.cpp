// JSON from outside: what is wrong with it is said once, with its place, and nothing is taken for what it is
// not.
#include "reports/ci/json_input.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/ci/certificate.hpp"

namespace lockstorm::reports {
namespace {

using nlohmann::ordered_json;
using testing::HasSubstr;

std::string error_of(std::string_view text) {
  const auto json = read_json(text);
  return json ? "" : json.error();
}

TEST(JsonInput, IsExaminedBeforeItIsKept) {
  EXPECT_EQ(error_of(R"({"a": [1, -2, 2.5, "x", null, true]})"), "");
  EXPECT_THAT(error_of(""), HasSubstr("is no JSON"));
  EXPECT_THAT(error_of("{\"a\": 1"), HasSubstr("is no JSON"));
  EXPECT_THAT(error_of("{\"a\": 1} x"), HasSubstr("is no JSON"));
  EXPECT_THAT(error_of("{\"a\": 1e400}"), HasSubstr("out of all range"));
  EXPECT_THAT(error_of("{\"a\": \"\xff\xfe\"}"), HasSubstr("is no JSON"));
  EXPECT_EQ(error_of(R"({"a": {"b": 1, "b": 1}})"), "has \"b\" twice in one object");
  EXPECT_EQ(error_of(R"([{"b": 1}, {"b": 1}])"), "");
}

TEST(JsonInput, MayNotBeNestedDeeply) {
  EXPECT_EQ(error_of(std::string(64, '[') + std::string(64, ']')), "");
  for (const std::size_t depth : {std::size_t{65}, std::size_t{1'000'000}}) {
    EXPECT_EQ(error_of(std::string(depth, '[') + std::string(depth, ']')), "is nested too deeply");
    EXPECT_EQ(error_of(std::string(depth, '[')), "is nested too deeply");
    std::string objects;
    for (std::size_t i = 0; i < depth; ++i) objects += "{\"a\":";
    EXPECT_EQ(error_of(objects), "is nested too deeply");
  }
}

TEST(JsonPlace, ReadsWhatIsThere) {
  const auto json = ordered_json::parse(R"({"a": {"n": 7, "t": "x", "f": true, "d": 0.5, "l": [1, 2]}})");
  const JsonPlace root(json);
  const JsonPlace a = root.at("a");
  EXPECT_EQ(a.at("n").whole(), 7U);
  EXPECT_EQ(a.at("t").text(), "x");
  EXPECT_TRUE(a.at("f").flag());
  EXPECT_EQ(a.at("d").number(), 0.5);
  EXPECT_EQ(a.at("l").items().size(), 2U);
  EXPECT_EQ(a.members().size(), 5U);
  EXPECT_EQ(root.error(), "");
}

TEST(JsonPlace, SaysTheFirstThingThatIsWrong) {
  const auto said = [](const char* text, auto read) {
    const auto json = ordered_json::parse(text);
    const JsonPlace root(json);
    read(root);
    return root.error();
  };
  const auto whole = [](const JsonPlace& root) { (void)root.at("n").whole(100); };
  EXPECT_EQ(said(R"({"n": -5})", whole), "n is -5: expected a whole number from 0 to 100");
  EXPECT_EQ(said(R"({"n": 101})", whole), "n is 101: expected a whole number from 0 to 100");
  EXPECT_EQ(said(R"({"n": 1.0})", whole), "n is 1.0: expected a whole number from 0 to 100");
  EXPECT_EQ(said(R"({"n": true})", whole), "n is true: expected a whole number from 0 to 100");
  EXPECT_EQ(said(R"({"n": "7"})", whole), "n is \"7\": expected a whole number from 0 to 100");
  EXPECT_EQ(said(R"({"n": [7]})", whole), "n: expected a whole number from 0 to 100");
  EXPECT_EQ(said(R"({})", whole), "n is missing");
  EXPECT_EQ(said(R"([])", whole), "the document: expected an object");
  EXPECT_EQ(said(R"({"a": [{"b": 1}]})",
                 [](const JsonPlace& root) {
                   for (const JsonPlace& item : root.at("a").items()) (void)item.at("b").text();
                   (void)root.at("c").text();
                 }),
            "a[0].b is 1: expected a text");
}

// Each was an exception, a number that wrapped around, or a certificate, before.
TEST(Certificate, OfWrongTypesIsNone) {
  for (const char* text :
       {R"({"certificate": 1, "lockstorm": 5})", R"({"certificate": "1", "lockstorm": "x"})",
        R"({"certificate": 1, "lockstorm": null, "scenarios": 3})", "[]", "3", "null",
        R"({"certificate": -1})", "{\"certificate\": 1, \"lockstorm\": \"\xff\"}"}) {
    EXPECT_FALSE(read_certificate(text)) << text;
  }
}

}  // namespace
}  // namespace lockstorm::reports
