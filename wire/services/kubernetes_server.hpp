// The model of the Kubernetes API, answering real requests: any states, each in Secrets with a Lease.
#pragma once

#include <map>
#include <string>

#include "models/services/kubernetes.hpp"
#include "wire/services/contents.hpp"
#include "wire/services/kubernetes_codec.hpp"
#include "wire/services/model_server.hpp"

namespace lockstorm::wire {

class KubernetesServer final : public ModelServer {
 public:
  explicit KubernetesServer(bool server_error_retry_after = true) {
    model_.server_error_retry_after = server_error_retry_after;
  }

  [[nodiscard]] std::string_view service() const override { return models::Kubernetes::kName; }
  [[nodiscard]] std::expected<RequestName, std::string> name(const HttpRequest& request) const override;
  HttpAnswer handle(const HttpRequest& request) override;
  [[nodiscard]] HttpAnswer refuse(const HttpRequest& request, sim::Refusal kind) const override;
  void clear() override { places_.clear(); }
  [[nodiscard]] nlohmann::ordered_json holds() const override;

 private:
  struct Object {
    std::string text;  ///< JSON, as it is shown, but for its resourceVersion
    std::uint64_t version = 0;
    Contents contents;  ///< of a Secret: what tells its versions apart
  };
  /// The Lease and three of the Secrets; the further parts of a large state are in values of their own.
  struct Place {
    std::map<unsigned, models::Kubernetes::Value> values;
    Contents lock;
    std::map<unsigned, Object> secrets;
    Object lease;
  };
  struct Step;  // one request on its way

  [[nodiscard]] HttpAnswer listed(const KubernetesAsked& asked) const;
  [[nodiscard]] static std::string shown(const Object& object);
  void store(Object& object, const KubernetesAsked& asked);
  [[nodiscard]] static std::string state_of(const Place& place);

  models::Kubernetes model_;
  std::map<std::string, Place> places_;
  std::uint64_t version_ = 0;
};

}  // namespace lockstorm::wire
