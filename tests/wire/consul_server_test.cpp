// The model of Consul behind its API (backend-protocols.md 3.5, 4.4).
#include "wire/services/consul_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/wire/requests.hpp"
#include "wire/services/attendant.hpp"
#include "wire/services/base64.hpp"

namespace lockstorm::wire {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* kConsulLockInfo = R"({"ID":"s","Operation":"OperationTypeApply","Who":"ci@runner"})";
constexpr const char* kConsulState = R"({"version":4,"serial":7,"lineage":"l-1","resources":[]})";

// A server whose clock stands still until somebody moves it.
struct Consul {
  ConsulServer::Time now;
  ConsulServer server{[this] { return now; }};

  HttpAnswer ask(std::string method, std::string_view target, std::string body = "") {
    return server.handle(http_request(std::move(method), target, std::move(body)));
  }
  std::string session() {
    const HttpAnswer made = ask("PUT", "/v1/session/create", R"({"LockDelay":"5000ms","TTL":"15s"})");
    return nlohmann::json::parse(made.body).at("ID");
  }
  std::string acquire(const std::string& session) {
    return ask("PUT", "/v1/kv/app/.lock?flags=3304740253564472344&acquire=" + session).body;
  }
  nlohmann::json pair(const std::string& key) {
    return nlohmann::json::parse(ask("GET", "/v1/kv/" + key).body).at(0);
  }
  HttpAnswer write(const std::string& key, const std::string& text, const std::string& verb,
                   std::uint64_t index) {
    const nlohmann::json operation{
        {"KV",
         {{"Verb", verb}, {"Key", key}, {"Value", encode_base64(text)}, {"Index", index}, {"Flags", 0}}}};
    return ask("PUT", "/v1/txn", nlohmann::json::array({operation}).dump());
  }
};

TEST(ConsulServer, KeepsWhatWasWrittenByteByByte) {
  Consul consul;
  EXPECT_EQ(consul.ask("GET", "/v1/kv/app").status, 404U);
  EXPECT_EQ(consul.write("app", kConsulState, "set", 0).status, 200U);
  EXPECT_EQ(consul.pair("app").at("Value"), encode_base64(kConsulState));
  EXPECT_EQ(consul.ask("GET", "/v1/kv/app?raw").body, kConsulState);
  EXPECT_EQ(consul.ask("GET", "/v1/kv/app").headers.at("X-Consul-Index"),
            consul.pair("app").at("ModifyIndex").dump());
}

TEST(ConsulServer, ComparesTheIndex) {
  Consul consul;
  const auto first = nlohmann::json::parse(consul.write("app", "1", "cas", 0).body);
  const std::uint64_t index = first.at("Results").at(0).at("KV").at("ModifyIndex");
  const HttpAnswer refused = consul.write("app", "2", "cas", index + 1);
  EXPECT_EQ(refused.status, 409U);
  EXPECT_THAT(refused.body, HasSubstr("index is stale"));
  EXPECT_EQ(consul.write("app", "2", "cas", 0).status, 409U);
  EXPECT_EQ(consul.write("app", "1", "cas", index).status, 200U);
  EXPECT_EQ(consul.pair("app").at("ModifyIndex"), index) << "identical bytes keep it";
  EXPECT_EQ(consul.write("app", "2", "cas", index).status, 200U);
  EXPECT_GT(consul.pair("app").at("ModifyIndex"), index);
}

TEST(ConsulServer, LocksFollowTheirSessions) {
  Consul consul;
  const std::string one = consul.session(), other = consul.session();
  EXPECT_EQ(consul.acquire(one), "true");
  EXPECT_EQ(consul.acquire(one), "true");
  EXPECT_EQ(consul.acquire(other), "false");
  EXPECT_EQ(consul.pair("app/.lock").at("Session"), one);
  EXPECT_EQ(consul.ask("PUT", "/v1/kv/app/.lock?release=" + other).body, "false");
  EXPECT_EQ(consul.ask("PUT", "/v1/kv/app/.lock?release=" + one).body, "true");
  EXPECT_FALSE(consul.pair("app/.lock").contains("Session"));
  EXPECT_EQ(consul.acquire(other), "true") << "a release knows no delay";
  EXPECT_EQ(consul.acquire("unknown"), "invalid session \"unknown\"");
}

// 4.4.3 and 4.4.4: twice the TTL, and the lock-delay after it.
TEST(ConsulServer, SessionsExpire) {
  Consul consul;
  const std::string one = consul.session(), other = consul.session();
  consul.acquire(one);
  consul.now += 20s;
  EXPECT_EQ(consul.ask("PUT", "/v1/session/renew/" + one).status, 200U);
  consul.now += 20s;
  EXPECT_EQ(consul.ask("PUT", "/v1/session/renew/" + other).status, 404U);
  EXPECT_EQ(consul.pair("app/.lock").at("Session"), one);
  consul.now += 10s;
  EXPECT_FALSE(consul.pair("app/.lock").contains("Session"));
  const std::string next = consul.session();
  EXPECT_EQ(consul.acquire(next), "false");
  consul.now += 5s;
  EXPECT_EQ(consul.acquire(next), "true");
}

TEST(ConsulServer, DestroyedSessionsLeaveADelayAndDeletedLocksNone) {
  Consul consul;
  const std::string one = consul.session(), other = consul.session();
  consul.acquire(one);
  EXPECT_EQ(consul.ask("PUT", "/v1/session/destroy/" + one).body, "true");
  EXPECT_EQ(consul.acquire(other), "false");
  consul.now += 5s;
  EXPECT_EQ(consul.acquire(other), "true");
  const std::string index = consul.pair("app/.lock").at("ModifyIndex").dump();
  EXPECT_EQ(consul.ask("DELETE", "/v1/kv/app/.lock?cas=1").body, "false");
  EXPECT_EQ(consul.ask("DELETE", "/v1/kv/app/.lock?cas=" + index).body, "true");
  EXPECT_EQ(consul.acquire(consul.session()), "true");
}

// A state above the limit of a value: chunks, and a pointer to them. [consul/client.go: Put]
TEST(ConsulServer, KeepsLargeStatesInChunks) {
  Consul consul;
  const std::string large(kConsulLargestValue + 1, 'x');
  EXPECT_EQ(consul.write("app", large, "set", 0).status, 413U);
  EXPECT_THAT(consul.write("app", large, "set", 0).body, HasSubstr("too large"));
  const std::string tree = "app/tfstate.0123456789abcdef0123456789abcdef/";
  EXPECT_EQ(consul.ask("PUT", "/v1/kv/" + tree + "0", R"({"serial":5,)").body, "true");
  EXPECT_EQ(consul.ask("PUT", "/v1/kv/" + tree + "1", R"("lineage":"l"})").body, "true");
  consul.write("app", R"({"current-hash":"0123","chunks":[")" + tree + R"(0",")" + tree + R"(1"]})", "set",
               0);
  EXPECT_EQ(consul.server.holds()["app"]["state"]["serial"], 5);
  EXPECT_EQ(consul.ask("DELETE", "/v1/kv/" + tree + "?recurse=").body, "true");
  EXPECT_EQ(consul.ask("GET", "/v1/kv/" + tree + "0").status, 404U);
  EXPECT_EQ(consul.ask("GET", "/v1/kv/app").status, 200U);
}

TEST(ConsulServer, ListsWorkspaces) {
  Consul consul;
  EXPECT_EQ(consul.ask("GET", "/v1/kv/app-env:?keys=&separator=%2F").status, 404U);
  consul.write("app-env:one", kConsulState, "set", 0);
  consul.ask("PUT", "/v1/kv/app-env:one/.lockinfo", kConsulLockInfo);
  EXPECT_EQ(consul.ask("GET", "/v1/kv/app-env:?keys=&separator=%2F").body,
            R"(["app-env:one","app-env:one/"])");
}

// .../features/blocking
TEST(ConsulServer, BlockingReadsWaitForAChange) {
  Consul consul;
  const std::string one = consul.session();
  consul.acquire(one);
  const std::string index = consul.ask("GET", "/v1/kv/app/.lock").headers.at("X-Consul-Index");
  const HttpRequest watch = http_request("GET", "/v1/kv/app/.lock?consistent=&index=" + index + "&wait=2s");
  EXPECT_EQ(consul.server.waits(watch), 2s);
  consul.write("app", kConsulState, "set", 0);
  EXPECT_EQ(consul.server.waits(watch), 2s);
  consul.now += 31s;
  EXPECT_EQ(consul.server.waits(watch), 0s) << "its session is over";
  EXPECT_THAT(consul.server.handle(watch).body, testing::Not(HasSubstr("Session")));
  EXPECT_EQ(consul.server.waits(http_request("GET", "/v1/kv/app/.lock?index=0")), 0s);
}

struct KeptAnswers final : Reply {
  std::vector<HttpAnswer> answers;
  void answer(const HttpAnswer& answer) override { answers.push_back(answer); }
  void drop(Drop) override {}
};

TEST(Attendant, AnswersWhoWaitsWhenSomethingChanges) {
  Consul consul;
  consul.write("app", "1", "set", 0);
  const std::string index = consul.pair("app").at("ModifyIndex").dump();
  Loop loop;
  Attendant attendant(loop, consul.server);
  const auto waiting = std::make_shared<KeptAnswers>(), short_of_time = std::make_shared<KeptAnswers>(),
             write = std::make_shared<KeptAnswers>();
  attendant.take(http_request("GET", "/v1/kv/app?raw&index=" + index), waiting);
  attendant.take(http_request("GET", "/v1/kv/app?raw&wait=60ms&index=" + index), short_of_time);
  EXPECT_TRUE(loop.run_until([&] { return !short_of_time->answers.empty(); }, 10s));
  EXPECT_EQ(short_of_time->answers.at(0).body, "1");
  EXPECT_TRUE(waiting->answers.empty());
  attendant.take(http_request("PUT", "/v1/kv/app", "2"), write);
  ASSERT_EQ(waiting->answers.size(), 1U);
  EXPECT_EQ(waiting->answers.at(0).body, "2");
  EXPECT_EQ(write->answers.at(0).body, "true");
}

TEST(ConsulServer, NamesRequestsAsTheModelsDo) {
  const Consul consul;
  const auto name = [&](const char* method, std::string_view target, const char* body = "") {
    const auto said = consul.server.name(http_request(method, target, body));
    return said ? said->operation + " of " + said->object + " at " + said->place + " by " + said->lock_id
                : said.error();
  };
  EXPECT_EQ(name("PUT", "/v1/session/create"), "session create of session at  by ");
  EXPECT_EQ(name("PUT", "/v1/kv/app/.lock?acquire=s"), "acquire of .lock at app by s");
  EXPECT_EQ(name("PUT", "/v1/kv/app/.lockinfo", kConsulLockInfo), "put .lockinfo of .lockinfo at app by s");
  EXPECT_EQ(name("GET", "/v1/kv/app/.lock?index=3&consistent="), "watch .lock of .lock at app by ");
  EXPECT_EQ(name("GET", "/v1/kv/app-env:x/.lock"), "get .lock of .lock at app-env:x by ");
  EXPECT_EQ(name("DELETE", "/v1/kv/app"), "delete state of state at app by ");
  EXPECT_EQ(name("GET", "/v1/kv/app-env:?keys"), "list workspaces of workspaces at app-env: by ");
  EXPECT_THAT(name("GET", "/v1/agent/self"), HasSubstr("this server knows"));
}

TEST(ConsulServer, TellsWhatItDoesNotKnow) {
  Consul consul;
  EXPECT_EQ(consul.ask("GET", "/v1/agent/self").status, 501U);
  EXPECT_EQ(consul.ask("PUT", "/v1/kv/app/.lock", "plain").status, 501U);
  EXPECT_EQ(consul.ask("DELETE", "/v1/kv/app?recurse").status, 501U);
  EXPECT_EQ(consul.ask("PUT", "/v1/txn", R"([{"KV":{"Verb":"delete","Key":"app"}}])").status, 501U);
  EXPECT_EQ(consul.ask("PUT", "/v1/session/create", R"({"Behavior":"delete"})").status, 501U);
  EXPECT_EQ(consul.ask("PUT", "/v1/session/create", R"({"TTL":"soon"})").status, 400U);
  EXPECT_EQ(consul.ask("PUT", "/v1/txn", "no array").status, 400U);
  EXPECT_EQ(consul.ask("GET", "/v1/kv/app?index=x").status, 400U);
  const HttpRequest read = http_request("GET", "/v1/kv/app");
  EXPECT_EQ(consul.server.refuse(read, sim::Refusal::server_error).body, "No cluster leader");
  EXPECT_EQ(consul.server.refuse(read, sim::Refusal::throttled).status, 429U);
}

RC_GTEST_PROP(ConsulServer, GivesBackTheLastWrite, (const std::vector<std::string>& texts)) {
  Consul consul;
  for (const std::string& text : texts) {
    consul.write("app", text, "set", 0);
    RC_ASSERT(consul.ask("GET", "/v1/kv/app?raw").body == text);
  }
}

}  // namespace
}  // namespace lockstorm::wire
