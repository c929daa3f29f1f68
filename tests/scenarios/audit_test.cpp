// From backend blocks to configurations and advice.
#include "scenarios/campaigns/audit.hpp"
#include "reports/advice/backend_advice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/backends/local.hpp"
#include "scenarios/backends/s3.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/search/verify.hpp"
#include "tests/printers.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::Contains;
using testing::HasSubstr;

TerraformConfiguration s3(std::map<std::string, AttributeValue> arguments) {
  TerraformConfiguration configuration;
  configuration.files = {"main.tf"};
  BackendBlock block{"s3", {}, {"main.tf", 2, 3}};
  for (const char* const name : {"bucket", "key"}) block.arguments[name] = {std::string("x"), {}};
  for (auto& [name, value] : arguments) block.arguments[name] = {value, {"main.tf", 3, 5}};
  configuration.backend = block;
  return configuration;
}

TEST(AuditPlan, ReadsTheFourModesOfLocking) {
  const auto mode = [](std::map<std::string, AttributeValue> arguments) {
    return *plan_audit(s3(std::move(arguments)), {})->backend.as<S3Config>();
  };
  EXPECT_FALSE(mode({}).use_lockfile || mode({}).dynamodb_table);
  EXPECT_TRUE(mode({{"use_lockfile", true}}).use_lockfile);
  EXPECT_TRUE(mode({{"use_lockfile", std::string("true")}}).use_lockfile);
  EXPECT_FALSE(mode({{"use_lockfile", false}}).use_lockfile);
  EXPECT_TRUE(mode({{"dynamodb_table", std::string("locks")}}).dynamodb_table);
  EXPECT_FALSE(mode({{"dynamodb_table", std::string()}}).dynamodb_table);
  EXPECT_EQ(mode({{"max_retries", 3.0}}).max_retries, 3);
}

// As go-cty converts a text to a flag; it converts no number.
TEST(AuditPlan, ReadsFlagsAsTheToolsConvertTexts) {
  const auto plan_for = [](const AttributeValue& value) {
    return plan_audit(s3({{"use_lockfile", value}}), {});
  };
  EXPECT_TRUE(plan_for(std::string("1"))->backend.as<S3Config>()->use_lockfile);
  EXPECT_FALSE(plan_for(std::string("0"))->backend.as<S3Config>()->use_lockfile);
  for (const AttributeValue& value : {AttributeValue("True"), AttributeValue("yes"), AttributeValue(""),
                                      AttributeValue("01"), AttributeValue(1.0)}) {
    ASSERT_FALSE(plan_for(value));
    EXPECT_EQ(plan_for(value).error().problem, "inappropriate value for use_lockfile: a bool is required");
  }
}

TEST(AuditPlan, SendsToTheToolThatHasABackendOrAnArgument) {
  const auto error_for = [](BackendBlock block, models::Dialect tool) {
    TerraformConfiguration configuration;
    block.where = {"main.tf", 2, 3};
    configuration.backend = std::move(block);
    AuditOptions options;
    options.tool = tool;
    const auto plan = plan_audit(configuration, options);
    return plan ? "no error" : plan.error().render();
  };
  EXPECT_EQ(error_for({"oci", {}, {}}, models::Dialect::opentofu),
            "main.tf:2:3: error: OpenTofu has no backend 'oci'\n  expected: --tool terraform");
  for (const auto& [type, name] : {std::pair("pg", "table_name"), std::pair("gcs", "universe_domain")}) {
    const BackendBlock block{type, {{name, {std::string("x"), {"main.tf", 3, 5}}}}, {}};
    EXPECT_EQ(error_for(block, models::Dialect::opentofu), "no error");
    const std::string error = error_for(block, models::Dialect::terraform);
    EXPECT_THAT(error, HasSubstr(std::string("main.tf:3:5: error: Terraform's ") + type +
                                 " backend has no argument '" + name + "'"));
    EXPECT_THAT(error, HasSubstr("hint: OpenTofu has it: --tool opentofu"));
  }
}

