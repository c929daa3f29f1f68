// What Tencent's and Alibaba's object stores say otherwise than Amazon's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "wire/services/digests.hpp"
#include "wire/services/s3_server.hpp"

namespace lockstorm::wire {
namespace {

using testing::HasSubstr;

constexpr const char* kCosHost = "states-1250000000.cos-internal.ap-guangzhou.tencentcos.cn";

HttpRequest store_request(std::string method, const std::string& target, std::string body = "",
                          std::map<std::string, std::string> headers = {}) {
  HttpRequest request;
  request.method = std::move(method);
  request.target = target;
  split_target(target, request);
  request.body = std::move(body);
  request.headers = std::move(headers);
  return request;
}

// The host names the bucket, and a proxy is told the whole URL.
TEST(TencentCosServer, KeepsObjectsWithWhatIsSaidOfThem) {
  S3Server server({}, kTencentCos);
  const std::string url = std::string("http://") + kCosHost + "/p%2Fapp";
  const HttpAnswer put =
      server.handle(store_request("PUT", url, "text", {{"host", kCosHost}, {"x-cos-meta-md5", "m"}}));
  EXPECT_EQ(put.headers.at("x-cos-hash-crc64ecma"), std::to_string(crc64_of("text")));
  const HttpAnswer got = server.handle(store_request("GET", url, "", {{"host", kCosHost}}));
  EXPECT_EQ(got.body, "text");
  EXPECT_EQ(got.headers.at("x-cos-meta-md5"), "m");
  EXPECT_EQ(got.headers.at("x-cos-request-id"), "0000000000000002");
  const HttpRequest list =
      store_request("GET", std::string("http://") + kCosHost + "/?prefix=p", "", {{"host", kCosHost}});
  EXPECT_THAT(server.handle(list).body, HasSubstr("<Key>p/app</Key>"));
  EXPECT_EQ(server.name(list)->operation, "GET Bucket");
  EXPECT_EQ(server.name(store_request("GET", url, "", {{"host", kCosHost}}))->place,
            "states-1250000000/p/app");
}

TEST(TencentCosServer, KnowsNoBucketOfAnAddress) {
  S3Server server({}, kTencentCos);
  EXPECT_EQ(
      server.handle(store_request("PUT", "/p/app.tflock", R"({"ID":"a"})", {{"host", "127.0.0.1:1"}})).status,
      200U);
  EXPECT_EQ(server.holds()["p/app"]["lock"]["ID"], "a");
  EXPECT_THAT(server.handle(store_request("GET", "/?prefix=p", "", {{"host", "127.0.0.1:1"}})).body,
              HasSubstr("<Key>p/app.tflock</Key>"));
}

TEST(AlibabaOssServer, AnswersWhatIsMetadata) {
  S3Server server({}, kAlibabaOss);
  EXPECT_EQ(server.handle(store_request("HEAD", "/b/app?objectMeta")).status, 404U);
  EXPECT_EQ(server.handle(store_request("PUT", "/b/app", "text")).headers.at("x-oss-hash-crc64ecma"),
            std::to_string(crc64_of("text")));
  EXPECT_EQ(server.handle(store_request("HEAD", "/b/app?objectMeta")).status, 200U);
  EXPECT_EQ(server.name(store_request("HEAD", "/b/app?objectMeta"))->operation, "HeadObject");
  EXPECT_EQ(server.name(store_request("GET", "/b/?prefix=p"))->operation, "ListObjects");
  S3Server amazon({});
  EXPECT_EQ(amazon.handle(store_request("HEAD", "/b/app?objectMeta")).status, 501U);
}

}  // namespace
}  // namespace lockstorm::wire
