// The model of Oracle's Object Storage, answering real requests: a state with its lock for each object.
#pragma once

#include <map>
#include <string>

#include "wire/services/model_server.hpp"
#include "wire/services/oracle_objects_codec.hpp"

namespace lockstorm::wire {

/// Not among the services of `lockstorm serve` yet: only Terraform from 1.12 on has the backend, and none was
/// there to try. Any namespace and bucket exists. An upload in parts is the model's three requests when it is
/// committed.
class OracleObjectsServer final : public ModelServer {
 public:
  [[nodiscard]] std::string_view service() const override { return models::OracleObjects::kName; }
  [[nodiscard]] std::expected<RequestName, std::string> name(const HttpRequest& request) const override;
  HttpAnswer handle(const HttpRequest& request) override;
  [[nodiscard]] HttpAnswer refuse(const HttpRequest& request, sim::Refusal kind) const override;
  void clear() override { places_.clear(); }
  [[nodiscard]] nlohmann::ordered_json holds() const override;

 private:
  struct Upload {
    std::string place;
    std::map<unsigned, std::string> parts;
  };

  HttpAnswer answer(const HttpRequest& request);
  HttpAnswer answer_object(const OracleCall& call, std::string_view body);
  HttpAnswer answer_list(const OracleCall& call, const HttpRequest& request) const;
  HttpAnswer answer_upload(const OracleCall& call, const HttpRequest& request);

  models::OracleObjects model_;
  std::map<std::string, OraclePlace> places_;
  std::map<std::string, Upload> uploads_;
  std::size_t upload_bytes_ = 0;
  std::uint64_t requests_ = 0;
  std::uint64_t upload_count_ = 0;
};

}  // namespace lockstorm::wire
