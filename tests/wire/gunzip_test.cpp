// What gzip has compressed.
#include "wire/services/gunzip.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "wire/services/base64.hpp"

namespace lockstorm::wire {
namespace {

// echo -n hello | gzip -9n
constexpr const char* kHello = "H4sIAAAAAAACA8tIzcnJBwCGphA2BQAAAA==";

TEST(Gunzip, ReadsWhatGzipWrites) {
  EXPECT_EQ(gunzip(*decode_base64(kHello)), "hello");
  EXPECT_EQ(plain_text(*decode_base64(kHello)), "hello");
  EXPECT_EQ(plain_text("no gzip"), "no gzip");
}

TEST(Gunzip, RefusesWhatIsBrokenOrTooLarge) {
  const std::string bytes = *decode_base64(kHello);
  for (std::size_t size = 0; size < bytes.size() - 8; ++size)  // what follows is the checksum
    EXPECT_EQ(gunzip(std::string_view(bytes).substr(0, size)), std::nullopt) << size;
  EXPECT_EQ(gunzip(bytes, 4), std::nullopt);
}

RC_GTEST_PROP(Gunzip, NeverBreaksOnBytes, (const std::string& bytes)) {
  (void)gunzip(std::string("\x1f\x8b\x08\x0c", 4) + bytes);
}

}  // namespace
}  // namespace lockstorm::wire
