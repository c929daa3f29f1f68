// Digests, XML and chunks that protocols carry.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "wire/services/aws_chunked.hpp"
#include "wire/services/digests.hpp"
#include "wire/services/xml_text.hpp"

namespace lockstorm::wire {
namespace {

// RFC 1321, A.5; the check values of CRC-32 and of CRC-64 as xz has it.
TEST(Digests, AreThoseOfTheirStandards) {
  EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(crc32_of("123456789"), 0xCBF43926U);
  EXPECT_EQ(crc64_of("123456789"), 0x995DC9BBDF1939FAU);
}

TEST(XmlText, IsWrittenAndRead) {
  XmlWriter xml("Root", "urn:x");
  xml.open("Part").leaf("ETag", "\"<&>\"").close().open("Open");
  const std::string text = std::move(xml).text();
  EXPECT_TRUE(text.ends_with(
      "<Root xmlns=\"urn:x\"><Part><ETag>&quot;&lt;&amp;&gt;&quot;</ETag></Part><Open></Open></Root>"));
  const auto read = xml_elements(text);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->at(0).name, "ETag");
  EXPECT_EQ(read->at(0).text, "\"<&>\"");
  EXPECT_EQ(read->back().name, "Root");
  EXPECT_TRUE(xml_elements("<?xml version=\"1.0\"?><!-- a --><a:b x='1'><c/>&#x41;</a:b>").has_value());
}

TEST(XmlText, IsRefused) {
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "<a>";
  for (const std::string& wrong :
       {std::string("<a>"), std::string("</a>"), std::string("<a></b>"), std::string("<a>&x;</a>"),
        std::string("<a>&#0;</a>"), std::string("<a"), std::string("< ></ >"), std::string(), deep})
    EXPECT_FALSE(xml_elements(wrong).has_value()) << wrong.substr(0, 20);
}

RC_GTEST_PROP(XmlText, ComesBackWhateverItIs, (const std::string& text)) {
  RC_PRE(text.find('\0') == std::string::npos);
  XmlWriter xml("a");
  xml.leaf("b", text);
  const auto read = xml_elements(std::move(xml).text());
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->front().text == text);
}

RC_GTEST_PROP(XmlText, IsReadWhateverItIs, (const std::string& text)) { (void)xml_elements(text); }

TEST(AwsChunked, IsUnframed) {
  EXPECT_EQ(without_aws_chunks("3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"), "abc");
  for (const char* wrong : {"", "3\r\nab\r\n0\r\n\r\n", "x\r\n", "ffffffffffffffffff\r\n", "3\r\nabcd\r\n"})
    EXPECT_FALSE(without_aws_chunks(wrong).has_value()) << wrong;
}

RC_GTEST_PROP(AwsChunked, IsUnframedWhateverItIs, (const std::string& text)) {
  (void)without_aws_chunks(text);
}

}  // namespace
}  // namespace lockstorm::wire
