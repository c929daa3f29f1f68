// The model of Tencent Cloud's tags behind their API (backend-protocols.md 3.11).
#include "wire/services/tencent_tag_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

namespace lockstorm::wire {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr const char* kTag = R"({"TagKey":"tencentcloud-terraform-lock","TagValue":"83dd"})";

HttpRequest tag_request(const std::string& action, const std::string& body = kTag) {
  HttpRequest request;
  request.method = "POST";
  request.target = request.path = "/";
  request.headers = {{"content-type", "application/json"}, {"x-tc-action", action}};
  request.body = body;
  return request;
}

std::string tag_code(const HttpAnswer& answer) {
  const json response = json::parse(answer.body)["Response"];
  return response.contains("Error") ? response["Error"]["Code"].get<std::string>() : "";
}

TEST(TencentTagServer, IsAMutex) {
  TencentTagServer server;
  EXPECT_EQ(tag_code(server.handle(tag_request("CreateTag"))), "");
  EXPECT_EQ(tag_code(server.handle(tag_request("CreateTag"))), "ResourceInUse.TagDuplicate");
  EXPECT_EQ(server.holds()["tencentcloud-terraform-lock=83dd"]["tag"], "exists");
  const json listed = json::parse(server.handle(tag_request("DescribeTags")).body)["Response"];
  EXPECT_EQ(listed["Tags"][0]["TagValue"], "83dd");
  EXPECT_EQ(listed["TotalCount"], 1);
  EXPECT_EQ(tag_code(server.handle(tag_request("DeleteTag"))), "");
  EXPECT_EQ(tag_code(server.handle(tag_request("DeleteTag"))), "ResourceNotFound.TagNonExist");
  EXPECT_EQ(json::parse(server.handle(tag_request("DescribeTags")).body)["Response"]["Tags"], json::array());
  EXPECT_TRUE(server.holds().empty());
}

// As older versions of the SDK sign.
TEST(TencentTagServer, TakesForms) {
  TencentTagServer server;
  HttpRequest form = tag_request("", "Action=CreateTag&TagKey=k&TagValue=a%3Db&Version=2018-08-13");
  form.headers = {{"content-type", "application/x-www-form-urlencoded"}};
  EXPECT_EQ(tag_code(server.handle(form)), "");
  EXPECT_EQ(server.name(form)->place, "k=a=b");
  EXPECT_EQ(tag_code(server.handle(form)), "ResourceInUse.TagDuplicate");
}

TEST(TencentTagServer, NamesRequestsAsTheModelsDo) {
  const TencentTagServer server;
  for (const char* action : {"CreateTag", "DescribeTags", "DeleteTag"}) {
    const auto name = server.name(tag_request(action));
    ASSERT_TRUE(name.has_value());
    EXPECT_EQ(name->operation, action);
    EXPECT_EQ(name->object, "tag");
  }
}

TEST(TencentTagServer, TellsWhatItDoesNotKnow) {
  TencentTagServer server;
  EXPECT_EQ(tag_code(server.handle(tag_request("ModifyTag"))), "InvalidAction");
  EXPECT_EQ(tag_code(server.handle(tag_request("CreateTag", "{}"))), "MissingParameter");
  EXPECT_EQ(tag_code(server.handle(tag_request("CreateTag", "["))), "InvalidRequest");
  EXPECT_FALSE(server.name(tag_request("ModifyTag")).has_value());
  EXPECT_EQ(tag_code(server.refuse(tag_request("CreateTag"), sim::Refusal::throttled)),
            "RequestLimitExceeded");
}

RC_GTEST_PROP(TencentTagServer, AnswersWhateverIsAsked,
              (const std::string& action, const std::string& body)) {
  TencentTagServer server;
  RC_ASSERT(json::parse(server.handle(tag_request(action, body)).body).contains("Response"));
  HttpRequest form = tag_request(action, body);
  form.headers.erase("content-type");
  RC_ASSERT(server.handle(form).status == 200U);
}

}  // namespace
}  // namespace lockstorm::wire
