// The model of Azure Blob Storage, answering real requests: any blobs, each with its metadata and its lease.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>

#include "models/services/azure_blob.hpp"
#include "wire/services/azure_blob_codec.hpp"
#include "wire/services/contents.hpp"
#include "wire/services/model_server.hpp"

namespace lockstorm::wire {

class AzureBlobServer final : public ModelServer {
 public:
  using Time = std::chrono::steady_clock::time_point;
  explicit AzureBlobServer(models::AzurePromises promises = {},
                           std::function<Time()> clock = std::chrono::steady_clock::now);

  [[nodiscard]] std::string_view service() const override { return models::AzureBlob::kName; }
  [[nodiscard]] std::expected<RequestName, std::string> name(const HttpRequest& request) const override;
  HttpAnswer handle(const HttpRequest& request) override;
  [[nodiscard]] HttpAnswer refuse(const HttpRequest& request, sim::Refusal kind) const override;
  void clear() override { places_.clear(); }
  [[nodiscard]] nlohmann::ordered_json holds() const override;

 private:
  struct Place {
    models::AzureBlob::Value value;
    Contents contents;
    std::string container, blob, text, type;
    std::map<std::string, std::string> metadata;
    std::string lease;            ///< the id of the current or the last one, as the model keeps it
    std::uint16_t lease_ids = 0;  ///< so far
    Time passed_until{};          ///< of the time that finite leases have
  };
  struct Step;  // one request on its way

  void let_time_pass(Place& place) const;
  [[nodiscard]] HttpAnswer listed(const AzureAsked& asked) const;
  [[nodiscard]] HttpAnswer shown(const AzureAsked& asked, const models::AzureBlob::Response& response,
                                 const Place& place) const;

  models::AzureBlob model_;
  std::function<Time()> clock_;
  std::map<std::string, Place> places_;
};

}  // namespace lockstorm::wire
