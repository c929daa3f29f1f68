// A probe of a modelled store finds out what that store promises, and leaves nothing behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/wire/probe/served_model.hpp"
#include "wire/probe/azure_blob_probe.hpp"
#include "wire/probe/consul_probe.hpp"
#include "wire/probe/dynamodb_probe.hpp"
#include "wire/probe/gcs_probe.hpp"
#include "wire/probe/kubernetes_probe.hpp"
#include "wire/probe/s3_probe.hpp"
#include "wire/services/azure_blob_server.hpp"
#include "wire/services/consul_server.hpp"
#include "wire/services/dynamodb_server.hpp"
#include "wire/services/gcs_server.hpp"
#include "wire/services/kubernetes_server.hpp"
#include "wire/services/s3_server.hpp"

namespace lockstorm::wire::probe {
namespace {

using models::S3Promises;
using testing::HasSubstr;

std::string setting(const Findings& findings, std::string_view key) {
  for (const StoreSetting& one : findings.store) {
    if (one.key == key) return one.value;
  }
  return "";
}

std::expected<Findings, std::string> probed(const ServedModel& served,
                                            const std::string& bucket = "/states") {
  return probe_s3({served.reach(), bucket});
}

bool holds_nothing(const ModelServer& server) {
  const auto held = server.holds();
  for (const auto& [name, place] : held.items()) {
    if (!place.empty()) return false;
  }
  return true;
}

// For every store that a scenario can say.
RC_GTEST_PROP(S3Probe, FindsEveryPromiseOutAndCleansUp, ()) {
  S3Promises promises;
  promises.honours_if_none_match = *rc::gen::arbitrary<bool>();
  promises.honours_if_match = *rc::gen::arbitrary<bool>();
  promises.versioning = static_cast<models::Versioning>(*rc::gen::inRange(0, 3));
  promises.versioned_conditional_puts = *rc::gen::arbitrary<bool>();
  promises.suspended_conditional_puts = *rc::gen::arbitrary<bool>();
  promises.missing_key_if_match_is_412 = *rc::gen::arbitrary<bool>();
  promises.if_match_recognises_etags = *rc::gen::arbitrary<bool>();
  promises.honours_delete_if_match = *rc::gen::arbitrary<bool>();
  promises.missing_key_is_403 = *rc::gen::arbitrary<bool>();
  S3Server model(promises);
  const ServedModel served(model);
  const auto findings = probed(served);
  RC_ASSERT(findings.has_value());
  const bool is_versioned = promises.versioning == models::Versioning::enabled;
  const bool creates_once =
      promises.honours_if_none_match && (!is_versioned || promises.versioned_conditional_puts);
  RC_ASSERT(*kept(*findings, "If-None-Match: * is refused") == creates_once);
  RC_ASSERT(*kept(*findings, "who ask at once") == creates_once);
  if (is_versioned) {
    RC_ASSERT(setting(*findings, "versioned_conditional_puts") == (creates_once ? "true" : "false"));
  } else {
    RC_ASSERT(setting(*findings, "honours_if_none_match") == (creates_once ? "true" : "false"));
  }
  if (promises.versioning == models::Versioning::suspended && creates_once)
    RC_ASSERT(setting(*findings, "suspended_conditional_puts") ==
              (promises.suspended_conditional_puts ? "true" : "false"));
  RC_ASSERT(setting(*findings, "honours_if_match") == (promises.honours_if_match ? "true" : "false"));
  if (promises.honours_if_match)
    RC_ASSERT(*kept(*findings, "of the version that is there") == promises.if_match_recognises_etags);
  RC_ASSERT(*kept(*findings, "delete with If-Match") == promises.honours_delete_if_match);
  RC_ASSERT(setting(*findings, "missing_key_is_403") == (promises.missing_key_is_403 ? "true" : "false"));
  RC_ASSERT(setting(*findings, "strong_reads") == "true");
  RC_ASSERT(holds_nothing(model));
}

TEST(S3Probe, SaysThatAStoreKnowsNoConditions) {
  S3Server model({});
  const ServedModel served(model, [](const HttpRequest& request) -> std::optional<HttpAnswer> {
    if (!request.headers.contains("if-none-match")) return std::nullopt;
    return HttpAnswer{501, {}, "<Error><Code>NotImplemented</Code></Error>"};
  });
  const auto findings = probed(served);
  ASSERT_TRUE(findings.has_value()) << findings.error();
  EXPECT_EQ(kept(*findings, "where there is none"), false);
  EXPECT_EQ(setting(*findings, "honours_if_none_match"), "");
  EXPECT_THAT(findings->promises[2].seen, HasSubstr("501 NotImplemented"));
  EXPECT_TRUE(holds_nothing(model));
}

TEST(S3Probe, SeesAMissingRightToDelete) {
  S3Server model({});
  const ServedModel served(model, [](const HttpRequest& request) -> std::optional<HttpAnswer> {
    if (request.method != "DELETE") return std::nullopt;
    return HttpAnswer{403, {}, "<Error><Code>AccessDenied</Code></Error>"};
  });
  const auto findings = probed(served);
  ASSERT_TRUE(findings.has_value()) << findings.error();
  EXPECT_EQ(kept(*findings, "may delete"), false);
  EXPECT_THAT(findings->left_behind, testing::Contains(HasSubstr("lockstorm-probe-1/plain")));
}

TEST(S3Probe, SeesReadsThatAreOld) {
  S3Server model({});
  std::string old = "old";
  const ServedModel served(model, [&](const HttpRequest& request) -> std::optional<HttpAnswer> {
    if (request.method != "GET" || !request.target.ends_with("/read")) return std::nullopt;
    return HttpAnswer{200, {}, old};
  });
  const auto findings = probed(served);
  ASSERT_TRUE(findings.has_value()) << findings.error();
  EXPECT_EQ(setting(*findings, "strong_reads"), "false");
}

TEST(S3Probe, SaysWhyNothingIsFoundOut) {
  S3Server model({});
  const ServedModel served(model, [](const HttpRequest&) -> std::optional<HttpAnswer> {
    return HttpAnswer{404, {}, "<Error><Code>NoSuchBucket</Code></Error>"};
  });
  const auto findings = probed(served);
  ASSERT_FALSE(findings.has_value());
  EXPECT_EQ(findings.error(), "There is no such bucket.");
}

TEST(DynamoDbProbe, FindsThatTheTableKeepsAll) {
  DynamoDbServer model;
  const ServedModel served(model);
  const auto findings = probe_dynamodb({served.reach(), "locks"});
  ASSERT_TRUE(findings.has_value()) << findings.error();
  EXPECT_TRUE(std::ranges::all_of(findings->promises, &Promise::is_kept));
  EXPECT_EQ(findings->promises.size(), 8U);
  EXPECT_TRUE(holds_nothing(model));
}

TEST(DynamoDbProbe, SeesConditionsThatAreIgnored) {
  DynamoDbServer model;
  const ServedModel served(model, [&](const HttpRequest& request) -> std::optional<HttpAnswer> {
    auto body = nlohmann::json::parse(request.body, nullptr, false);
    if (!body.is_object() || body.erase("ConditionExpression") == 0) return std::nullopt;
    HttpRequest unconditional = request;
    unconditional.body = body.dump();
    return model.handle(unconditional);
  });
  const auto findings = probe_dynamodb({served.reach(), "locks"});
  ASSERT_TRUE(findings.has_value()) << findings.error();
  EXPECT_EQ(kept(*findings, "a conditional put is refused"), false);
  EXPECT_EQ(kept(*findings, "who ask at once"), false);
  EXPECT_TRUE(holds_nothing(model));
}

TEST(GcsProbe, FindsThatTheBucketKeepsAll) {
  GcsServer model;
  const ServedModel served(model);
  const auto findings = probe_gcs({served.reach(), "states"});
  ASSERT_TRUE(findings.has_value()) << findings.error();
  EXPECT_TRUE(std::ranges::all_of(findings->promises, &Promise::is_kept));
  EXPECT_TRUE(holds_nothing(model));
  EXPECT_TRUE(findings->left_behind.empty());
}

TEST(GcsProbe, SeesConditionsThatAreIgnored) {
  GcsServer model;
  const ServedModel served(model, [&](const HttpRequest& request) -> std::optional<HttpAnswer> {
    if (!request.query.contains("ifGenerationMatch")) return std::nullopt;
    HttpRequest unconditional = request;
    unconditional.query.erase("ifGenerationMatch");
    return model.handle(unconditional);
  });
  const auto findings = probe_gcs({served.reach(), "states"});
  ASSERT_TRUE(findings.has_value()) << findings.error();
  EXPECT_EQ(kept(*findings, "an insert with ifGenerationMatch=0"), false);
  EXPECT_EQ(kept(*findings, "a delete with another generation"), false);
  EXPECT_EQ(kept(*findings, "who ask at once"), false);
}

TEST(KubernetesProbe, FindsThatTheApiKeepsAll) {
  KubernetesServer model;
  const ServedModel served(model);
  const auto findings = probe_kubernetes({served.reach(), "infra"});
  ASSERT_TRUE(findings.has_value()) << findings.error();
  EXPECT_TRUE(std::ranges::all_of(findings->promises, &Promise::is_kept));
  EXPECT_TRUE(holds_nothing(model));
  EXPECT_TRUE(findings->left_behind.empty());
}

TEST(ConsulProbe, FindsThatTheAgentKeepsAll) {
  ConsulServer model;
  const ServedModel served(model);
  const auto findings = probe_consul({served.reach(), false});
  ASSERT_TRUE(findings.has_value()) << findings.error();
  for (const Promise& promise : findings->promises) EXPECT_TRUE(promise.is_kept) << promise.what;
  EXPECT_TRUE(findings->left_behind.empty());
}

TEST(AzureBlobProbe, FindsThatTheContainerKeepsAll) {
  AzureBlobServer model;
  const ServedModel served(model);
  const auto findings = probe_azure_blob({served.reach(), "/account/states", false});
  ASSERT_TRUE(findings.has_value()) << findings.error();
  for (const Promise& promise : findings->promises) EXPECT_TRUE(promise.is_kept) << promise.what;
  EXPECT_TRUE(findings->left_behind.empty());
}

TEST(AzureBlobProbe, SeesAStoreWithoutLeases) {
  AzureBlobServer model;
  const ServedModel served(model, [](const HttpRequest& request) -> std::optional<HttpAnswer> {
    return request.query.contains("comp") ? std::optional(HttpAnswer{501}) : std::nullopt;
  });
  const auto findings = probe_azure_blob({served.reach(), "/account/states", false});
  ASSERT_FALSE(findings.has_value());
  EXPECT_THAT(findings.error(), HasSubstr("The first lease of a new blob: it is answered 501"));
}

// Over TLS, and only if the server is whom somebody trusts.
TEST(Probe, TrustsWhoeverIsSignedForIt) {
  const Tls tls;
  S3Server model({});
  const ServedModel served(model, {}, &tls);
  Reach reach = served.reach();
  const auto unknown = probe_s3({reach, "/states"});
  ASSERT_FALSE(unknown.has_value());
  EXPECT_THAT(unknown.error(), HasSubstr("certificate verify failed"));
  reach.authority = tls.authority();
  const auto findings = probe_s3({reach, "/states"});
  ASSERT_TRUE(findings.has_value()) << findings.error();
  reach.authority = "no certificate";
  EXPECT_THAT(probe_s3({reach, "/states"}).error(), HasSubstr("is no certificate"));
}

}  // namespace
}  // namespace lockstorm::wire::probe
