// Recordings keep what happened, and no secret of it.
#include "wire/record/recording.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

namespace lockstorm::wire {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kCanary = "hunter2-canary";

Recorded put_of(std::string body) {
  Recorded recorded;
  recorded.number = 3;
  recorded.actor = "client-1";
  recorded.service = "s3";
  recorded.request.method = "PUT";
  split_target("/states/app.tfstate?x-id=PutObject", recorded.request);
  recorded.request.body = std::move(body);
  recorded.has_effect = true;
  recorded.answer = HttpAnswer{200, {{"ETag", "\"1\""}}, ""};
  return recorded;
}

TEST(Recording, KeepsWhatHappened) {
  const auto line = nlohmann::json::parse(
      recorded_line(put_of(R"({"version":4,"serial":7,"lineage":"l","resources":[{"type":"a_b","name":"c",)"
                           R"("instances":[{"attributes":{"id":"i-1"}}]}]})")));
  EXPECT_EQ(line["n"], 3);
  EXPECT_EQ(line["method"], "PUT");
  EXPECT_EQ(line["target"], "/states/app.tfstate?x-id=PutObject");
  EXPECT_EQ(line["body"]["serial"], 7);
  EXPECT_EQ(line["body"]["resources"][0]["type"], "a_b");
  EXPECT_EQ(line["body"]["resources"][0]["instances"][0]["attributes"]["id"], "[hidden]");
  EXPECT_EQ(line["answer"]["status"], 200);
  EXPECT_EQ(line["ends"], "answered");
}

TEST(Recording, HidesSecretsWhereverTheyAre) {
  const std::string secret = kCanary;
  Recorded recorded = put_of(R"({"serial":1,"lineage":"l","outputs":{"password":{"value":")" + secret +
                             R"("}},"resources":[{"instances":[{"attributes":{"a":[")" + secret +
                             R"("],"b":{"c":")" + secret + R"("}},"private":")" + secret + R"("}]}]})");
  for (const char* header : {"authorization", "x-amz-security-token", "cookie", "x-ms-encryption-key",
                             "x-amz-server-side-encryption-customer-key", "x-vault-token"})
    recorded.request.headers[header] = secret;
  split_target("/s?X-Amz-Signature=" + secret + "&X-Amz-Credential=" + secret + "&sig=" + secret +
                   "&access_token=" + secret,
               recorded.request);
  recorded.answer->headers["Set-Cookie"] = secret;
  recorded.answer->body = R"({"items":[{"client_secret":")" + secret + R"("}]})";
  EXPECT_THAT(recorded_line(recorded), Not(HasSubstr(secret)));
}

TEST(Recording, MeasuresWhatIsNoJson) {
  const auto line = nlohmann::json::parse(recorded_line(put_of("\x1f\x8b" + std::string(kCanary))));
  EXPECT_EQ(line["body"]["bytes"], 16);
}

RC_GTEST_PROP(Recording, IsAlwaysOneLineOfJson, (const std::string& body, const std::string& value)) {
  Recorded recorded = put_of(body);
  recorded.request.headers["x"] = value;
  recorded.request.query["q"] = value;
  const std::string line = recorded_line(recorded);
  RC_ASSERT(std::ranges::count(line, '\n') == 1);
  RC_ASSERT(!nlohmann::json::parse(line, nullptr, false).is_discarded());
}

}  // namespace
}  // namespace lockstorm::wire
