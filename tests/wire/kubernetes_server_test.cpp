// The model of the Kubernetes API behind its protocol (backend-protocols.md 3.7, 4.6).
#include "wire/services/kubernetes_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/wire/requests.hpp"
#include "wire/services/base64.hpp"

namespace lockstorm::wire {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr const char* kLeasePath = "/apis/coordination.k8s.io/v1/namespaces/ns/leases";
constexpr const char* kSecretPath = "/api/v1/namespaces/ns/secrets";
constexpr const char* kSecretState = R"({"version":4,"serial":7,"lineage":"l-1"})";

struct Kube {
  KubernetesServer server;

  HttpAnswer ask(std::string method, const std::string& target, const json& body = nullptr) {
    return server.handle(http_request(std::move(method), target, body.is_null() ? "" : body.dump()));
  }
  static json lease(const std::string& holder, const std::string& version = "") {
    json object;  // as client-go sends them, without kind and version
    object["metadata"] = {{"name", "lock-tfstate-default-app"}};
    object["spec"] = json::object();
    if (!version.empty()) object["metadata"]["resourceVersion"] = version;
    if (holder.empty()) return object;
    object["spec"]["holderIdentity"] = holder;
    object["metadata"]["annotations"]["app.terraform.io/lock-info"] =
        R"({"ID":")" + holder + R"(","Operation":"OperationTypeApply","Who":"w"})";
    return object;
  }
  static json secret(const std::string& name, const std::string& text, const std::string& version = "") {
    json object;
    object["metadata"] = {
        {"name", name},
        {"labels", {{"tfstate", "true"}, {"tfstateWorkspace", "default"}, {"tfstateSecretSuffix", "app"}}}};
    if (!version.empty()) object["metadata"]["resourceVersion"] = version;
    object["data"] = {{"tfstate", encode_base64(text)}};
    return object;
  }
};

std::string version_in(const HttpAnswer& answer) {
  return json::parse(answer.body).at("metadata").at("resourceVersion");
}
std::string reason_of(const HttpAnswer& answer) {
  const json status = json::parse(answer.body);
  EXPECT_EQ(status.at("kind"), "Status");
  EXPECT_EQ(status.at("code"), answer.status);
  return status.at("reason");
}

TEST(KubernetesServer, LocksByALease) {
  Kube kube;
  const std::string one = std::string(kLeasePath) + "/lock-tfstate-default-app";
  EXPECT_EQ(reason_of(kube.ask("GET", one)), "NotFound");
  const HttpAnswer created = kube.ask("POST", kLeasePath, Kube::lease("a"));
  EXPECT_EQ(created.status, 201U);
  EXPECT_EQ(json::parse(created.body).at("kind"), "Lease");
  EXPECT_EQ(reason_of(kube.ask("POST", kLeasePath, Kube::lease("b"))), "AlreadyExists");
  EXPECT_EQ(kube.server.holds()["ns/tfstate-default-app"]["lock"]["ID"], "a");
  EXPECT_EQ(reason_of(kube.ask("PUT", one, Kube::lease("", "999"))), "Conflict");
  const HttpAnswer freed = kube.ask("PUT", one, Kube::lease("", version_in(created)));
  EXPECT_EQ(freed.status, 200U);
  EXPECT_NE(version_in(freed), version_in(created));
  EXPECT_TRUE(kube.server.holds().empty());
  EXPECT_EQ(reason_of(kube.ask("PUT", one, Kube::lease("b", version_in(created)))), "Conflict");
  EXPECT_EQ(kube.ask("PUT", one, Kube::lease("", version_in(freed))).status, 200U) << "free as before";
  EXPECT_EQ(kube.ask("PUT", one, Kube::lease("b", version_in(kube.ask("GET", one)))).status, 200U);
  EXPECT_EQ(kube.ask("DELETE", one).status, 200U);
  EXPECT_EQ(reason_of(kube.ask("DELETE", one)), "NotFound");
  EXPECT_EQ(kube.ask("POST", kLeasePath, Kube::lease("c")).status, 201U);
}

TEST(KubernetesServer, VersionsSecrets) {
  Kube kube;
  const std::string one = std::string(kSecretPath) + "/tfstate-default-app";
  const HttpAnswer created = kube.ask("POST", kSecretPath, Kube::secret("tfstate-default-app", kSecretState));
  ASSERT_EQ(created.status, 201U);
  EXPECT_EQ(json::parse(kube.ask("GET", one).body)["data"]["tfstate"], encode_base64(kSecretState));
  const HttpAnswer same =
      kube.ask("PUT", one, Kube::secret("tfstate-default-app", kSecretState, version_in(created)));
  EXPECT_EQ(version_in(same), version_in(created)) << "unchanged objects keep it";
  const HttpAnswer next = kube.ask("PUT", one, Kube::secret("tfstate-default-app", "2", version_in(created)));
  EXPECT_NE(version_in(next), version_in(created));
  EXPECT_EQ(reason_of(kube.ask("PUT", one, Kube::secret("tfstate-default-app", "3", version_in(created)))),
            "Conflict");
  EXPECT_EQ(kube.ask("PUT", one, Kube::secret("tfstate-default-app", "3")).status, 200U)
      << "names no version";
  EXPECT_EQ(kube.ask("DELETE", one).status, 200U);
  EXPECT_EQ(reason_of(kube.ask("PUT", one, Kube::secret("tfstate-default-app", "4"))), "NotFound");
}

TEST(KubernetesServer, ListsByLabelsAndKnowsParts) {
  Kube kube;
  for (const char* name : {"tfstate-default-app", "tfstate-default-app-part-1", "tfstate-default-app-part-3"})
    EXPECT_EQ(kube.ask("POST", kSecretPath, Kube::secret(name, name)).status, 201U);
  const std::string list = std::string(kSecretPath) + "?labelSelector=tfstate%3Dtrue%2CtfstateWorkspace%3D";
  EXPECT_EQ(json::parse(kube.ask("GET", list + "default").body)["items"].size(), 3U);
  EXPECT_EQ(json::parse(kube.ask("GET", list + "other").body)["items"].size(), 0U);
  EXPECT_EQ(json::parse(kube.ask("GET", "/api/v1/namespaces/other/secrets").body)["items"].size(), 0U);
  EXPECT_EQ(kube.ask("DELETE", std::string(kSecretPath) + "/tfstate-default-app-part-3").status, 200U);
  EXPECT_EQ(json::parse(kube.ask("GET", list + "default").body)["items"].size(), 2U);
}

TEST(KubernetesServer, RefusesLargeAndDeepObjects) {
  Kube kube;
  const std::string large(1024 * 1024 + 1, 'x');
  EXPECT_EQ(reason_of(kube.ask("POST", kSecretPath, Kube::secret("a", large))), "Invalid");
  EXPECT_EQ(kube.ask("POST", kSecretPath, Kube::secret("a", large.substr(1))).status, 201U);
  const std::string deep =
      R"({"metadata":{"name":"b"},"x":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  EXPECT_EQ(kube.server.handle(http_request("POST", kSecretPath, deep)).status, 400U);
}

TEST(KubernetesServer, NamesRequestsAsTheModelsDo) {
  const Kube kube;
  const auto name = [&](const char* method, const std::string& target, const json& body = nullptr) {
    const auto said = kube.server.name(http_request(method, target, body.is_null() ? "" : body.dump()));
    return said ? said->operation + " of " + said->object + " at " + said->place + " by " + said->lock_id
                : said.error();
  };
  EXPECT_EQ(name("POST", kLeasePath, Kube::lease("a")),
            "create lease of lease at ns/tfstate-default-app by a");
  EXPECT_EQ(name("GET", std::string(kLeasePath) + "/lock-tfstate-default-app"),
            "get lease of lease at ns/tfstate-default-app by ");
  EXPECT_EQ(name("GET", std::string(kSecretPath) +
                            "?labelSelector=tfstate=true,tfstateSecretSuffix=app,tfstateWorkspace=x"),
            "list secrets of secret at ns/tfstate-x-app by ");
  const std::string part = std::string(kSecretPath) + "/tfstate-default-app-part-1";
  EXPECT_EQ(name("PUT", part, Kube::secret("tfstate-default-app-part-1", "x")),
            "update secret of secret at ns/tfstate-default-app by ");
  const auto stored = kube.server.name(
      http_request("POST", kSecretPath, Kube::secret("tfstate-default-app", kSecretState).dump()));
  EXPECT_EQ(stored->state->serial, 7U);
}

TEST(KubernetesServer, TellsWhatItDoesNotKnow) {
  Kube kube;
  EXPECT_EQ(reason_of(kube.ask("GET", "/api/v1/namespaces/ns/pods")), "NotFound");
  EXPECT_EQ(reason_of(kube.ask("PATCH", std::string(kSecretPath) + "/a")), "MethodNotAllowed");
  EXPECT_EQ(reason_of(kube.ask("GET", std::string(kSecretPath) + "?watch=true")), "MethodNotAllowed");
  EXPECT_EQ(reason_of(kube.ask("GET", std::string(kSecretPath) + "?labelSelector=a+in+(b)")), "BadRequest");
  EXPECT_EQ(reason_of(kube.ask("POST", kSecretPath, json::array())), "BadRequest");
  EXPECT_EQ(reason_of(kube.ask("PUT", std::string(kSecretPath) + "/b", Kube::secret("a", "x"))),
            "BadRequest");
  EXPECT_EQ(kube.ask("GET", "/apis/coordination.k8s.io/v1").status, 200U);
  const HttpAnswer busy = kube.server.refuse(http_request("GET", kSecretPath), sim::Refusal::throttled);
  EXPECT_EQ(reason_of(busy), "TooManyRequests");
  EXPECT_EQ(busy.headers.at("Retry-After"), "1");
}

RC_GTEST_PROP(KubernetesServer, GivesBackTheLastWrite, (const std::vector<std::string>& texts)) {
  Kube kube;
  kube.ask("POST", kSecretPath, Kube::secret("s", ""));
  for (const std::string& text : texts) {
    kube.ask("PUT", std::string(kSecretPath) + "/s", Kube::secret("s", text));
    const json read = json::parse(kube.ask("GET", std::string(kSecretPath) + "/s").body);
    RC_ASSERT(read["data"]["tfstate"] == encode_base64(text));
  }
}

}  // namespace
}  // namespace lockstorm::wire
