// What must be true of every backend type on the list, and what a type's tools and settings mean.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "scenarios/backends/local.hpp"
#include "scenarios/backends/s3.hpp"
#include "scenarios/campaigns/matrix.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/files/audit_name.hpp"
#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/search/verify.hpp"
#include "scenarios/world/world.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::HasSubstr;

Scenario with_defaults(const BackendType& type) {
  Scenario scenario;
  scenario.backend = AnyBackend(type.defaults());
  const bool only_opentofu = !type.terraform.exists;
  scenario.client.tool = only_opentofu ? models::Dialect::opentofu : models::Dialect::terraform;
  return scenario;
}

TEST(BackendTypes, AreCompleteAndDistinct) {
  std::set<std::string_view> names;
  std::set<std::string> texts;
  for (const BackendType* type : backend_types()) {
    SCOPED_TRACE(type->name);
    const Scenario scenario = with_defaults(*type);
    EXPECT_TRUE(names.insert(type->name).second);
    EXPECT_TRUE(texts.insert(scenario.backend->canonical_text()).second);
    EXPECT_EQ(backend_type_named(type->name), type);
    EXPECT_EQ(&scenario.backend->type(), type);
    EXPECT_TRUE(type->terraform.exists || type->opentofu.exists);
    EXPECT_FALSE(type->summary.empty() || scenario.backend->summary().empty());
    if (objection_to(scenario)) continue;
    const std::unique_ptr<World> world = build_world(scenario);
    EXPECT_NE(world->backend, nullptr);
    EXPECT_FALSE(world->spec.services.empty());
  }
}

// Monitors see flags change: a job whose backend asks for nothing before the lock must not begin where they
// watch.
TEST(BackendTypes, ExcludeNobodyWithoutALock) {
  for (const BackendType* type : backend_types()) {
    for (const models::Dialect tool : {models::Dialect::terraform, models::Dialect::opentofu}) {
      if (!type->available(tool)) continue;
      Scenario scenario = with_defaults(*type);
      if (!scenario.backend->traits().runs_commands) continue;
      scenario.client.tool = tool;
      scenario.client.count = 2;
      scenario.client.lock = false;
      if (objection_to(scenario)) continue;
      const VerifyResult result = verify(scenario, {});
      EXPECT_EQ(result.properties.at(checkers::Property::mutual_exclusion), Verdict::violated) << type->name;
    }
  }
}

TEST(BackendTypes, ExcludeNobodyWhereTheBlockConfiguresNoLock) {
  for (const MatrixRow& row : plan_matrix({})) {
    const Scenario& first = row.configurations.front();
    if (first.backend->traits().has_lock) continue;
    const VerifyResult result = verify(first, {});
    EXPECT_EQ(result.properties.at(checkers::Property::mutual_exclusion), Verdict::violated) << first.name;
  }
}

TEST(BackendTypes, ReadTheirNamesAndRefuseUnknownKeys) {
  for (const BackendType* type : backend_types()) {
    SCOPED_TRACE(type->name);
    const std::string tool = type->terraform.exists ? "terraform" : "opentofu";
    const auto read = [&](const std::string& rest) {
      return parse_scenario(
          "backend: {type: " + std::string(type->name) + rest + "}\nclient: {tool: " + tool + "}\n", "s.yaml",
          "s");
    };
    const auto unknown = read(", no_such_key: 1");
    ASSERT_FALSE(unknown);
    EXPECT_THAT(unknown.error().problem, HasSubstr("unknown key 'no_such_key'"));
    const auto plain = read("");
    if (!plain) continue;  // its defaults do not do alone: arguments are required, or clocks
    EXPECT_EQ(&plain->backend->type(), type);
  }
}

TEST(BackendTypes, OfTheToolsHaveAuditNames) {
  for (const BackendType* type : backend_types()) {
    SCOPED_TRACE(type->name);
    if (type->arguments.empty()) continue;
    Scenario scenario = with_defaults(*type);
    if (objection_to(scenario)) continue;
    scenario.backend->prepare_audit(scenario);
    const auto back = scenario_of_audit_name(audit_name(scenario));
    ASSERT_TRUE(back) << audit_name(scenario);
    EXPECT_EQ(fingerprint(*back), fingerprint(scenario));
  }
}

// Replay strings carry the fingerprint: these may never change.
TEST(BackendTypes, KeepTheirFingerprints) {
  const auto fingerprint_of = [](const std::string& yaml) {
    return fingerprint(parse_scenario(yaml, "s.yaml", "s").value());
  };
  EXPECT_EQ(fingerprint_of("backend: {type: s3, use_lockfile: true}\nfaults: {lose_response: 1}\n"),
            0x79af20e9U);
  EXPECT_EQ(fingerprint_of(
                "backend: {type: s3, dynamodb_table: t}\nstore: {strong_reads: false}\nfaults: {crash: 1}\n"),
            0x6dfd1ba8U);
  EXPECT_EQ(fingerprint_of("backend: {type: local}\nfaults: {crash: 1}\n"), 0x4f41fd3U);
  EXPECT_EQ(fingerprint_of("backend: {type: lock-table, stale_lock: true}\nfaults: {lose_response: 1}\n"),
            0xdd1c3ec4U);
}

TEST(AnyBackend, IsAValue) {
  S3Config config;
  config.use_lockfile = true;
  const AnyBackend before = config;
  AnyBackend after = before;
  after.edit<S3Config>().use_lockfile = false;
  EXPECT_TRUE(before->traits().has_lock);
  EXPECT_FALSE(after->traits().has_lock);
  EXPECT_EQ(after.as<LocalConfig>(), nullptr);
  EXPECT_THROW(after.edit<LocalConfig>(), std::bad_cast);
}

TEST(Store, PromisesBelongToBackendsThatHaveThem) {
  const auto scenario =
      parse_scenario("backend: {type: local}\nstore: {strong_reads: false}\n", "s.yaml", "s");
  ASSERT_FALSE(scenario);
  EXPECT_THAT(scenario.error().render(), HasSubstr("s.yaml:2:8"));
  EXPECT_THAT(scenario.error().problem, HasSubstr("no store whose promises"));
}

TEST(Availability, IsSaidOnlyWhereItIsLimited) {
  BackendType type;
  EXPECT_EQ(availability_text(type), "");
  type.opentofu.exists = false;
  EXPECT_EQ(availability_text(type), "Terraform, not OpenTofu");
  type.terraform.since = "1.12";
  EXPECT_EQ(availability_text(type), "Terraform from 1.12, not OpenTofu");
}

// A backend that one tool lacks, with nothing else to it.
struct TerraformOnly final : BackendConfig {
  [[nodiscard]] const BackendType& type() const override {
    static constexpr BackendType kType{.name = "only", .summary = "", .opentofu = {.exists = false}};
    return kType;
  }
  void read_yaml(YamlReader& /*reader*/, const YAML::Node& /*section*/) override {}
  [[nodiscard]] std::string summary() const override { return "only"; }
  [[nodiscard]] std::string canonical_text() const override { return "only|"; }
  void build(const Scenario& /*scenario*/, World& /*world*/, WorldParts& /*parts*/) const override {}
};

TEST(Availability, TheOtherToolIsRefused) {
  Scenario scenario;
  scenario.backend = TerraformOnly();
  EXPECT_FALSE(objection_to(scenario));
  scenario.client.tool = models::Dialect::opentofu;
  ASSERT_TRUE(objection_to(scenario));
  EXPECT_EQ(objection_to(scenario)->problem, "OpenTofu has no backend 'only'");
}

}  // namespace
}  // namespace lockstorm::scenarios
