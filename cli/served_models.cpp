#include "cli/served_models.hpp"

#include "scenarios/backends/azurerm.hpp"
#include "scenarios/backends/consul.hpp"
#include "scenarios/backends/cos.hpp"
#include "scenarios/backends/gcs.hpp"
#include "scenarios/backends/http.hpp"
#include "scenarios/backends/kubernetes.hpp"
#include "scenarios/backends/oss.hpp"
#include "scenarios/backends/pg.hpp"
#include "scenarios/backends/remote.hpp"
#include "scenarios/backends/s3.hpp"
#include "wire/services/azure_blob_server.hpp"
#include "wire/services/consul_server.hpp"
#include "wire/services/dynamodb_server.hpp"
#include "wire/services/gcs_server.hpp"
#include "wire/services/http_state_server.hpp"
#include "wire/services/kubernetes_server.hpp"
#include "wire/services/postgres_server.hpp"
#include "wire/services/s3_server.hpp"
#include "wire/services/tencent_tag_server.hpp"
#include "wire/services/tfe_server.hpp"

namespace lockstorm::cli {

namespace {

using scenarios::BackendConfig;

std::shared_ptr<BackendConfig> http_settings() { return std::make_shared<scenarios::HttpConfig>(); }
std::shared_ptr<BackendConfig> gcs_settings() { return std::make_shared<scenarios::GcsConfig>(); }
std::shared_ptr<BackendConfig> cos_settings() { return std::make_shared<scenarios::CosConfig>(); }
std::shared_ptr<BackendConfig> oss_settings() { return std::make_shared<scenarios::OssConfig>(); }
std::shared_ptr<BackendConfig> s3_settings() { return std::make_shared<scenarios::S3Config>(); }
std::shared_ptr<BackendConfig> dynamodb_settings() {
  auto settings = std::make_shared<scenarios::S3Config>();
  settings->dynamodb_table = true;
  return settings;
}
std::shared_ptr<BackendConfig> consul_settings() { return std::make_shared<scenarios::ConsulConfig>(); }
std::shared_ptr<BackendConfig> kubernetes_settings() {
  return std::make_shared<scenarios::KubernetesConfig>();
}
std::shared_ptr<BackendConfig> azurerm_settings() { return std::make_shared<scenarios::AzurermConfig>(); }
std::shared_ptr<BackendConfig> pg_settings() { return std::make_shared<scenarios::PgConfig>(); }
std::shared_ptr<BackendConfig> remote_settings() { return std::make_shared<scenarios::RemoteConfig>(); }

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
  if (dynamic_cast<const scenarios::ConsulConfig*>(&backend) != nullptr)
    servers.push_back(std::make_unique<wire::ConsulServer>());
  if (const auto* kubernetes = dynamic_cast<const scenarios::KubernetesConfig*>(&backend))
    servers.push_back(std::make_unique<wire::KubernetesServer>(kubernetes->server_error_retry_after));
  if (dynamic_cast<const scenarios::AzurermConfig*>(&backend) != nullptr)
    servers.push_back(std::make_unique<wire::AzureBlobServer>());
  if (dynamic_cast<const scenarios::RemoteConfig*>(&backend) != nullptr)
    servers.push_back(std::make_unique<wire::TfeServer>());
  if (dynamic_cast<const scenarios::CosConfig*>(&backend) != nullptr) {
    servers.push_back(std::make_unique<wire::S3Server>(models::S3Promises{}, wire::kTencentCos));
    servers.push_back(std::make_unique<wire::TencentTagServer>());
  }
  if (const auto* pg = dynamic_cast<const scenarios::PgConfig*>(&backend))
    servers.push_back(std::make_unique<wire::PostgresServer>(pg->pooled_sessions, pg->session_losses));
  if (dynamic_cast<const scenarios::OssConfig*>(&backend) != nullptr)
    servers.push_back(std::make_unique<wire::S3Server>(models::S3Promises{}, wire::kAlibabaOss));
  return servers;
}

const std::vector<ServedService>& served_services() {
  static const std::vector<ServedService> kServices{
      {"http", "a state server of the http backend", http_settings},
      {"gcs", "Google Cloud Storage", gcs_settings},
      {"s3", "an object store: states and lock files of the s3 backend", s3_settings},
      {"dynamodb", "tables of locks and digests of the s3 backend", dynamodb_settings},
      {"consul", "Consul: keys, sessions and the locks that follow them", consul_settings},
      {"kubernetes", "the Secrets and Leases of a Kubernetes API", kubernetes_settings},
      {"azure-blob", "Azure Blob Storage, with leases", azurerm_settings, Reached::by_proxy,
       ".blob.core.windows.net"},
      {"hcp-terraform", "workspaces of HCP Terraform, whose runs happen elsewhere", remote_settings,
       Reached::securely},
      {"cos", "Tencent Cloud Object Storage", cos_settings},
      {"tags", "Tencent Cloud's tags, the mutex of the cos backend", cos_settings, Reached::by_proxy,
       "tag.tencentcloudapi.com"},
      {"oss", "Alibaba Cloud Object Storage Service", oss_settings},
      {"pg", "PostgreSQL: rows of states, and the advisory locks of its sessions", pg_settings,
       Reached::by_sql, "", "postgres"},
  };
  return kServices;
}

}  // namespace lockstorm::cli
