// Base64 as APIs carry bytes.
#include "wire/services/base64.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace lockstorm::wire {
namespace {

// RFC 4648, section 10.
TEST(Base64, IsThatOfTheStandard) {
  EXPECT_EQ(encode_base64(""), "");
  EXPECT_EQ(encode_base64("f"), "Zg==");
  EXPECT_EQ(encode_base64("fo"), "Zm8=");
  EXPECT_EQ(encode_base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(decode_base64("Zm8="), "fo");
  for (const char* wrong : {"Zg=", "Z", "Zg==Zg==", "Zh==", "Z g=", "===="})
    EXPECT_EQ(decode_base64(wrong), std::nullopt) << wrong;
}

RC_GTEST_PROP(Base64, ComesBack, (const std::string& bytes)) {
  RC_ASSERT(decode_base64(encode_base64(bytes)) == bytes);
}

}  // namespace
}  // namespace lockstorm::wire
