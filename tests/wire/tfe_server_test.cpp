// The model of HCP Terraform behind its API (backend-protocols.md 3.13).
#include "wire/services/tfe_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/wire/requests.hpp"
#include "wire/services/base64.hpp"

namespace lockstorm::wire {
namespace {

using nlohmann::json;
using testing::HasSubstr;

struct Tfe {
  TfeServer server;
  std::string workspace = "/api/v2/workspaces/ws-0000000000000001";

  Tfe() {
    ask("POST", "/api/v2/organizations/org/workspaces", {{"data", {{"attributes", {{"name", "app"}}}}}});
  }
  HttpAnswer ask(std::string method, const std::string& target, const json& body = nullptr,
                 const std::string& token = "Bearer one") {
    return server.handle(http_request(std::move(method), target, body.is_null() ? "" : body.dump(),
                                      {{"host", "localhost:1"}, {"authorization", token}}));
  }
  HttpAnswer act(const std::string& action, const std::string& token = "Bearer one") {
    return ask("POST", workspace + "/actions/" + action, {{"data", {{"attributes", {{"reason", "r"}}}}}},
               token);
  }
  HttpAnswer version(std::uint64_t serial, const std::string& lineage, const json& more = json::object()) {
    json attributes{{"serial", serial}, {"lineage", lineage}, {"md5", "m"}};
    attributes.update(more);
    return ask("POST", workspace + "/state-versions", {{"data", {{"attributes", attributes}}}});
  }
};

std::string attribute(const HttpAnswer& answer, const char* name) {
  return json::parse(answer.body).at("data").at("attributes").at(name);
}

TEST(TfeServer, KeepsStateVersionsByteByByte) {
  Tfe tfe;
  tfe.act("lock");
  EXPECT_EQ(tfe.ask("GET", tfe.workspace + "/current-state-version").status, 404U);
  const HttpAnswer made = tfe.version(1, "l");
  EXPECT_EQ(made.status, 201U);
  const std::string address = attribute(made, "hosted-state-upload-url");
  EXPECT_EQ(address, "https://localhost:1/_archivist/sv-0000000000000002");
  const std::string path = address.substr(address.find("/_"));
  EXPECT_EQ(tfe.ask("GET", path).status, 404U) << "not uploaded yet";
  EXPECT_EQ(tfe.server.handle(http_request("PUT", path, "the state")).status, 200U);
  EXPECT_EQ(tfe.server.handle(http_request("PUT", path, "another")).status, 409U);
  const HttpAnswer current = tfe.ask("GET", tfe.workspace + "/current-state-version");
  EXPECT_EQ(attribute(current, "hosted-state-download-url"), address);
  EXPECT_EQ(tfe.ask("GET", path).body, "the state");
  const HttpAnswer at_once = tfe.version(2, "l", {{"state", encode_base64("at once")}});
  EXPECT_EQ(tfe.ask("GET", "/_archivist/" + json::parse(at_once.body)["data"]["id"].get<std::string>()).body,
            "at once");
}

TEST(TfeServer, ChecksLockLineageAndSerial) {
  Tfe tfe;
  EXPECT_EQ(tfe.version(1, "l").status, 409U) << "not locked";
  tfe.act("lock");
  EXPECT_EQ(tfe.version(300, "l").status, 201U);
  EXPECT_EQ(tfe.version(300, "l").status, 409U);
  EXPECT_EQ(tfe.version(299, "l").status, 409U);
  EXPECT_EQ(tfe.version(301, "other").status, 409U);
  EXPECT_EQ(tfe.version(301, "l").status, 201U);
  EXPECT_EQ(tfe.version(1, "other", {{"force", true}}).status, 201U);
  EXPECT_EQ(tfe.version(2, "other").status, 201U);
  EXPECT_EQ(tfe.server.holds()["org/app"]["state"]["serial"], 2);
}

TEST(TfeServer, LocksBelongToUsers) {
  Tfe tfe;
  EXPECT_EQ(tfe.act("unlock").status, 409U);
  EXPECT_EQ(tfe.act("lock").status, 200U);
  EXPECT_EQ(tfe.act("lock").status, 409U);
  EXPECT_EQ(tfe.act("unlock", "Bearer two").status, 409U);
  EXPECT_EQ(tfe.server.holds()["org/app"]["lock"]["ID"], "org/app");
  EXPECT_EQ(tfe.act("force-unlock", "Bearer two").status, 200U);
  EXPECT_EQ(tfe.act("lock", "Bearer two").status, 200U);
  EXPECT_EQ(tfe.ask("DELETE", "/api/v2/organizations/org/workspaces/app").status, 409U);
  EXPECT_EQ(tfe.act("unlock", "Bearer two").status, 200U);
  EXPECT_EQ(tfe.ask("DELETE", "/api/v2/organizations/org/workspaces/app").status, 204U);
  EXPECT_EQ(tfe.act("lock").status, 404U);
}

TEST(TfeServer, NamesRequestsAsTheModelsDo) {
  const Tfe tfe;
  const auto name = [&](const char* method, const std::string& target, const char* body = "") {
    const auto said = tfe.server.name(http_request(method, target, body));
    return said ? said->operation + " of " + said->object + " at " + said->place : said.error();
  };
  EXPECT_EQ(name("POST", tfe.workspace + "/actions/lock"), "lock of lock at org/app");
  EXPECT_EQ(name("POST", tfe.workspace + "/actions/force-unlock"), "force-unlock of lock at org/app");
  EXPECT_EQ(name("GET", "/api/v2/organizations/org/workspaces/app"),
            "read workspace of workspace at org/app");
  EXPECT_EQ(name("POST", tfe.workspace + "/state-versions", R"({"data":{"attributes":{"serial":3}}})"),
            "create state version of state at org/app");
  EXPECT_THAT(name("GET", "/api/v2/runs/run-1"), HasSubstr("nothing that this server knows"));
}

TEST(TfeServer, TellsWhatItDoesNotKnow) {
  Tfe tfe;
  for (const char* unknown :
       {"/", "/api/v2/runs/run-1", "/api/v2/organizations/org/teams", "/api/v2/account/x/y"})
    EXPECT_EQ(tfe.ask("GET", unknown).status, 501U) << unknown;
  EXPECT_EQ(
      tfe.ask("POST", tfe.workspace + "/state-versions", {{"data", {{"attributes", {{"serial", "x"}}}}}})
          .status,
      422U);
  EXPECT_EQ(tfe.server.refuse({}, sim::Refusal::throttled).status, 429U);
  EXPECT_EQ(tfe.ask("GET", "/.well-known/terraform.json").status, 200U);
}

}  // namespace
}  // namespace lockstorm::wire
