// A probe of a modelled server finds out what that server is.
#include "wire/probe/http_probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

#include "scenarios/backends/http.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "tests/wire/probe/served_model.hpp"
#include "wire/services/http_state_server.hpp"

#include <yaml-cpp/yaml.h>

namespace lockstorm::wire::probe {
namespace {

using models::HttpServerPolicy;
using testing::HasSubstr;

HttpProbe probe_of(const ServedModel& served) { return {served.reach(), "/app-probe"}; }

// GitLab's servers lock at an address only.
std::optional<HttpAnswer> no_methods(const HttpRequest& request) {
  return request.method == "LOCK" || request.method == "UNLOCK" ? std::optional(HttpAnswer{405})
                                                                : std::nullopt;
}

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
  HttpStateServer model(policy);
  const ServedModel served(model, *rc::gen::arbitrary<bool>() ? no_methods : ServedModel::Changed{});
  const auto findings = probe_http(probe_of(served));
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
  HttpStateServer model({});
  const ServedModel served(model);
  const std::string state = R"({"version":4,"serial":7,"lineage":"real"})";
  HttpRequest put;
  put.method = "POST";
  put.body = state;
  split_target("/app-probe", put);
  model.handle(put);
  const auto findings = probe_http(probe_of(served));
  ASSERT_FALSE(findings.has_value());
  EXPECT_THAT(findings.error(), HasSubstr("Status 200 where a state was to be that nobody has"));
  put.method = "GET";
  put.body.clear();
  EXPECT_EQ(model.handle(put).body, state);
}

TEST(HttpProbe, SaysThatNobodyIsThere) {
  HttpProbe probe;
  probe.reach.server = parse_url("http://127.0.0.1:1").value();
  probe.target = "/app";
  const auto findings = probe_http(probe);
  ASSERT_FALSE(findings.has_value());
  EXPECT_THAT(findings.error(), HasSubstr("The store cannot be reached: Connection refused"));
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
