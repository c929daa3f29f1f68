#include "reports/advice/backend_advice.hpp"

#include "scenarios/backends/azurerm.hpp"
#include "scenarios/backends/consul.hpp"
#include "scenarios/backends/cos.hpp"
#include "scenarios/backends/gcs.hpp"
#include "scenarios/backends/http.hpp"
#include "scenarios/backends/inmem.hpp"
#include "scenarios/backends/kubernetes.hpp"
#include "scenarios/backends/lease.hpp"
#include "scenarios/backends/local.hpp"
#include "scenarios/backends/lock_table.hpp"
#include "scenarios/backends/oci.hpp"
#include "scenarios/backends/oss.hpp"
#include "scenarios/backends/pg.hpp"
#include "scenarios/backends/remote.hpp"
#include "scenarios/backends/s3.hpp"
#include "scenarios/backends/state_store.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::BackendConfig;

Remedies remedies_of(const BackendConfig&, models::Dialect) { return {}; }
std::vector<std::string> locking_advice(const BackendConfig&, const AuditEvidence&) { return {}; }
std::vector<std::string> damage_advice(const BackendConfig&, const AuditEvidence&) { return {}; }

// Calls `use` with the settings as what they are, or as any block's.
template <class... Configs>
auto with_settings(const scenarios::AnyBackend& backend, const auto& use) {
  auto answer = use(*backend);
  const auto is = [&]<class Config>(const Config* settings) {
    if (settings != nullptr) answer = use(*settings);
    return settings != nullptr;
  };
  (void)(is(backend.as<Configs>()) || ...);
  return answer;
}

auto with_known_settings(const scenarios::AnyBackend& backend, const auto& use) {
  return with_settings<
      scenarios::AzurermConfig, scenarios::ConsulConfig, scenarios::CosConfig, scenarios::GcsConfig,
      scenarios::HttpConfig, scenarios::InmemConfig, scenarios::KubernetesConfig, scenarios::LeaseConfig,
      scenarios::LocalConfig, scenarios::LockTableConfig, scenarios::OciConfig, scenarios::OssConfig,
      scenarios::PgConfig, scenarios::RemoteConfig, scenarios::S3Config, scenarios::StateStoreConfig>(backend,
                                                                                                      use);
}

}  // namespace

Remedies remedies_of(const scenarios::AnyBackend& backend, models::Dialect tool) {
  return with_known_settings(backend, [&](const auto& settings) { return remedies_of(settings, tool); });
}

std::vector<std::string> advice_on_locking(const AuditEvidence& evidence) {
  return with_known_settings(evidence.plan.backend,
                             [&](const auto& settings) { return locking_advice(settings, evidence); });
}

std::vector<std::string> advice_on_damage(const AuditEvidence& evidence) {
  return with_known_settings(evidence.plan.backend,
                             [&](const auto& settings) { return damage_advice(settings, evidence); });
}

}  // namespace lockstorm::reports
