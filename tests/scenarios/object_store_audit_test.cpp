// What audits make of azurerm, cos, gcs, inmem, oci and oss blocks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/azurerm.hpp"
#include "scenarios/backends/cos.hpp"
#include "scenarios/backends/gcs.hpp"
#include "scenarios/backends/inmem.hpp"
#include "scenarios/backends/oci.hpp"
#include "scenarios/backends/oss.hpp"
#include "scenarios/campaigns/audit.hpp"
#include "scenarios/files/audit_name.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::HasSubstr;

std::expected<AuditPlan, InputError> plan_of_block(const std::string& type,
                                                   const std::map<std::string, AttributeValue>& arguments) {
  TerraformConfiguration configuration;
  configuration.files = {"main.tf"};
  BackendBlock block{type, {}, {"main.tf", 2, 3}};
  for (const auto& [name, value] : arguments) block.arguments[name] = {value, {"main.tf", 3, 5}};
  configuration.backend = block;
  return plan_audit(configuration, {});
}

TEST(ObjectStoreAudit, ReadsAzurermSnapshots) {
  EXPECT_FALSE(plan_of_block("azurerm", {})->backend.as<AzurermConfig>()->snapshot);
  const auto with = plan_of_block("azurerm", {{"snapshot", true}, {"key", std::string("prod")}});
  EXPECT_TRUE(with->backend.as<AzurermConfig>()->snapshot);
  EXPECT_EQ(with->configurations.size(), 31U);
  for (const Scenario& scenario : with->configurations) {
    EXPECT_EQ(fingerprint(scenario_of_audit_name(scenario.name).value()), fingerprint(scenario));
  }
  EXPECT_FALSE(plan_of_block("azurerm", {{"snapshot", Unresolved{"var.s"}}}));
  EXPECT_EQ(plan_of_block("azurerm", {{"containr_name", true}}).error().hint,
            "did you mean 'container_name'?");
}

TEST(ObjectStoreAudit, NeverFencesGcs) {
  const auto block = plan_of_block("gcs", {{"bucket", std::string("b")}, {"prefix", std::string("p")}});
  ASSERT_TRUE(block);
  EXPECT_FALSE(block->backend.as<GcsConfig>()->fenced_put);
  EXPECT_FALSE(plan_of_block("gcs", {{"fenced_put", true}}));  // a dial of ours, no argument of theirs
}

TEST(ObjectStoreAudit, CosWarnsOfThreeJobs) {
  const auto block = plan_of_block("cos", {{"bucket", std::string("b")}, {"domain", std::string("d")}});
  ASSERT_TRUE(block);
  EXPECT_EQ(block->assumptions.size(), 3U);
  const reports::AuditEvidence evidence{*block, {}, {}, {}};
  EXPECT_THAT(reports::advice_on_locking(evidence).at(0), HasSubstr("cos/terraform/three-jobs"));
  EXPECT_EQ(plan_of_block("cos", {{"buckt", true}}).error().hint, "did you mean 'bucket'?");
}

TEST(ObjectStoreAudit, ReadsOssTables) {
  const auto table_of = [](const AttributeValue& table) {
    return plan_of_block("oss", {{"tablestore_table", table}})->backend.as<OssConfig>()->tablestore_table;
  };
  EXPECT_FALSE(
      plan_of_block("oss", {{"bucket", std::string("b")}})->backend.as<OssConfig>()->tablestore_table);
  EXPECT_THAT(plan_of_block("oss", {}).error().problem, HasSubstr("the block has no bucket"));
  EXPECT_THAT(plan_of_block("oss", {{"tablestore_table", Unresolved{"var.table"}}}).error().problem,
              HasSubstr("is not known without running the tool"));
  EXPECT_FALSE(table_of(std::string()));
  EXPECT_TRUE(table_of(std::string("locks")));
  EXPECT_TRUE(table_of(Unresolved{"\"locks-${var.stage}\""}));
  EXPECT_TRUE(table_of(Unresolved{"\"${var.stage ~} locks\""}));
  const auto with = plan_of_block("oss", {{"tablestore_table", std::string("locks")}});
  EXPECT_THAT(with->assumptions.at(0), HasSubstr("ALICLOUD_TABLESTORE_ENDPOINT"));
  for (const Scenario& scenario : with->configurations)
    EXPECT_EQ(fingerprint(scenario_of_audit_name(scenario.name).value()), fingerprint(scenario));
}

TEST(ObjectStoreAudit, OciIsTerraformsAlone) {
  const auto block = plan_of_block("oci", {{"bucket", std::string("b")}, {"namespace", std::string("n")}});
  ASSERT_TRUE(block);
  EXPECT_FALSE(block->backend.as<OciConfig>()->fenced_put);
  TerraformConfiguration configuration;
  configuration.files = {"main.tofu"};
  configuration.backend = BackendBlock{"oci", {}, {"main.tofu", 2, 3}};
  AuditOptions options;
  options.tool = models::Dialect::opentofu;
  EXPECT_FALSE(plan_audit(configuration, options));
}

TEST(ObjectStoreAudit, InmemMeetsNoNetwork) {
  const auto block = plan_of_block("inmem", {{"lock_id", std::string("x")}});
  ASSERT_TRUE(block);
  EXPECT_TRUE(block->backend.as<InmemConfig>()->lock_id);
  for (const Scenario& scenario : block->configurations)
    EXPECT_EQ(scenario.faults[sim::Fault::lose_response], 0);
}

}  // namespace
}  // namespace lockstorm::scenarios
