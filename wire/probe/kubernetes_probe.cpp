#include "wire/probe/kubernetes_probe.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "wire/services/base64.hpp"

namespace lockstorm::wire::probe {
namespace {

using Json = nlohmann::json;

constexpr const char* kLabel = "lockstorm-probe";

class KubernetesSession {
 public:
  explicit KubernetesSession(const KubernetesProbe& probe) : probe_(probe), inquiry_(probe.reach) {}

  std::expected<Findings, std::string> run() {
    return findings_of(
        inquiry_,
        [this] {
          ask_creation();
          ask_updates();
          ask_secrets();
          ask_creation_races();
          ask_update_races();
        },
        [this] { clean_up(); });
  }

 private:
  std::string name(std::string_view what) const { return fmt::format("{}-{}", probe_.reach.own_name, what); }
  std::string leases() const {
    return fmt::format("/apis/coordination.k8s.io/v1/namespaces/{}/leases", probe_.space);
  }
  std::string secrets() const { return fmt::format("/api/v1/namespaces/{}/secrets", probe_.space); }

  static HttpRequest request(std::string method, std::string target, const Json& body = {}) {
    HttpRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    if (!body.is_null()) {
      request.headers["Content-Type"] = "application/json";
      request.body = body.dump();
    }
    return request;
  }
  static Json parsed(const HttpAnswer& answer) { return Json::parse(answer.body, nullptr, false); }
  static std::string version_of(const HttpAnswer& answer) {
    const Json document = parsed(answer);
    const auto version = document.is_object()
                             ? document.value(Json::json_pointer("/metadata/resourceVersion"), Json())
                             : Json();
    return version.is_string() ? version.get<std::string>() : "";
  }

  Json lease(const std::string& lease_name, const std::string& holder,
             const std::string& version = "") const {
    Json metadata{{"name", lease_name}, {"labels", {{kLabel, "true"}}}};
    if (!version.empty()) metadata["resourceVersion"] = version;
    return {{"apiVersion", "coordination.k8s.io/v1"},
            {"kind", "Lease"},
            {"metadata", metadata},
            {"spec", {{"holderIdentity", holder}}}};
  }
  HttpRequest create_request(const std::string& lease_name, const std::string& holder) {
    stored_.insert(fmt::format("{}/{}", leases(), lease_name));
    return request("POST", leases(), lease(lease_name, holder));
  }
  HttpRequest update_request(const std::string& lease_name, const std::string& holder,
                             const std::string& version) {
    return request("PUT", fmt::format("{}/{}", leases(), lease_name), lease(lease_name, holder, version));
  }
  HttpAnswer get(const std::string& target) { return inquiry_.ask(request("GET", target)); }
  std::string holder_of(const std::string& lease_name) {
    const Json document = parsed(get(fmt::format("{}/{}", leases(), lease_name)));
    const auto holder =
        document.is_object() ? document.value(Json::json_pointer("/spec/holderIdentity"), Json()) : Json();
    return holder.is_string() ? holder.get<std::string>() : "";
  }

  void ask_creation() {
    const std::string lock = name("lease");
    const HttpAnswer first = inquiry_.ask(create_request(lock, "first"));
    if (!is_success(first))
      throw NoAnswer{
          fmt::format("A Lease that nobody has cannot be created: it is answered {}.", first.status)};
    const HttpAnswer second = inquiry_.ask(create_request(lock, "second"));
    const bool is_first = holder_of(lock) == "first";
    inquiry_.promise("a Lease is not created where one is", !is_success(second) && is_first,
                     fmt::format("it is answered {}, and {} holds it", second.status,
                                 is_first ? "the first" : "somebody else"));
    version_ = version_of(first);
  }

