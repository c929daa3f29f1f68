#include "wire/services/kubernetes_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "wire/services/gunzip.hpp"

namespace lockstorm::wire {
namespace {

using models::Kubernetes;
using KubeStatus = models::Kubernetes::Status;
using KubeVerb = KubernetesAsked::Verb;

constexpr sim::Slot kSomeClient = 0;  // the protocol names nobody

Kubernetes::Response kube_answer(KubeStatus status) {
  Kubernetes::Response response;
  response.status = status;
  return response;
}

// The text of an object without what the server writes itself.
std::string normal_text(const std::string& object) {
  auto document = nlohmann::ordered_json::parse(object, nullptr, false);
  if (!document.is_object()) return object;
  document.erase("kind");
  document.erase("apiVersion");
  if (document.contains("metadata") && document["metadata"].is_object()) {
    for (const char* own : {"resourceVersion", "uid", "creationTimestamp", "managedFields", "namespace"})
      document["metadata"].erase(own);
  }
  return document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

// Carries one request to the model and takes over what it has decided.
struct KubernetesServer::Step {
  KubernetesServer& server;
  const KubernetesAsked& asked;
  Place& place;

  using Value = Kubernetes::Value;
  static constexpr unsigned kParts = Kubernetes::kMaxParts;

  Kubernetes::Response apply(Value& value, const Kubernetes::Request& request) {
    return server.model_.apply(value, kSomeClient, request).response;
  }
  [[nodiscard]] Value& value_of_part() { return place.values[asked.part() / kParts]; }
  [[nodiscard]] std::uint16_t slot() const { return static_cast<std::uint16_t>(asked.part() % kParts); }

  // Of objects without a resourceVersion whatever is there is replaced (4.6.1).
  [[nodiscard]] bool version_is(const Object& object) const {
    return asked.resource_version.empty() || asked.resource_version == std::to_string(object.version);
  }

  Kubernetes::Response operator()(const Kubernetes::ListSecrets&) { return kube_answer(KubeStatus::ok); }
  Kubernetes::Response operator()(const Kubernetes::GetSecret&) {
    return apply(value_of_part(), Kubernetes::GetSecret{slot(), 0});
  }
  Kubernetes::Response operator()(const Kubernetes::CreateSecret&) { return write_secret(true); }
  Kubernetes::Response operator()(const Kubernetes::UpdateSecret&) { return write_secret(false); }
  Kubernetes::Response operator()(const Kubernetes::DeleteSecret&) {
    const auto response = apply(value_of_part(), Kubernetes::DeleteSecret{slot()});
    if (response.status == KubeStatus::ok) place.secrets.erase(asked.part());
    return response;
  }

  Kubernetes::Response operator()(const Kubernetes::GetLease&) {
    return apply(place.values[0], Kubernetes::GetLease{});
  }
  Kubernetes::Response operator()(const Kubernetes::CreateLease&) {
    const auto response = apply(place.values[0], Kubernetes::CreateLease{holder()});
    if (response.status == KubeStatus::ok) server.store(place.lease, asked);
    return response;
  }
  Kubernetes::Response operator()(const Kubernetes::UpdateLease&) {
    Value& value = place.values[0];
    const models::LockInfo next = holder();
    Kubernetes::Lease version = value.lease;
    if (!version_is(place.lease)) ++version.holder.id.number;
    // The model has no second release of a free Lease: it would be another version of the same.
    const bool stays_free = value.lease.exists() && next.empty() && value.lease.holder.empty();
    const auto response = !stays_free
                              ? apply(value, Kubernetes::UpdateLease{next, version})
                              : kube_answer(version_is(place.lease) ? KubeStatus::ok : KubeStatus::conflict);
    if (response.status == KubeStatus::ok) server.store(place.lease, asked);
    return response;
  }

 private:
  Kubernetes::Response write_secret(bool is_new) {
    Value& value = value_of_part();
    Object& object = place.secrets[asked.part()];
    // All that is in an object makes its version, not only the state.
    const Kubernetes::Secret body{object.contents.state(normal_text(asked.object)), 1, 1};
    Kubernetes::Secret version = value.secrets[slot()];
    if (!version_is(object)) ++version.state.write;
    const auto response = is_new ? apply(value, Kubernetes::CreateSecret{body, slot()})
                                 : apply(value, Kubernetes::UpdateSecret{body, version, slot()});
    object.contents.keep_state(value.secrets[slot()].state);
    if (response.status == KubeStatus::ok) server.store(object, asked);
    if (value.secrets[slot()].exists == 0) place.secrets.erase(asked.part());
    return response;
  }

  models::LockInfo holder() {
    const KubernetesContent content = kubernetes_content(asked.object);
    if (content.holder.empty()) return {};
    models::LockInfo info = place.lock.lock(content.lock_info);
    if (info.empty()) info.id = place.lock.lock_id(content.holder);
    return info;
  }
};

void KubernetesServer::store(Object& object, const KubernetesAsked& asked) {
  if (object.version != 0 && normal_text(object.text) == normal_text(asked.object)) return;
  auto document = nlohmann::ordered_json::parse(asked.object, nullptr, false);
  // Clients leave out what the path says already; the API never does.
  const bool is_lease = asked.kind == KubernetesAsked::Kind::lease;
  document["kind"] = is_lease ? "Lease" : "Secret";
  document["apiVersion"] = is_lease ? "coordination.k8s.io/v1" : "v1";
  auto& metadata = document["metadata"];
  if (object.version == 0) {
    metadata["uid"] = fmt::format("10c45708-0000-4000-8000-{:012x}", version_ + 1);
  } else {
    metadata["uid"] = nlohmann::json::parse(object.text)["metadata"]["uid"];
  }
  metadata["namespace"] = asked.space;
  metadata["creationTimestamp"] = "2026-01-01T00:00:00Z";  // no clock runs here
  metadata.erase("resourceVersion");
  object.text = document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  object.version = ++version_;
}

std::string KubernetesServer::shown(const Object& object) {
  auto document = nlohmann::ordered_json::parse(object.text);
  document["metadata"]["resourceVersion"] = std::to_string(object.version);
  return document.dump();
}

HttpAnswer KubernetesServer::listed(const KubernetesAsked& asked) const {
  const bool of_leases = asked.kind == KubernetesAsked::Kind::lease;
  nlohmann::ordered_json items = nlohmann::ordered_json::array();
  const auto add = [&](const Object& object) {
    auto document = nlohmann::ordered_json::parse(shown(object));
    const auto& metadata = document["metadata"];
    const bool matches = std::ranges::all_of(asked.labels, [&](const auto& label) {
      const auto labels = metadata.find("labels");
      return labels != metadata.end() && labels->is_object() && labels->contains(label.first) &&
             (*labels)[label.first] == label.second;
    });
    if (matches && metadata["namespace"] == asked.space) items.push_back(std::move(document));
  };
  for (const auto& [name, place] : places_) {
    if (of_leases && place.lease.version != 0) add(place.lease);
    for (const auto& [part, secret] : place.secrets)
      if (!of_leases) add(secret);
  }
  const nlohmann::ordered_json document{{"kind", of_leases ? "LeaseList" : "SecretList"},
                                        {"apiVersion", of_leases ? "coordination.k8s.io/v1" : "v1"},
                                        {"metadata", {{"resourceVersion", std::to_string(version_)}}},
                                        {"items", std::move(items)}};
  return {200, {{"Content-Type", "application/json"}}, document.dump()};
}

std::expected<RequestName, std::string> KubernetesServer::name(const HttpRequest& request) const {
  const auto asked = parse_kubernetes(request);
  if (!asked)
    return std::unexpected(nlohmann::json::parse(asked.error().body).at("message").get<std::string>());
  if (asked->verb == KubeVerb::discover) return RequestName{"discovery", "", "", ""};
  const auto meant = kubernetes_request(*asked);
  if (!meant)
    return RequestName{asked->verb == KubeVerb::list ? "list leases" : "delete lease", "lease",
                       asked->place(), ""};
  const KubernetesContent content = kubernetes_content(asked->object);
  return RequestName{std::string(Kubernetes::operation(*meant)),
                     std::string(Kubernetes::about(*meant).object), asked->place(), content.holder,
                     parse_state_text(plain_text(content.data))};
}

HttpAnswer KubernetesServer::handle(const HttpRequest& request) {
  const auto asked = parse_kubernetes(request);
  if (!asked) return asked.error();
  if (asked->verb == KubeVerb::discover)
    return {200, {{"Content-Type", "application/json"}}, asked->discovered};
  if (asked->verb == KubeVerb::list) return listed(*asked);
  Place& place = places_[asked->place()];
  const auto meant = kubernetes_request(*asked);
  if (!meant) {  // a Lease that is deleted: nothing is left of it
    const bool was_there = std::exchange(place.lease, {}).version != 0;
    place.values[0].lease = {};
    place.lock.keep_lock({});
    return was_there ? HttpAnswer{200,
                                  {{"Content-Type", "application/json"}},
                                  R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success"})"}
                     : kubernetes_status(kube_answer(KubeStatus::not_found), *asked);
  }
  const Kubernetes::Response response = std::visit(Step{*this, *asked, place}, *meant);
  if (asked->kind == KubernetesAsked::Kind::lease) place.lock.keep_lock(place.values[0].lease.holder);
  if (response.status != KubeStatus::ok) return kubernetes_status(response, *asked);
  if (asked->verb == KubeVerb::remove)
    return {200,
            {{"Content-Type", "application/json"}},
            R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success"})"};
  const Object& object =
      asked->kind == KubernetesAsked::Kind::lease ? place.lease : place.secrets.at(asked->part());
  return {
      asked->verb == KubeVerb::create ? 201U : 200U, {{"Content-Type", "application/json"}}, shown(object)};
}

HttpAnswer KubernetesServer::refuse(const HttpRequest& request, sim::Refusal kind) const {
  return kubernetes_status(model_.refuse({}, kind), parse_kubernetes(request).value_or(KubernetesAsked{}));
}

std::string KubernetesServer::state_of(const Place& place) {
  std::string bytes;
  for (const auto& [part, secret] : place.secrets) bytes += kubernetes_content(secret.text).data;
  return plain_text(bytes);
}

nlohmann::ordered_json KubernetesServer::holds() const {
  nlohmann::ordered_json states = nlohmann::ordered_json::object();
  for (const auto& [name, place] : places_) {
    const KubernetesContent lock = kubernetes_content(place.lease.text);
    nlohmann::ordered_json one = held(state_of(place), lock.holder.empty() ? "" : lock.lock_info);
    if (!lock.holder.empty()) one["lock"]["ID"] = lock.holder;
    if (!one.empty()) states[name] = std::move(one);
  }
  return states;
}

}  // namespace lockstorm::wire