TEST(AuditPlan, SaysWhatItTakesForGranted) {
  const auto plan = plan_audit(s3({{"dynamodb_table", Unresolved{R"("${var.stage}-locks")"}},
                                   {"endpoint", std::string("https://minio")}}),
                               {});
  ASSERT_TRUE(plan);
  EXPECT_TRUE(plan->backend.as<S3Config>()->dynamodb_table);
  EXPECT_THAT(plan->assumptions,
              Contains("dynamodb_table is a table's name that only a run of the tool completes: it is set"));
  EXPECT_THAT(plan->assumptions, Contains(HasSubstr("strong reads")));
}

TEST(AuditPlan, SaysWhenANumberIsCutOff) {
  const auto plan = plan_audit(s3({{"use_lockfile", true}, {"max_retries", 50.0}}), {});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->backend.as<S3Config>()->max_retries, 10);
  EXPECT_THAT(plan->assumptions, Contains(HasSubstr("max_retries = 50 is taken as 10")));
}

// Anything but text beside an interpolation may come to null or to nothing.
TEST(AuditPlan, AsksForATableThatMayBeNone) {
  for (const char* const expression :
       {"var.table", R"(var.on ? "t" : null)", R"("${var.table}")", R"("%{if var.on}t%{endif}")",
        R"("${var.table ~} ")", R"("  ${~ var.table ~}\t ${var.b}")"}) {
    const TerraformConfiguration configuration = s3({{"dynamodb_table", Unresolved{expression}}});
    const auto plan = plan_audit(configuration, {});
    ASSERT_FALSE(plan) << expression;
    EXPECT_THAT(plan.error().render(), HasSubstr("main.tf:3:5: error: dynamodb_table ")) << expression;
    EXPECT_THAT(plan.error().hint, HasSubstr("--set dynamodb_table="));
    AuditOptions options;
    options.settings["dynamodb_table"] = "locks";
    ASSERT_TRUE(plan_audit(configuration, options));
    EXPECT_TRUE(plan_audit(configuration, options)->backend.as<S3Config>()->dynamodb_table);
    options.settings["dynamodb_table"] = "";
    EXPECT_FALSE(plan_audit(configuration, options)->backend.as<S3Config>()->dynamodb_table);
  }
  EXPECT_EQ(plan_audit(s3({{"dynamodb_table", Unresolved{R"(["a"])"}}}), {}).error().problem,
            "dynamodb_table is not a text");
}

TEST(AuditPlan, AsksWhatAPartialConfigurationLeavesOpen) {
  for (const char* const missing : {"bucket", "key"}) {
    TerraformConfiguration configuration = s3({});
    configuration.backend->arguments.erase(missing);
    const auto plan = plan_audit(configuration, {});
    ASSERT_FALSE(plan) << missing;
    EXPECT_THAT(plan.error().render(),
                HasSubstr("main.tf:2:3: error: the block has no " + std::string(missing)));
    EXPECT_THAT(plan.error().hint, HasSubstr("--set use_lockfile=true"));
    AuditOptions options;
    options.settings["use_lockfile"] = "false";
    const auto told = plan_audit(configuration, options);
    ASSERT_TRUE(told);
    EXPECT_FALSE(told->backend.as<S3Config>()->traits().has_lock);
    EXPECT_THAT(told->assumptions, Contains(HasSubstr("-backend-config sets no more of a lock")));
    AuditOptions completed;
    completed.settings[missing] = "x";
    EXPECT_TRUE(plan_audit(configuration, completed)) << "then nothing is left for -backend-config";
  }
}

TEST(AuditPlan, AsksRatherThanGuesses) {
  const TerraformConfiguration configuration = s3({{"use_lockfile", Unresolved{"var.lock"}}});
  const auto plan = plan_audit(configuration, {});
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error().render(), HasSubstr("main.tf:3:5"));
  EXPECT_THAT(plan.error().hint, HasSubstr("--set use_lockfile=true"));
  AuditOptions options;
  options.settings["use_lockfile"] = "true";
  ASSERT_TRUE(plan_audit(configuration, options));
  EXPECT_TRUE(plan_audit(configuration, options)->backend.as<S3Config>()->use_lockfile);
}

TEST(AuditPlan, RefusesUnknownArgumentsAndTypes) {
  EXPECT_EQ(plan_audit(s3({{"use_lokfile", true}}), {}).error().hint, "did you mean 'use_lockfile'?");
  TerraformConfiguration configuration = s3({});
  configuration.backend->type = "etcdv3";
  EXPECT_THAT(plan_audit(configuration, {}).error().problem, HasSubstr("not modelled yet"));
  configuration.backend->type = "azurem";
  EXPECT_EQ(plan_audit(configuration, {}).error().hint, "did you mean 'azurerm'?");
}

