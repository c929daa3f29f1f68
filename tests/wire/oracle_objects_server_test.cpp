// The model of Oracle's Object Storage behind its API (backend-protocols.md 3.15).
#include "wire/services/oracle_objects_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

namespace lockstorm::wire {
namespace {

using nlohmann::json;

constexpr const char* kOracleHolder = R"({"ID":"a","Operation":"OperationTypeApply"})";

HttpRequest oracle_request(std::string method, const std::string& below, std::string body = "",
                           std::map<std::string, std::string> headers = {}) {
  HttpRequest request;
  request.method = std::move(method);
  request.target = "/n/ns/b/states" + below;
  split_target(request.target, request);
  request.body = std::move(body);
  request.headers = std::move(headers);
  return request;
}

std::string oracle_code(const HttpAnswer& answer) { return json::parse(answer.body)["code"]; }

// As the client locks and unlocks: a condition on both.
TEST(OracleObjectsServer, LocksOnceAndUnlocksThatLockOnly) {
  OracleObjectsServer server;
  const auto lock = [&] {
    return server.handle(oracle_request("PUT", "/o/env%2Fapp.lock", kOracleHolder, {{"if-none-match", "*"}}));
  };
  EXPECT_EQ(lock().status, 200U);
  EXPECT_EQ(oracle_code(lock()), "IfNoneMatchFailed");
  const HttpAnswer got = server.handle(oracle_request("GET", "/o/env/app.lock"));
  EXPECT_EQ(got.body, kOracleHolder);
  EXPECT_EQ(server.holds()["states/env/app"]["lock"]["ID"], "a");
  const auto unlock = [&](const std::string& etag) {
    return server.handle(oracle_request("DELETE", "/o/env%2Fapp.lock", "", {{"if-match", etag}}));
  };
  EXPECT_EQ(oracle_code(unlock("lock-9")), "IfMatchFailed");
  EXPECT_EQ(oracle_code(unlock("state-1")), "IfMatchFailed");
  EXPECT_EQ(unlock(got.headers.at("ETag")).status, 204U);
  EXPECT_EQ(oracle_code(unlock(got.headers.at("ETag"))), "ObjectNotFound");
}

TEST(OracleObjectsServer, ReadsTheVersionThatItHasAskedFor) {
  OracleObjectsServer server;
  EXPECT_EQ(server.handle(oracle_request("HEAD", "/o/app")).status, 404U);
  server.handle(oracle_request("PUT", "/o/app", "one"));
  const std::string etag = server.handle(oracle_request("HEAD", "/o/app")).headers.at("ETag");
  const HttpAnswer got = server.handle(oracle_request("GET", "/o/app", "", {{"if-match", etag}}));
  EXPECT_EQ(got.body, "one");
  EXPECT_EQ(got.headers.at("Content-MD5"), "+XxdKZQb+xsv2rCHSQargg==");
  server.handle(oracle_request("PUT", "/o/app", "two"));
  EXPECT_EQ(oracle_code(server.handle(oracle_request("GET", "/o/app", "", {{"if-match", etag}}))),
            "IfMatchFailed");
  EXPECT_EQ(oracle_code(server.handle(oracle_request("PUT", "/o/app", "x", {{"if-match", etag}}))),
            "IfMatchFailed");
  EXPECT_EQ(server.handle(oracle_request("PUT", "/o/app", "x", {{"if-match", "state-2"}})).status, 200U);
  EXPECT_EQ(server.handle(oracle_request("PUT", "/o/app", "x", {{"content-md5", "AAAA"}})).status, 400U);
}

TEST(OracleObjectsServer, Lists) {
  OracleObjectsServer server;
  for (const char* object : {"env/a/app", "env/b/app", "app", "app.lock"})
    server.handle(oracle_request("PUT", "/o/" + std::string(object), kOracleHolder));
  const auto list = [&](const std::string& below) {
    return json::parse(server.handle(oracle_request("GET", below)).body);
  };
  EXPECT_EQ(list("/o?prefix=env%2F&delimiter=%2F")["prefixes"], (json{"env/a/", "env/b/"}));
  EXPECT_EQ(list("/o?prefix=app")["objects"], (json::array({{{"name", "app"}}, {{"name", "app.lock"}}})));
  EXPECT_EQ(list("/objectversions?prefix=app")["items"].size(), 2U);
  EXPECT_EQ(list("/o?start=env")["objects"].size(), 2U);
}

TEST(OracleObjectsServer, MakesAnObjectOfItsParts) {
  OracleObjectsServer server;
  const json created = json::parse(server.handle(oracle_request("POST", "/u", R"({"object":"app"})")).body);
  const std::string id = created["uploadId"];
  const auto put = [&](int number, const std::string& text) {
    return server
        .handle(
            oracle_request("PUT", "/u/app?uploadId=" + id + "&uploadPartNum=" + std::to_string(number), text))
        .headers.at("ETag");
  };
  const std::string end = put(2, "end");
  const std::string begin = put(1, "begin ");
  const auto commit = [&](const json& parts) {
    return server.handle(
        oracle_request("POST", "/u/app?uploadId=" + id, json{{"partsToCommit", parts}}.dump()));
  };
  EXPECT_EQ(oracle_code(commit(json::array({{{"partNum", 3}, {"etag", end}}}))), "InvalidUploadPart");
  const json both = json::array({{{"partNum", 2}, {"etag", end}}, {{"partNum", 1}, {"etag", begin}}});
  EXPECT_EQ(commit(both).status, 200U);
  EXPECT_EQ(server.handle(oracle_request("GET", "/o/app")).body, "begin end");
  EXPECT_EQ(oracle_code(commit(both)), "NoSuchUpload");
  EXPECT_EQ(server.handle(oracle_request("POST", "/u", "{}")).status, 400U);
}

TEST(OracleObjectsServer, NamesRequestsAsTheModelsDo) {
  const OracleObjectsServer server;
  const auto named = [&](const HttpRequest& request) {
    const auto name = server.name(request);
    return name ? name->operation + " " + name->object + " of " + name->place : name.error();
  };
  EXPECT_EQ(named(oracle_request("PUT", "/o/app.lock", kOracleHolder)), "PutObject .lock of states/app");
  EXPECT_EQ(named(oracle_request("PUT", "/o/app", "{}")), "PutObject state of states/app");
  EXPECT_EQ(named(oracle_request("HEAD", "/o/app")), "HeadObject state of states/app");
  EXPECT_EQ(named(oracle_request("GET", "/o/app.lock")), "GetObject .lock of states/app");
  EXPECT_EQ(named(oracle_request("DELETE", "/o/app.lock")), "DeleteObject .lock of states/app");
  EXPECT_EQ(named(oracle_request("GET", "/o")), "ListObjects listing of states");
  EXPECT_EQ(named(oracle_request("GET", "/objectversions")), "ListObjectVersions listing of states");
  EXPECT_EQ(named(oracle_request("POST", "/u", R"({"object":"app"})")),
            "CreateMultipartUpload state of states/app");
  EXPECT_EQ(named(oracle_request("PUT", "/u/app?uploadId=u&uploadPartNum=1")),
            "UploadPart state of states/app");
  EXPECT_EQ(named(oracle_request("POST", "/u/app?uploadId=u")), "CommitMultipartUpload state of states/app");
}

TEST(OracleObjectsServer, TellsWhatItDoesNotKnow) {
  OracleObjectsServer server;
  for (const HttpRequest& request :
       {oracle_request("PATCH", "/o/app"), oracle_request("GET", "/o/app?versionId=v"),
        oracle_request("GET", "/l"), oracle_request("GET", "/o/app", "", {{"if-none-match", "*"}}),
        oracle_request("POST", "/u", R"({"object":"a.lock"})")}) {
    EXPECT_EQ(server.handle(request).status, 501U) << request.target;
    EXPECT_FALSE(server.name(request).has_value());
  }
  EXPECT_EQ(oracle_code(server.refuse(oracle_request("GET", "/o/app"), sim::Refusal::throttled)),
            "TooManyRequests");
}

RC_GTEST_PROP(OracleObjectsServer, GivesBackWhateverIsStored,
              (const std::vector<std::pair<bool, std::string>>& writes)) {
  OracleObjectsServer server;
  for (const auto& [is_lock, text] : writes) {
    const std::string object = is_lock ? "/o/app.lock" : "/o/app";
    RC_ASSERT(server.handle(oracle_request("PUT", object, text)).status == 200U);
    RC_ASSERT(server.handle(oracle_request("GET", object)).body == text);
  }
}

RC_GTEST_PROP(OracleObjectsServer, AnswersWhateverIsAsked,
              (const std::string& method, const std::string& below, const std::string& body)) {
  OracleObjectsServer server;
  RC_ASSERT(server.handle(oracle_request(method, below, body)).status >= 200U);
}

}  // namespace
}  // namespace lockstorm::wire
