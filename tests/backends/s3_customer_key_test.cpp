// Who reads lock files that are encrypted with a key of the customer's (backend-protocols.md 1.1, 3.2), and
// which backend blocks have them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/s3.hpp"
#include "scenarios/campaigns/audit.hpp"
#include "scenarios/files/audit_name.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using testing::HasSubstr;

Verdict recovery_after_a_crash(models::Dialect tool, bool dynamodb_table) {
  Scenario scenario;
  S3Config s3;
  s3.use_lockfile = s3.encrypt = s3.sse_customer_key = true;
  s3.dynamodb_table = dynamodb_table;
  scenario.backend = s3;
  scenario.client.tool = tool;
  scenario.faults[sim::Fault::crash] = 1;
  return verify(scenario, {.explain = false}).properties.at(Property::stale_lock_recovery);
}

TEST(S3CustomerKey, HidesFromTerraformWhoHoldsTheLock) {
  for (const bool dynamodb_table : {false, true}) {
    EXPECT_EQ(recovery_after_a_crash(models::Dialect::terraform, dynamodb_table), Verdict::violated);
    EXPECT_EQ(recovery_after_a_crash(models::Dialect::opentofu, dynamodb_table), Verdict::held);
  }
}

std::expected<AuditPlan, InputError> plan(const std::map<std::string, AttributeValue>& arguments) {
  TerraformConfiguration configuration;
  configuration.files = {"main.tf"};
  BackendBlock block{"s3", {}, {"main.tf", 2, 3}};
  block.arguments["bucket"] = block.arguments["key"] = {std::string("state"), {"main.tf", 4, 5}};
  for (const auto& [name, value] : arguments) block.arguments[name] = {value, {"main.tf", 3, 5}};
  configuration.backend = block;
  return plan_audit(configuration, {});
}

TEST(S3CustomerKey, IsReadFromABackendBlock) {
  const auto has_key = [](const std::map<std::string, AttributeValue>& arguments) {
    return plan(arguments)->backend.as<S3Config>()->has_customer_key();
  };
  const AttributeValue key = std::string("abc");
  EXPECT_TRUE(has_key({{"encrypt", true}, {"sse_customer_key", key}}));
  EXPECT_TRUE(has_key({{"encrypt", true}, {"sse_customer_key", Unresolved{"var.key"}}}));
  EXPECT_FALSE(has_key({{"encrypt", true}, {"sse_customer_key", std::string()}}));
  EXPECT_FALSE(has_key({{"sse_customer_key", key}}));
  EXPECT_FALSE(has_key({{"encrypt", true}}));
}

TEST(S3CustomerKey, IsPartOfAnAuditsNamesAndAdvice) {
  const auto block =
      plan({{"use_lockfile", true}, {"encrypt", true}, {"sse_customer_key", std::string("abc")}});
  ASSERT_TRUE(block);
  for (const Scenario& scenario : block->configurations)
    EXPECT_EQ(fingerprint(scenario_of_audit_name(scenario.name).value()), fingerprint(scenario));
  const reports::AuditEvidence evidence{*block, {}, {}, {}};
  EXPECT_THAT(reports::advice_on_locking(evidence).at(0), HasSubstr("cannot read who holds the lock file"));
}

}  // namespace
}  // namespace lockstorm::scenarios