TEST(AuditPlan, TheCloudBlockIsABackendOfItsOwn) {
  TerraformConfiguration configuration;
  configuration.cloud = BackendBlock{
      "cloud",
      {{"organization", {std::string("acme"), {}}}, {"workspaces", {Unresolved{"workspaces {}"}, {}}}},
      {"main.tf", 9, 1}};
  const auto plan = plan_audit(configuration, {});
  ASSERT_TRUE(plan) << plan.error().render();
  EXPECT_EQ(plan->backend->type().name, "cloud");
  EXPECT_EQ(plan->where.line, 9U);
  EXPECT_THAT(plan->assumptions, Contains(HasSubstr("execution mode is local")));
  AuditOptions options;
  options.store = {{"execution_mode", "local"}};
  EXPECT_THAT(plan_audit(configuration, options)->assumptions,
              testing::Not(Contains(HasSubstr("execution mode"))));
  options.store = {{"execution_mode", "remote"}};
  EXPECT_THAT(plan_audit(configuration, options)->not_applicable,
              HasSubstr("one plan or apply after the other"));
  EXPECT_THAT(plan_audit(configuration, options)->configurations, testing::IsEmpty());
  options.store = {{"execution_mode", "both"}};
  EXPECT_EQ(plan_audit(configuration, options).error().expected, "local, remote or agent");
  configuration.cloud->arguments.emplace("organisation", Attribute{std::string("acme"), {}});
  EXPECT_EQ(plan_audit(configuration, {}).error().hint, "did you mean 'organization'?");
}

TEST(AuditPlan, TheCloudBlockIsNoBackendType) {
  TerraformConfiguration configuration = s3({});
  configuration.backend->type = "cloud";
  EXPECT_EQ(plan_audit(configuration, {}).error().render(),
            "main.tf:2:3: error: 'cloud' is no backend type\n"
            "  expected: a 'cloud' block in the place of the backend block\n"
            "  hint: write 'cloud {' instead of 'backend \"cloud\" {'");
  configuration.backend->type = "clod";
  EXPECT_THAT(plan_audit(configuration, {}).error().expected, testing::Not(HasSubstr("cloud")));
}

// Whether its provider locks the block does not say; its arguments are the provider's.
TEST(AuditPlan, AStateStoreIsAnsweredBothWays) {
  TerraformConfiguration configuration;
  configuration.state_store =
      BackendBlock{"foo", {{"path", {std::string("x"), {"main.tf", 3, 5}}}}, {"main.tf", 2, 3}};
  const auto plans = plan_audits(configuration, {});
  ASSERT_TRUE(plans) << plans.error().render();
  ASSERT_EQ(plans->size(), 2U);
  EXPECT_EQ(plans->front().premise, "the provider locks");
  EXPECT_TRUE(plans->front().backend->traits().has_lock);
  EXPECT_EQ(plans->back().premise, "the provider takes no lock");
  EXPECT_FALSE(plans->back().backend->traits().has_lock);
  EXPECT_EQ(plans->front().where.line, 2U);
  AuditOptions options;
  options.store = {{"locks", "true"}};
  EXPECT_EQ(plan_audits(configuration, options)->size(), 1U);
  // How a provider locks is nothing against one that does not lock.
  for (const char* key : {"atomic_lock", "compares_id", "atomic_unlock"}) {
    options.store = {{key, "false"}};
    const auto both = plan_audits(configuration, options);
    ASSERT_TRUE(both) << both.error().render();
    EXPECT_EQ(both->size(), 2U) << key;
  }
  options.tool = models::Dialect::opentofu;
  EXPECT_THAT(plan_audits(configuration, options).error().render(), HasSubstr("OpenTofu"));
}

TEST(AuditPlan, AStateStoreHasABlockOfItsOwn) {
  TerraformConfiguration configuration;
  configuration.backend = BackendBlock{"state_store", {}, {"main.tf", 2, 3}};
  EXPECT_THAT(plan_audits(configuration, {}).error().render(),
              HasSubstr("main.tf:2:3: error: 'state_store' is no backend type"));
}

