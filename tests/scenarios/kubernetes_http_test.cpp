// The kubernetes and http backend blocks: what audits read from them, and what scenarios may not say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/backends/http.hpp"
#include "scenarios/backends/kubernetes.hpp"
#include "scenarios/campaigns/audit.hpp"
#include "scenarios/files/audit_name.hpp"
#include "scenarios/files/yaml_scenario.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::Contains;
using testing::HasSubstr;
using Policy = models::HttpServerPolicy;

TerraformConfiguration block(const std::string& type, std::map<std::string, AttributeValue> arguments) {
  TerraformConfiguration configuration;
  configuration.files = {"main.tf"};
  BackendBlock block{type, {}, {"main.tf", 2, 3}};
  for (auto& [name, value] : arguments) block.arguments[name] = {value, {"main.tf", 3, 5}};
  configuration.backend = block;
  return configuration;
}

TEST(HttpAudit, ReadsAddressesAndKnowsGitLab) {
  const auto of = [](std::map<std::string, AttributeValue> arguments) {
    return *plan_audit(block("http", std::move(arguments)), {})->backend.as<HttpConfig>();
  };
  const HttpConfig plain = of({{"address", std::string("https://state.example/prod")}});
  EXPECT_FALSE(plain.lock_address || plain.unlock_address);
  EXPECT_EQ(plain.policy.write, Policy::Write::anybody);
  const HttpConfig gitlab =
      of({{"address", std::string("https://gitlab.example/api/v4/projects/7/terraform/state/prod")},
          {"lock_address", Unresolved{"\"${var.url}/lock\""}},
          {"unlock_address", std::string()},
          {"retry_max", 5.0}});
  EXPECT_TRUE(gitlab.lock_address);
  EXPECT_FALSE(gitlab.unlock_address);
  EXPECT_EQ(gitlab.retry_max, 5);
  EXPECT_EQ(gitlab.policy.write, Policy::Write::holder);
}

TEST(HttpAudit, SaysWhatItTakesForGranted) {
  EXPECT_THAT(plan_audit(block("http", {}), {}).error().hint, HasSubstr("TF_HTTP_LOCK_ADDRESS"));
  const auto plan = plan_audit(block("http", {{"address", std::string("https://state.example/prod")}}), {});
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->assumptions, Contains(HasSubstr("TF_HTTP_LOCK_ADDRESS")));
  EXPECT_THAT(plan->assumptions, Contains(HasSubstr("ignores the lock ID")));
}

TEST(HttpAudit, NamesSayEverything) {
  Scenario scenario;
  HttpConfig config;
  config.lock_address = config.unlock_address = true;
  config.retry_max = 0;
  config.policy = {};
  scenario.backend = config;
  const std::string name = audit_name(scenario);
  EXPECT_EQ(name, "audit/terraform/http+lock+unlock+gitlab+retries=0/jobs=2/no-faults");
  const auto back = scenario_of_audit_name(name);
  ASSERT_TRUE(back);
  EXPECT_EQ(fingerprint(*back), fingerprint(scenario));
}

TEST(HttpScenario, AServerIsAKindWithDials) {
  const auto scenario = parse_scenario(
      "backend: {type: http, lock_address: x}\nstore: {server: files, unlock_status: 200, expiry: age}\n",
      "s.yaml", "s");
  ASSERT_TRUE(scenario) << scenario.error().render();
  const Policy policy = scenario->backend.as<HttpConfig>()->policy;
  EXPECT_EQ(policy.lock, Policy::Lock::overwrites);
  EXPECT_FALSE(policy.unlock_is_204);
  EXPECT_EQ(policy.expiry, Policy::Expiry::age);
  EXPECT_FALSE(parse_scenario("backend: {type: http}\nstore: {server: webdav}\n", "s.yaml", "s"));
}

TEST(KubernetesScenario, OnlyTerraformCutsAStateIntoParts) {
  const auto read = [](const std::string& backend, const std::string& tool) {
    return parse_scenario("backend: {type: kubernetes, " + backend + "}\nclient: {tool: " + tool + "}\n",
                          "s.yaml", "s");
  };
  EXPECT_TRUE(read("parts: 2", "terraform"));
  ASSERT_FALSE(read("parts: 2", "opentofu"));
  EXPECT_THAT(read("parts: 2", "opentofu").error().problem, HasSubstr("one secret"));
  EXPECT_FALSE(read("parts: 2, fenced_put: true", "terraform"));
  EXPECT_FALSE(read("initial_parts: 4", "terraform"));
}

TEST(KubernetesAudit, TakesTheStateForSmall) {
  const auto plan = plan_audit(block("kubernetes", {{"secret_suffix", std::string("prod")}}), {});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->backend.as<KubernetesConfig>()->parts, 1);
  EXPECT_THAT(plan->assumptions, Contains(HasSubstr("1 MiB")));
  EXPECT_FALSE(plan_audit(block("kubernetes", {{"secret_sufix", std::string("prod")}}), {}));
}

}  // namespace
}  // namespace lockstorm::scenarios