  // Terraform takes and leaves a lock by an update that carries the version which it has read.
  void ask_updates() {
    const std::string lock = name("lease");
    const HttpAnswer newer = inquiry_.ask(update_request(lock, "third", version_));
    inquiry_.promise("an update over the version that is there is taken", is_success(newer),
                     fmt::format("it is answered {}", newer.status));
    const HttpAnswer stale = inquiry_.ask(update_request(lock, "fourth", version_));
    inquiry_.promise("an update over an older version is refused",
                     !is_success(stale) && holder_of(lock) == "third",
                     fmt::format("it is answered {}", stale.status));
    unsigned fresh = 0;
    for (unsigned i = 0; i < kLooks; ++i) {
      const std::string version = version_of(get(fmt::format("{}/{}", leases(), lock)));
      const std::string holder = fmt::format("holder-{}", i);
      (void)inquiry_.ask(update_request(lock, holder, version));
      fresh += holder_of(lock) == holder ? 1U : 0U;
    }
    inquiry_.promise("a read shows the last update", fresh == kLooks,
                     fmt::format("{} of {} reads do", fresh, kLooks), kLooks);
  }

  void ask_secrets() {
    const std::string secret_name = name("secret");
    const auto secret = [&](std::string_view text, const std::string& version) {
      Json metadata{{"name", secret_name},
                    {"labels",
                     {{kLabel, "true"},
                      {"tfstate", "true"},
                      {"tfstateWorkspace", "default"},
                      {"tfstateSecretSuffix", "lockstorm-probe"}}}};
      if (!version.empty()) metadata["resourceVersion"] = version;
      return Json{{"apiVersion", "v1"},
                  {"kind", "Secret"},
                  {"metadata", metadata},
                  {"type", "Opaque"},
                  {"data", {{"tfstate", encode_base64(text)}}}};
    };
    const std::string at = fmt::format("{}/{}", secrets(), secret_name);
    stored_.insert(at);
    const HttpAnswer made = inquiry_.ask(request("POST", secrets(), secret("{\"serial\":1}", "")));
    inquiry_.promise("whoever locks may store a state in a Secret", is_success(made),
                     fmt::format("it is answered {}", made.status));
    if (!is_success(made)) return;
    const std::string version = version_of(made);
    const HttpAnswer newer = inquiry_.ask(request("PUT", at, secret("{\"serial\":2}", version)));
    const HttpAnswer stale = inquiry_.ask(request("PUT", at, secret("{\"serial\":3}", version)));
    inquiry_.promise("a Secret is not replaced over an older version",
                     is_success(newer) && !is_success(stale),
                     fmt::format("the first is answered {}, the second {}", newer.status, stale.status));
    const HttpAnswer listed = get(secrets() + "?labelSelector=tfstateSecretSuffix%3Dlockstorm-probe");
    const bool is_shown = listed.body.find(secret_name) != std::string::npos;
    inquiry_.promise("a list by labels shows what is stored", is_success(listed) && is_shown,
                     fmt::format("it is answered {}{}", listed.status, is_shown ? "" : " without it"));
  }

  void ask_creation_races() {
    const auto lock = [this](unsigned race) { return name(fmt::format("race-{}", race)); };
    inquiry_.promise_one_winner(inquiry_.race(
                                    [&](unsigned race, unsigned racer) {
                                      return create_request(lock(race), fmt::format("racer-{}", racer));
                                    },
                                    is_success, [](unsigned, const std::vector<unsigned>&) {}),
                                "creates the Lease");
  }

  void ask_update_races() {
    const std::string lock = name("lease");
    std::string version = version_of(get(fmt::format("{}/{}", leases(), lock)));
    inquiry_.promise_one_winner(inquiry_.race(
                                    [&](unsigned race, unsigned racer) {
                                      return update_request(lock, fmt::format("racer-{}-{}", race, racer),
                                                            version);
                                    },
                                    is_success,
                                    [&](unsigned, const std::vector<unsigned>&) {
                                      version = version_of(get(fmt::format("{}/{}", leases(), lock)));
                                    }),
                                "updates it from the same version");
  }

  void clean_up() {
    for (const std::string& target : stored_) {
      (void)inquiry_.ask(request("DELETE", target));
      if (is_success(get(target))) inquiry_.left_behind(target);
    }
  }

  const KubernetesProbe& probe_;
  Inquiry inquiry_;
  std::string version_;
  std::set<std::string> stored_;
};

}  // namespace

std::expected<Findings, std::string> probe_kubernetes(const KubernetesProbe& probe) {
  return KubernetesSession(probe).run();
}

}  // namespace lockstorm::wire::probe
