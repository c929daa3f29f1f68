// A probe of a modelled server finds out what that server is.
#include "wire/probe/http_probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>
#include <thread>

#include "scenarios/backends/http.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "wire/net/server.hpp"
#include "wire/services/http_state_server.hpp"

#include <yaml-cpp/yaml.h>

namespace lockstorm::wire::probe {
namespace {

using models::HttpServerPolicy;
using testing::HasSubstr;

// A server on a thread of its own, as a probe waits for its answers.
class Served {
 public:
  explicit Served(const HttpServerPolicy& policy) : model_(policy) {
    auto server =
        Server::listen(loop_, {}, [this](const HttpRequest& request, const std::shared_ptr<Reply>& reply) {
          reply->answer(answer(request));
        });
    port_ = server->port();
    thread_ = std::jthread([this, server = std::move(*server)](const std::stop_token& stop) mutable {
      loop_.run_until([&] { return stop.stop_requested(); }, std::chrono::minutes(5));
    });
  }
  ~Served() {
    thread_.request_stop();
    thread_.join();
  }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  [[nodiscard]] HttpProbe probe() const {
    HttpProbe probe;
    probe.state = parse_url("http://127.0.0.1:" + std::to_string(port_) + "/app-probe").value();
    probe.races = 1;
    probe.racers = 8;
    return probe;
  }
  HttpStateServer& model() { return model_; }
  bool is_gitlab_like = false;  // it locks at an address only

 private:
  HttpAnswer answer(const HttpRequest& request) {
    if (is_gitlab_like && (request.method == "LOCK" || request.method == "UNLOCK")) return {405};
    return model_.handle(request);
  }

  Loop loop_;
  HttpStateServer model_;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

// What a scenario with these settings has.
HttpServerPolicy policy_of(const Findings& findings) {
  YAML::Node section;
  for (const StoreSetting& setting : findings.store) section[setting.key] = setting.value;
  scenarios::HttpConfig config;
  scenarios::YamlReader reader("store");
  config.read_store(reader, section);
  EXPECT_FALSE(reader.error().has_value());
  return config.policy;
}

RC_GTEST_PROP(HttpProbe, FindsEveryPolicyOutAndCleansUp, ()) {
  using Policy = HttpServerPolicy;
  Policy policy;
  policy.lock = static_cast<Policy::Lock>(*rc::gen::inRange(0, 2));
  policy.write = static_cast<Policy::Write>(*rc::gen::inRange(0, 3));
  policy.unlock = static_cast<Policy::Unlock>(*rc::gen::inRange(0, 3));
  policy.refused_body = static_cast<Policy::RefusedBody>(*rc::gen::inRange(0, 3));
  policy.locked_is_423 = *rc::gen::arbitrary<bool>();
  policy.same_id_locks_again = *rc::gen::arbitrary<bool>();
  policy.unlock_is_204 = *rc::gen::arbitrary<bool>();
  Served served(policy);
  served.is_gitlab_like = *rc::gen::arbitrary<bool>();
  const auto findings = probe_http(served.probe());
  RC_ASSERT(findings.has_value());
  RC_ASSERT(findings->left_behind.empty());
  const Policy found = policy_of(*findings);
  RC_ASSERT(found.lock == policy.lock);
  RC_ASSERT(found.write == policy.write);
  RC_ASSERT(found.unlock == policy.unlock);
  RC_ASSERT(found.unlock_is_204 == policy.unlock_is_204);
  if (policy.lock == Policy::Lock::exclusive) {  // otherwise nobody is ever refused
    RC_ASSERT(found.refused_body == policy.refused_body);
    RC_ASSERT(found.locked_is_423 == policy.locked_is_423);
    RC_ASSERT(found.same_id_locks_again == policy.same_id_locks_again);
  }
}

TEST(HttpProbe, TouchesNoStateThatIsThere) {
  Served served({});
  const std::string state = R"({"version":4,"serial":7,"lineage":"real"})";
  HttpRequest put;
  put.method = "POST";
  put.body = state;
  split_target("/app-probe", put);
  served.model().handle(put);
  const auto findings = probe_http(served.probe());
  ASSERT_FALSE(findings.has_value());
  EXPECT_THAT(findings.error(), HasSubstr("Status 200 where a state was to be that nobody has"));
  put.method = "GET";
  put.body.clear();
  EXPECT_EQ(served.model().handle(put).body, state);
}

TEST(HttpProbe, SaysThatNobodyIsThere) {
  HttpProbe probe;
  probe.state = parse_url("http://127.0.0.1:1/app").value();
  const auto findings = probe_http(probe);
  ASSERT_FALSE(findings.has_value());
  EXPECT_THAT(findings.error(), HasSubstr("The server cannot be reached: Connection refused"));
}

TEST(Url, IsReadAsItIsMeant) {
  const auto url = parse_url("http://host:8080/a/b?c=d#e");
  ASSERT_TRUE(url.has_value());
  EXPECT_EQ(url->host, "host");
  EXPECT_EQ(url->port, 8080);
  EXPECT_EQ(url->target, "/a/b?c=d");
  EXPECT_EQ(url->authority(), "host:8080");
  EXPECT_EQ(parse_url("https://[::1]")->authority(), "[::1]");
  EXPECT_EQ(parse_url("https://[::1]")->port, 443);
  for (const char* wrong :
       {"", "host", "http://", "http://:80", "http://h:0", "http://h:99999", "http://h:8x"})
    EXPECT_FALSE(parse_url(wrong).has_value()) << wrong;
  const auto secret = parse_url("http://user:hunter2@host/");
  ASSERT_FALSE(secret.has_value());
  EXPECT_THAT(secret.error(), testing::Not(HasSubstr("hunter2")));
}

RC_GTEST_PROP(Url, NothingBreaksItsReader, (const std::string& text)) { (void)parse_url("http://" + text); }

}  // namespace
}  // namespace lockstorm::wire::probe
