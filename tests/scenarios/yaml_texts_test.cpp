// Where a scenario wants a text: an empty one names nothing, and what YAML takes for something else is
// refused with its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/files/yaml_scenario.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::HasSubstr;

std::string yaml_error_of(const std::string& yaml) {
  const auto scenario = parse_scenario(yaml, "s.yaml", "s");
  return scenario ? "" : scenario.error().render();
}
std::string backend_of(const std::string& settings) {
  const auto scenario = parse_scenario("backend: {" + settings + "}\n", "s.yaml", "s");
  return scenario ? scenario->backend->canonical_text() : scenario.error().render();
}

// Each argument whose being there decides how jobs lock.
TEST(YamlTexts, AnEmptyNameIsNone) {
  for (const char* key :
       {"type: s3, dynamodb_table", "type: s3, encrypt: true, sse_customer_key",
        "type: oss, tablestore_table", "type: http, lock_address", "type: inmem, lock_id"}) {
    const std::string argument = key;
    const std::string none = backend_of(argument + ": false");
    const std::string some = backend_of(argument + ": true");
    ASSERT_NE(none, some) << key;
    EXPECT_EQ(backend_of(argument + ": \"\""), none) << key;
    EXPECT_EQ(backend_of(argument + ": ''"), none) << key;
    EXPECT_EQ(backend_of(argument + ": locks"), some) << key;
    for (const char* quoted : {"\"no\"", "'no'", "\"0\"", "'false'", "\"null\"", "!!str no"})
      EXPECT_EQ(backend_of(argument + ": " + quoted), some) << key << " " << quoted;
  }
}

TEST(YamlTexts, WhatIsNoTextIsRefusedWithItsPlace) {
  for (const char* value :
       {"no",    "No",   "NO",    "yes",  "off",     "on",        "n",     "y",   "True",
        "FALSE", "0",    "1",     "-1",   "+7",      "1.5",       "1e3",   ".5",  "0x1f",
        "0o17",  ".inf", "-.INF", ".nan", "!!int 3", "!!bool no", "1_000", "0b1", "12:30:45"}) {
    const std::string error =
        yaml_error_of(std::string("backend:\n  type: s3\n  dynamodb_table: ") + value + "\n");
    EXPECT_THAT(error, HasSubstr("s.yaml:3:19: error: dynamodb_table is '")) << value;
    EXPECT_THAT(error, HasSubstr("a name, true or false")) << value;
  }
  EXPECT_THAT(
      yaml_error_of("backend: {type: s3, dynamodb_table: no}\n"),
      HasSubstr("dynamodb_table is 'no', which is a flag and no text\n  expected: a name, true or false\n"
                "  hint: if that is its name, put it into quotes: dynamodb_table: \"no\""));
  EXPECT_THAT(yaml_error_of("backend: {type: s3, dynamodb_table: ~}\n"), HasSubstr("there is no value"));
  EXPECT_THAT(yaml_error_of("backend: {type: s3, dynamodb_table: [a]}\n"), HasSubstr("not a plain value"));
}

TEST(YamlTexts, AreWantedOfEveryArgumentThatIsOne) {
  for (const char* backend :
       {"type: s3, workspace", "type: s3, bucket", "type: gcs, prefix", "type: local, path",
        "type: http, address", "type: pg, conn_str", "type: azurerm, container_name",
        "type: kubernetes, secret_suffix", "type: consul, path", "type: cos, region", "type: oci, namespace",
        "type: oss, tablestore_endpoint", "type: remote, hostname"}) {
    const std::string key = backend;
    EXPECT_EQ(yaml_error_of("backend: {" + key + ": x1}\n"), "") << key;
    EXPECT_EQ(yaml_error_of("backend: {" + key + ": '0'}\n"), "") << key;
    for (const char* value : {"no", "0", "[a]", "true"})
      EXPECT_THAT(yaml_error_of("backend: {" + key + ": " + value + "}\n"), HasSubstr("s.yaml:1:"))
          << key << value;
  }
}

TEST(YamlTexts, ThatBeginLikeANumberAreTexts) {
  for (const char* value :
       {"1a", "1.2.3", "5m", "0x", "eu-1", "+", "-", "e5", "info", "10.0.0.1", "..", "1:x"})
    EXPECT_EQ(yaml_error_of(std::string("backend: {type: s3, bucket: \"x\", region: ") + value + "}\n"), "")
        << value;
}

}  // namespace
}  // namespace lockstorm::scenarios
