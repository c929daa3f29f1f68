// Times and base64, as tools and stores write them.
#include "scenarios/data/timestamp.hpp"

#include <gtest/gtest.h>

#include "scenarios/data/base64.hpp"

namespace lockstorm::scenarios {
namespace {

TEST(Timestamp, IsReadAsToolsWriteIt) {
  for (const std::string_view text :
       {"2026-11-29T10:11:12Z", "2026-11-29t10:11:12.987654321Z", "2026-11-29T11:11:12+01:00",
        "2026-11-29 08:11:12.5 -0200 EST", "2026-11-29 10:11:12 +0000 UTC", "2026-11-29 10:11:12 UTC"}) {
    const auto time = parse_timestamp(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(timestamp_text(*time), "2026-11-29 10:11:12 UTC") << text;
  }
}

TEST(Timestamp, OtherTextsAreNone) {
  for (const std::string_view text :
       {"", "now", "2026-11-29", "2026-02-30T00:00:00Z", "2026-11-29T24:00:00Z", "2026-11-29T10:11:12",
        "2026-11-29T10:11:12ZZ", "2026-13-01T00:00:00Z", "2026-11-29T10:11Z", "2026-11-29T10:11:12+25:00"})
    EXPECT_FALSE(parse_timestamp(text)) << text;
}

TEST(Base64, IsDecoded) {
  EXPECT_EQ(decode_base64("Zg=="), "f");
  EXPECT_EQ(decode_base64("Zm8"), "fo");
  EXPECT_EQ(decode_base64("Zm9vYmFy"), "foobar");
  EXPECT_EQ(decode_base64("+/8="), "\xfb\xff");
}

TEST(Base64, OtherTextsAreNone) {
  for (const std::string_view text : {"", "=", "Z", "Zm9v\n", "Zm 9", "Zm9vY"})
    EXPECT_FALSE(decode_base64(text)) << text;
}

}  // namespace
}  // namespace lockstorm::scenarios
