// Requests that are signed as the services' own documentation does it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/probe/aws_signature.hpp"
#include "wire/probe/azure_signature.hpp"
#include "wire/services/base64.hpp"
#include "wire/services/digests.hpp"

namespace lockstorm::wire {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

const AwsCredentials kExample{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
constexpr std::string_view kExampleDate = "20130524T000000Z";

// The examples of "Signature Calculations for the Authorization Header: Transferring Payload in a Single
// Chunk (AWS Signature Version 4)".
std::string signed_example(std::string method, std::string target, std::map<std::string, std::string> headers,
                           std::string body = "") {
  HttpRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.headers = std::move(headers);
  request.body = std::move(body);
  const Url server = parse_url("https://examplebucket.s3.amazonaws.com").value();
  sign_for_aws(request, server, kExample, {"us-east-1", "s3"}, kExampleDate);
  return request.headers.at("Authorization");
}

TEST(AwsSignature, OfAGetWithARange) {
  EXPECT_EQ(signed_example("GET", "/test.txt", {{"Range", "bytes=0-9"}}),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(AwsSignature, OfAPutWhoseNameIsEscaped) {
  const std::string target = "/" + escaped_for_aws("test$file.text", true);
  EXPECT_THAT(signed_example(
                  "PUT", target,
                  {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                  "Welcome to Amazon S3."),
              EndsWith("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
}

TEST(AwsSignature, OfParametersWithAndWithoutValues) {
  EXPECT_THAT(signed_example("GET", "/?lifecycle", {}),
              EndsWith("Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
  for (const char* order : {"/?max-keys=2&prefix=J", "/?prefix=J&max-keys=2"})
    EXPECT_THAT(signed_example("GET", order, {}),
                EndsWith("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

TEST(AwsSignature, CarriesTheTokenOfASession) {
  HttpRequest request;
  request.method = "GET";
  request.target = "/";
  sign_for_aws(request, parse_url("http://127.0.0.1:9000").value(), {"key", "secret", "token"},
               {"eu-west-1", "s3"}, kExampleDate);
  EXPECT_EQ(request.headers.at("x-amz-security-token"), "token");
  EXPECT_THAT(request.headers.at("Authorization"), HasSubstr("x-amz-security-token"));
}

// Values of RFC 4231, 4.3 (test case 2) and FIPS 180-4's example "abc".
TEST(Digests, OfSha256) {
  EXPECT_EQ(in_hex(sha256_of("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(in_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Signatures, HaveDatesAsServicesWantThem) {
  using namespace std::chrono;
  const sys_seconds time = sys_days(2026y / November / 30) + 9h + 5min + 7s;
  EXPECT_EQ(aws_date(time), "20261130T090507Z");
  EXPECT_EQ(http_date(time), "Mon, 30 Nov 2026 09:05:07 GMT");
  EXPECT_EQ(http_date(sys_days(2024y / February / 29)), "Thu, 29 Feb 2024 00:00:00 GMT");
}

// Put together by hand as the documentation lays the lines out, and signed with Python's hmac.
TEST(AzureSignature, SignsWhatTheDocumentationLists) {
  HttpRequest request;
  request.method = "PUT";
  request.target = "/states/app?comp=lease";
  request.headers = {{"x-ms-version", "2021-12-02"}, {"x-ms-lease-action", "acquire"}};
  const std::string date = "Mon, 30 Nov 2026 12:00:00 GMT";
  sign_for_azure(request, {"acct", "key"}, date);
  const std::string text =
      "PUT\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:" + date +
      "\nx-ms-lease-action:acquire\nx-ms-version:2021-12-02\n/acct/states/app\ncomp:lease";
  EXPECT_EQ(request.headers.at("Authorization"), "SharedKey acct:" + encode_base64(hmac_sha256("key", text)));
}

}  // namespace
}  // namespace lockstorm::wire
