// The model of Cloud Storage behind its API (backend-protocols.md 3.6, 4.5).
#include "wire/services/gcs_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/wire/requests.hpp"
#include "wire/services/crc32c.hpp"

namespace lockstorm::wire {
namespace {

using testing::HasSubstr;

constexpr const char* kInfo = R"({"ID":"a","Operation":"OperationTypeApply","Who":"ci@runner"})";
constexpr const char* kText = R"({"version":4,"serial":7,"lineage":"l-1","resources":[]})";

// As the Go client library sends it.
HttpRequest insert(const std::string& name, const std::string& text, const std::string& condition = "") {
  return http_request("POST",
                      "/upload/storage/v1/b/states/o?alt=json&name=" + name + condition +
                          "&prettyPrint=false&projection=full&uploadType=multipart",
                      "--b1\r\nContent-Type: application/json\r\n\r\n{\"bucket\":\"states\",\"name\":\"" +
                          name + "\"}\n\r\n--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text +
                          "\r\n--b1--\r\n",
                      {{"content-type", "multipart/related; boundary=b1"}});
}

std::string generation_in(const HttpAnswer& answer) {
  return nlohmann::json::parse(answer.body).at("generation").get<std::string>();
}
std::string reason_in(const HttpAnswer& answer) {
  const auto error = nlohmann::json::parse(answer.body).at("error");
  EXPECT_EQ(error.at("code"), answer.status);
  return error.at("errors").at(0).at("reason");
}

TEST(GcsServer, KeepsWhatWasWrittenByteByByte) {
  GcsServer server;
  EXPECT_EQ(server.handle(http_request("GET", "/states/app/default.tfstate")).status, 404U);
  EXPECT_EQ(server.handle(insert("app/default.tfstate", kText)).status, 200U);
  const HttpAnswer read = server.handle(http_request("GET", "/states/app/default.tfstate"));
  EXPECT_EQ(read.body, kText);
  const HttpAnswer attributes =
      server.handle(http_request("GET", "/storage/v1/b/states/o/app%2Fdefault.tfstate?alt=json"));
  EXPECT_EQ(generation_in(attributes), read.headers.at("X-Goog-Generation"));
  EXPECT_EQ(server.handle(http_request("DELETE", "/storage/v1/b/states/o/app%2Fdefault.tfstate")).status,
            204U);
  EXPECT_EQ(server.handle(http_request("DELETE", "/storage/v1/b/states/o/app%2Fdefault.tfstate")).status,
            404U);
}

TEST(GcsServer, LocksByGenerations) {
  GcsServer server;
  const HttpAnswer granted = server.handle(insert("app/default.tflock", kInfo, "&ifGenerationMatch=0"));
  ASSERT_EQ(granted.status, 200U);
  const HttpAnswer refused = server.handle(insert("app/default.tflock", kInfo, "&ifGenerationMatch=0"));
  EXPECT_EQ(refused.status, 412U);
  EXPECT_EQ(reason_in(refused), "conditionNotMet");
  EXPECT_EQ(server.handle(http_request("GET", "/states/app/default.tflock")).body, kInfo);
  const std::string generation = generation_in(granted);
  EXPECT_EQ(server.holds()["states/app/default.tfstate"]["lock"]["ID"], generation);
  const std::string path = "/storage/v1/b/states/o/app%2Fdefault.tflock?ifGenerationMatch=";
  EXPECT_EQ(server.handle(http_request("DELETE", path + "1")).status, 412U);
  EXPECT_EQ(server.handle(http_request("DELETE", path + generation + "0")).status, 412U);
  EXPECT_EQ(server.handle(http_request("DELETE", path + generation)).status, 204U);
  const HttpAnswer next = server.handle(insert("app/default.tflock", kInfo, "&ifGenerationMatch=0"));
  EXPECT_GT(generation_in(next), generation);
}

TEST(GcsServer, HasPreconditionsOfStates) {
  GcsServer server;
  const std::string first = generation_in(server.handle(insert("a.tfstate", "1", "&ifGenerationMatch=0")));
  EXPECT_EQ(server.handle(insert("a.tfstate", "2", "&ifGenerationMatch=0")).status, 412U);
  const std::string second =
      generation_in(server.handle(insert("a.tfstate", "2", "&ifGenerationMatch=" + first)));
  EXPECT_EQ(server.handle(insert("a.tfstate", "3", "&ifGenerationMatch=" + first)).status, 412U);
  EXPECT_EQ(server.handle(insert("a.tfstate", "2", "&ifGenerationMatch=" + first)).status, 412U);
  EXPECT_EQ(server.handle(insert("a.tfstate", "3", "&ifGenerationMatch=" + second)).status, 200U);
}

TEST(GcsServer, ListsByPrefixDelimiterAndPages) {
  GcsServer server;
  for (const char* name : {"app/default.tfstate", "app/env/x.tfstate", "app/env/y.tfstate", "other.tfstate"})
    server.handle(insert(name, kText));
  const auto list = [&](const std::string& query) {
    return nlohmann::json::parse(server.handle(http_request("GET", "/storage/v1/b/states/o" + query)).body);
  };
  EXPECT_EQ(list("").at("items").size(), 4U);
  EXPECT_FALSE(list("?prefix=none").contains("items"));
  const auto folders = list("?prefix=app%2F&delimiter=%2F");
  EXPECT_EQ(folders.at("items").size(), 1U);
  EXPECT_EQ(folders.at("prefixes"), nlohmann::json::array({"app/env/"}));
  const auto page = list("?prefix=app%2F&maxResults=2");
  EXPECT_EQ(page.at("items").at(1).at("name"), "app/env/x.tfstate");
  const auto rest =
      list("?prefix=app%2F&maxResults=2&pageToken=" + page.at("nextPageToken").get<std::string>());
  EXPECT_EQ(rest.at("items").size(), 1U);
  EXPECT_FALSE(rest.contains("nextPageToken"));
}

TEST(GcsServer, NamesRequestsAsTheModelsDo) {
  const GcsServer server;
  const auto stored = server.name(insert("app/default.tfstate", kText));
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(stored->operation, "objects.insert");
  EXPECT_EQ(stored->object, ".tfstate");
  EXPECT_EQ(stored->place, "states/app/default.tfstate");
  EXPECT_EQ(stored->state->serial, 7U);
  const auto released =
      server.name(http_request("DELETE", "/storage/v1/b/states/o/app%2Fdefault.tflock?ifGenerationMatch=12"));
  ASSERT_TRUE(released.has_value());
  EXPECT_EQ(released->operation, "objects.delete");
  EXPECT_EQ(released->object, ".tflock");
  EXPECT_EQ(released->place, "states/app/default.tfstate");
  EXPECT_EQ(released->lock_id, "12");
  EXPECT_EQ(server.name(http_request("GET", "/states/app/default.tflock"))->operation, "objects.get");
  EXPECT_FALSE(server.name(http_request("PUT", "/states/app/default.tflock")).has_value());
}

TEST(GcsServer, TellsWhatItDoesNotKnow) {
  GcsServer server;
  for (const HttpRequest& unknown :
       {http_request("POST", "/upload/storage/v1/b/states/o?uploadType=resumable&name=a"),
        http_request("GET", "/storage/v1/b/states/o/a?ifGenerationNotMatch=3"),
        http_request("DELETE", "/storage/v1/b/states/o/a.tfstate?ifGenerationMatch=3"),
        http_request("PUT", "/states/a"), http_request("GET", "/"), http_request("GET", "")}) {
    const HttpAnswer answer = server.handle(unknown);
    EXPECT_EQ(answer.status, 501U) << unknown.target;
    EXPECT_EQ(reason_in(answer), "notImplemented");
  }
  EXPECT_EQ(
      server.handle(http_request("POST", "/upload/storage/v1/b/states/o?uploadType=multipart&name=a")).status,
      400U);
  EXPECT_EQ(server.handle(insert("a", "1", "&ifGenerationMatch=x")).status, 400U);
}

TEST(GcsServer, FailsAsTheServiceDoes) {
  const GcsServer server;
  const HttpRequest write = insert("a.tfstate", kText);
  EXPECT_EQ(reason_in(server.refuse(write, sim::Refusal::throttled)), "rateLimitExceeded");
  EXPECT_EQ(reason_in(server.refuse(write, sim::Refusal::server_error)), "backendError");
  const HttpAnswer read = server.refuse(http_request("GET", "/states/a.tfstate"), sim::Refusal::server_error);
  EXPECT_EQ(read.status, 503U);
  EXPECT_THAT(read.body, HasSubstr("<Code>ServiceUnavailable</Code>"));
}

// RFC 3720, B.4.
TEST(GcsServer, ChecksumsAreThoseOfTheStandard) {
  EXPECT_EQ(crc32c_bytes("123456789"), std::string("\xE3\x06\x92\x83"));
  EXPECT_EQ(crc32c_bytes(std::string(32, '\0')), std::string("\x8A\x91\x36\xAA"));
}

RC_GTEST_PROP(GcsServer, GivesBackTheLastWrite, (const std::vector<std::string>& texts)) {
  GcsServer server;
  for (const std::string& text : texts) {
    server.handle(insert("x.tfstate", text));
    RC_ASSERT(server.handle(http_request("GET", "/states/x.tfstate")).body == text);
  }
}

}  // namespace
}  // namespace lockstorm::wire
