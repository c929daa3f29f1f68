// The Kubernetes API of Secrets and Leases (kubernetes.io/docs/reference/kubernetes-api/config-and-storage-
// resources/secret-v1, .../cluster-resources/lease-v1, .../reference/using-api/api-concepts;
// backend-protocols.md 3.7 and 4.6).
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>

#include "models/services/kubernetes.hpp"
#include "wire/net/exchange.hpp"

namespace lockstorm::wire {

/// What a request asks for, in the API's own terms.
struct KubernetesAsked {
  enum class Verb : std::uint8_t { get, list, create, update, remove, discover };
  enum class Kind : std::uint8_t { secret, lease };

  Verb verb = Verb::get;
  Kind kind = Kind::secret;
  std::string space;  ///< the namespace
  std::string name{};
  std::map<std::string, std::string> labels{};  ///< that a listing selects by
  std::string object{};                         ///< that is written: JSON
  std::string resource_version{};               ///< of an update; empty: whatever is there
  std::string discovered{};                     ///< the document that a discovery answers

  /// Of an object named `[lock-]tfstate-WORKSPACE-SUFFIX[-part-N]`: "NAMESPACE/tfstate-WORKSPACE-SUFFIX".
  [[nodiscard]] std::string place() const;
  [[nodiscard]] unsigned part() const;  ///< the N; 0: the first
};

/// Or the API's own Status for what is no request of it, or none that this server knows.
std::expected<KubernetesAsked, HttpAnswer> parse_kubernetes(const HttpRequest& request);

/// The model's operation, without what it is about. Nothing: the model has no word for it.
std::optional<models::Kubernetes::Request> kubernetes_request(const KubernetesAsked& asked);

/// What an object that is written holds.
struct KubernetesContent {
  std::string holder;     ///< spec.holderIdentity of a Lease
  std::string lock_info;  ///< its annotation app.terraform.io/lock-info
  std::string data;       ///< data.tfstate of a Secret, decoded
};
KubernetesContent kubernetes_content(const std::string& object);

/// A failure, as a Status object.
HttpAnswer kubernetes_status(const models::Kubernetes::Response& response, const KubernetesAsked& asked);

}  // namespace lockstorm::wire
