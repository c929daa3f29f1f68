#include "cli/served_models.hpp"

#include "scenarios/backends/gcs.hpp"
#include "scenarios/backends/http.hpp"
#include "scenarios/backends/s3.hpp"
#include "wire/services/dynamodb_server.hpp"
#include "wire/services/gcs_server.hpp"
#include "wire/services/http_state_server.hpp"
#include "wire/services/s3_server.hpp"

namespace lockstorm::cli {

namespace {

using scenarios::BackendConfig;

std::shared_ptr<BackendConfig> http_settings() { return std::make_shared<scenarios::HttpConfig>(); }
std::shared_ptr<BackendConfig> gcs_settings() { return std::make_shared<scenarios::GcsConfig>(); }
std::shared_ptr<BackendConfig> s3_settings() { return std::make_shared<scenarios::S3Config>(); }
std::shared_ptr<BackendConfig> dynamodb_settings() {
  auto settings = std::make_shared<scenarios::S3Config>();
  settings->dynamodb_table = true;
  return settings;
}

}  // namespace

ModelServers served_models(const BackendConfig& backend) {
  ModelServers servers;
  if (const auto* http = dynamic_cast<const scenarios::HttpConfig*>(&backend))
    servers.push_back(std::make_unique<wire::HttpStateServer>(http->policy));
  if (dynamic_cast<const scenarios::GcsConfig*>(&backend) != nullptr)
    servers.push_back(std::make_unique<wire::GcsServer>());
  if (const auto* s3 = dynamic_cast<const scenarios::S3Config*>(&backend)) {
    servers.push_back(std::make_unique<wire::S3Server>(scenarios::promises_of(s3->store)));
    if (s3->dynamodb_table) servers.push_back(std::make_unique<wire::DynamoDbServer>());
  }
  return servers;
}

const std::vector<ServedService>& served_services() {
  static const std::vector<ServedService> kServices{
      {"http", "a state server of the http backend", http_settings},
      {"gcs", "Google Cloud Storage", gcs_settings},
      {"s3", "an object store: states and lock files of the s3 backend", s3_settings},
      {"dynamodb", "tables of locks and digests of the s3 backend", dynamodb_settings},
  };
  return kServices;
}

}  // namespace lockstorm::cli