TEST(AuditPlan, NoBackendIsALocalState) {
  const auto plan = plan_audit({}, {});
  ASSERT_TRUE(plan);
  EXPECT_NE(plan->backend.as<LocalConfig>(), nullptr);
  for (const Scenario& scenario : plan->configurations) EXPECT_EQ(scenario.force_unlock.force_unlock, 0);
}

TEST(AuditPlan, ToolFollowsTheFilesUnlessSaid) {
  TerraformConfiguration configuration = s3({});
  EXPECT_EQ(plan_audit(configuration, {})->tool, models::Dialect::terraform);
  configuration.files.emplace_back("main.tofu");
  EXPECT_EQ(plan_audit(configuration, {})->tool, models::Dialect::opentofu);
  AuditOptions options;
  options.tool = models::Dialect::terraform;
  EXPECT_EQ(plan_audit(configuration, options)->tool, models::Dialect::terraform);
}

TEST(AuditPlan, GoesFromFewFaultsToMany) {
  const auto plan = plan_audit(s3({{"use_lockfile", true}}), {});
  unsigned before = 0;
  for (const Scenario& scenario : plan->configurations) {
    const unsigned events = scenario.faults.total() + scenario.force_unlock.force_unlock;
    EXPECT_GE(events, before);
    before = events;
  }
  EXPECT_EQ(before, 3U);
}

TEST(AuditPlan, LeavesOutWhatIsNotExpected) {
  AuditOptions options;
  options.faults = parse_adversities("none,crash").value();
  const auto plan = plan_audit(s3({}), options);
  ASSERT_EQ(plan->configurations.size(), 4U);
  EXPECT_EQ(plan->configurations[0].faults.total(), 0U);
  EXPECT_EQ(plan->configurations[2].faults[sim::Fault::crash], 1);
  EXPECT_EQ(plan->configurations[2].initial, InitialState::existing);
  EXPECT_EQ(plan->configurations[3].faults[sim::Fault::crash], 1);
  EXPECT_EQ(plan->configurations[3].initial, InitialState::empty);
  EXPECT_FALSE(parse_adversities("crash,flood"));
}

TEST(AuditPlan, RefusesFaultsThatTestNothing) {
  EXPECT_THAT(parse_adversities("").error(), HasSubstr("no kind of fault is named"));
  EXPECT_EQ(parse_adversities("none").value(), 0);
  EXPECT_TRUE(parse_adversities("pause,operator"));
  // A job that has ended by itself is gone, too.
  EXPECT_EQ(parse_adversities("none,operator").value(), adversity_bit(Adversity::human));
}

VerifyResult result_with(std::map<checkers::Property, Verdict> properties, Verdict verdict) {
  VerifyResult result;
  result.properties = std::move(properties);
  result.verdict = verdict;
  return result;
}

TEST(AuditFindings, PointToTheFirstViolation) {
  constexpr auto kProperty = checkers::Property::no_lost_update;
  const std::vector<VerifyResult> results{result_with({{kProperty, Verdict::held}}, Verdict::held),
                                          result_with({{kProperty, Verdict::violated}}, Verdict::violated),
                                          result_with({}, Verdict::held)};
  const std::vector<AuditFinding> findings = conclude_audit(results);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].verdict, Verdict::violated);
  EXPECT_EQ(findings[0].configuration, 1U);
  EXPECT_EQ(audit_verdict(results), Verdict::violated);
}

TEST(AuditFindings, AFaultThatCannotHappenIsNoProofAndNoFailure) {
  constexpr auto kProperty = checkers::Property::no_lost_update;
  const std::vector<VerifyResult> results{result_with({{kProperty, Verdict::held}}, Verdict::held),
                                          result_with({{kProperty, Verdict::held}}, Verdict::invalid)};
  EXPECT_EQ(conclude_audit(results)[0].held_in, std::vector<std::size_t>{0});
  EXPECT_EQ(audit_verdict(results), Verdict::held);
}

TEST(AuditAdvice, StartsWithTheMissingLock) {
  const TerraformConfiguration configuration = s3({});
  const auto plan = plan_audit(configuration, {});
  const auto advice = reports::audit_advice({*plan, configuration, {}, {}});
  ASSERT_FALSE(advice.empty());
  EXPECT_THAT(advice.front(), HasSubstr("use_lockfile = true"));
}

