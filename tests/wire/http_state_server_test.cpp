// The model of a state server behind the real protocol (backend-protocols.md 3.9).
#include "wire/services/http_state_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

namespace lockstorm::wire {
namespace {

using models::HttpServerPolicy;
using testing::HasSubstr;

constexpr const char* kHolder = R"({"ID":"a","Operation":"OperationTypeApply","Who":"ci@runner"})";
constexpr const char* kOther = R"({"ID":"b","Operation":"OperationTypePlan","Who":"me@home"})";
constexpr const char* kState = R"({"version":4,"serial":7,"lineage":"l-1","resources":[]})";

HttpRequest request(std::string method, std::string_view target, std::string body = "") {
  HttpRequest request;
  request.method = std::move(method);
  split_target(target, request);
  request.body = std::move(body);
  return request;
}

TEST(HttpStateServer, KeepsWhatWasWrittenByteByByte) {
  HttpStateServer server({});
  EXPECT_EQ(server.handle(request("GET", "/app")).status, 404U);
  EXPECT_EQ(server.handle(request("POST", "/app", kState)).status, 200U);
  EXPECT_EQ(server.handle(request("GET", "/app")).body, kState);
  EXPECT_EQ(server.handle(request("GET", "/other")).status, 404U);
  EXPECT_EQ(server.handle(request("POST", "/app", "no state at all")).status, 200U);
  EXPECT_EQ(server.handle(request("GET", "/app")).body, "no state at all");
}

TEST(HttpStateServer, LocksAndShowsTheHolder) {
  HttpStateServer server({});
  EXPECT_EQ(server.handle(request("LOCK", "/app", kHolder)).status, 200U);
  const HttpAnswer refused = server.handle(request("LOCK", "/app", kOther));
  EXPECT_EQ(refused.status, 409U);
  EXPECT_EQ(refused.body, kHolder);
  EXPECT_EQ(server.handle(request("POST", "/app?ID=b", kState)).status, 409U);
  EXPECT_EQ(server.handle(request("POST", "/app?ID=a", kState)).status, 200U);
  EXPECT_EQ(server.handle(request("UNLOCK", "/app", kOther)).status, 409U);
  EXPECT_EQ(server.handle(request("UNLOCK", "/app", kHolder)).status, 200U);
  EXPECT_EQ(server.handle(request("LOCK", "/app", kOther)).status, 200U);
}

// GitLab's addresses: the lock is a resource below the state.
TEST(HttpStateServer, LocksAtAnAddressOfItsOwn) {
  HttpStateServer server({});
  EXPECT_EQ(server.handle(request("POST", "/state/app/lock", kHolder)).status, 200U);
  EXPECT_EQ(server.handle(request("POST", "/state/app/lock", kOther)).status, 409U);
  EXPECT_EQ(server.handle(request("DELETE", "/state/app/lock", "")).status, 200U);
}

TEST(HttpStateServer, KeepsItsPolicy) {
  HttpServerPolicy policy;
  policy.lock = HttpServerPolicy::Lock::overwrites;
  policy.write = HttpServerPolicy::Write::anybody;
  HttpStateServer server(policy);
  EXPECT_EQ(server.handle(request("LOCK", "/app", kHolder)).status, 201U);
  EXPECT_EQ(server.handle(request("LOCK", "/app", kOther)).status, 200U);
  EXPECT_EQ(server.handle(request("POST", "/app", kState)).status, 200U);
}

TEST(HttpStateServer, TellsWhatItHolds) {
  HttpStateServer server({});
  server.handle(request("LOCK", "/app", kHolder));
  server.handle(request("POST", "/app?ID=a", kState));
  const nlohmann::ordered_json held = server.holds();
  EXPECT_EQ(held["/app"]["state"]["serial"], 7);
  EXPECT_EQ(held["/app"]["lock"]["ID"], "a");
}

TEST(HttpStateServer, NamesRequestsAsTheModelsDo) {
  const HttpStateServer server({});
  const auto lock = server.name(request("LOCK", "/app", kHolder));
  ASSERT_TRUE(lock.has_value());
  EXPECT_EQ(lock->operation, "LOCK");
  EXPECT_EQ(lock->object, "lock");
  EXPECT_EQ(lock->lock_id, "a");
  const auto post = server.name(request("POST", "/app?ID=b", kState));
  ASSERT_TRUE(post.has_value());
  EXPECT_EQ(post->operation, "POST");
  EXPECT_EQ(post->object, "state");
  EXPECT_EQ(post->lock_id, "b");
  EXPECT_EQ(post->state->serial, 7U);
  EXPECT_FALSE(server.name(request("PATCH", "/app")).has_value());
}

TEST(HttpStateServer, TellsWhatItDoesNotKnow) {
  HttpStateServer server({});
  const HttpAnswer unknown = server.handle(request("PATCH", "/app"));
  EXPECT_EQ(unknown.status, 501U);
  EXPECT_THAT(unknown.body, HasSubstr("PATCH is no method of a state server"));
  EXPECT_EQ(server.handle(request("LOCK", "/app", "{}")).status, 501U);
}

RC_GTEST_PROP(HttpStateServer, GivesBackTheLastWrite, (const std::vector<std::string>& texts)) {
  HttpStateServer server({});
  for (const std::string& text : texts) {
    server.handle(request("POST", "/app", text));
    RC_ASSERT(server.handle(request("GET", "/app")).body == text);
  }
}

TEST(Exchange, TakesTheUrlThatAProxyIsTold) {
  EXPECT_EQ(request("GET", "http://host:80/app?ID=a").path, "/app");
  EXPECT_EQ(request("GET", "http://host").path, "");
}

RC_GTEST_PROP(Exchange, TargetsNeverBreakTheSplitter, (const std::string& target)) {
  HttpRequest one;
  split_target(target, one);
  RC_ASSERT(target.starts_with(one.path));
}

}  // namespace
}  // namespace lockstorm::wire