TEST(AuditAdvice, NamesVersionsThatDoNotKnowTheLock) {
  TerraformConfiguration configuration = s3({{"use_lockfile", true}});
  const auto advice_for = [&](const std::string& constraint) {
    configuration.required_versions = {{constraint, {"versions.tf", 4, 3}}};
    const auto plan = plan_audit(configuration, {});
    return reports::audit_advice({*plan, configuration, {}, {}});
  };
  EXPECT_THAT(advice_for(">= 1.5.0"), Contains(HasSubstr("versions.tf:4")));
  EXPECT_THAT(advice_for(">= 1.10"), testing::Not(Contains(HasSubstr("versions.tf:4"))));
  EXPECT_THAT(advice_for("foo"), Contains(HasSubstr("is no constraint on versions")));
  for (const char* constraint : {"~> 1.9.2", "1.9.0"}) {
    configuration.required_versions = {{constraint, {"versions.tf", 4, 3}}};
    const auto plan = plan_audit(configuration, {});
    ASSERT_FALSE(plan) << constraint;
    EXPECT_THAT(plan.error().problem, HasSubstr("(versions.tf:4) refuses the block: before 1.10"));
  }
}

// A version has to meet all constraints.
TEST(AuditAdvice, TakesConstraintsTogether) {
  TerraformConfiguration configuration = s3({{"use_lockfile", true}});
  configuration.required_versions = {{">= 1.5", {"a.tf", 1, 1}}, {">= 1.10", {"b.tf", 1, 1}}};
  const auto plan = plan_audit(configuration, {});
  EXPECT_THAT(reports::audit_advice({*plan, configuration, {}, {}}),
              testing::Not(Contains(HasSubstr("a.tf:1"))));
}

TEST(AuditAdvice, DoesNotSendToASettingThatTheVersionsDoNotKnow) {
  TerraformConfiguration configuration = s3({{"dynamodb_table", std::string("locks")}});
  const auto advice_for = [&](const std::string& constraint) {
    configuration.required_versions = {{constraint, {"versions.tf", 4, 3}}};
    const auto plan = plan_audit(configuration, {});
    return reports::audit_advice({*plan, configuration, {}, {}});
  };
  EXPECT_THAT(advice_for("~> 1.5.0").front(),
              HasSubstr("First of all raise `required_version = \"~> 1.5.0\"`"));
  EXPECT_THAT(advice_for(">= 1.5.0").front(), testing::Not(HasSubstr("First of all")));
}

// The advice for an audit that expects these troubles, all of it.
std::string advice_with(std::map<std::string, AttributeValue> arguments, Adversities faults,
                        std::chrono::milliseconds lock_timeout = {}) {
  const TerraformConfiguration configuration = s3(std::move(arguments));
  AuditOptions options;
  options.faults = faults;
  options.lock_timeout = lock_timeout;
  const auto plan = plan_audit(configuration, options);
  std::vector<VerifyResult> results;
  for (const Scenario& scenario : plan->configurations) results.push_back(verify(scenario, {}));
  const auto findings = conclude_audit(results);
  std::string all;
  for (const std::string& advice : reports::audit_advice({*plan, configuration, findings, results}))
    all += advice + "\n";
  return all;
}

TEST(AuditAdvice, FitsTheTroublesThatAreExpected) {
  const std::map<std::string, AttributeValue> table{{"dynamodb_table", std::string("locks")}};
  const auto set = [](auto... each) { return static_cast<Adversities>((adversity_bit(each) | ...)); };
  EXPECT_THAT(advice_with(table, set(Adversity::crash)),
              HasSubstr("A job that dies between writing the state"));
  EXPECT_THAT(advice_with(table, set(Adversity::pause, Adversity::human)),
              testing::Not(HasSubstr("A job that dies")));
  EXPECT_THAT(advice_with({}, set(Adversity::none)),
              testing::AllOf(testing::Not(HasSubstr("killed")), HasSubstr("Look for resources")));
  const std::string waiting =
      advice_with({{"use_lockfile", true}}, set(Adversity::none), std::chrono::minutes(5));
  EXPECT_THAT(waiting, HasSubstr("Let CI repeat a job"));
  EXPECT_THAT(waiting, testing::Not(HasSubstr("lost reply")));
}

}  // namespace
}  // namespace lockstorm::scenarios
