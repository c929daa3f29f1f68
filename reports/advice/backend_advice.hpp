// What reports say to do about a backend. Each type of backend that has something of its own to say has a
// file beside this one; of the others the general words do.
#pragma once

#include <string>
#include <vector>

#include "models/terraform/backend.hpp"
#include "reports/advice/audit_advice.hpp"
#include "reports/advice/remedies.hpp"
#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {
class AzurermConfig;
class ConsulConfig;
class CosConfig;
class GcsConfig;
class HttpConfig;
class InmemConfig;
class KubernetesConfig;
class LocalConfig;
class LeaseConfig;
class LockTableConfig;
class OciConfig;
class OssConfig;
class PgConfig;
class RemoteConfig;
class S3Config;
class StateStoreConfig;
}  // namespace lockstorm::scenarios

namespace lockstorm::reports {

/// What would have prevented a counterexample with this block and this tool.
Remedies remedies_of(const scenarios::AnyBackend& backend, models::Dialect tool);
/// After an audit: on the mode of locking; printed first.
std::vector<std::string> advice_on_locking(const AuditEvidence& evidence);
/// After an audit: on the damage that it found, where this backend has more to say than all.
std::vector<std::string> advice_on_damage(const AuditEvidence& evidence);

// Type by type.

std::vector<std::string> damage_advice(const scenarios::AzurermConfig& config, const AuditEvidence& evidence);
Remedies remedies_of(const scenarios::AzurermConfig& config, models::Dialect tool);
std::vector<std::string> locking_advice(const scenarios::ConsulConfig& config, const AuditEvidence& evidence);
std::vector<std::string> damage_advice(const scenarios::ConsulConfig& config, const AuditEvidence& evidence);
Remedies remedies_of(const scenarios::ConsulConfig& config, models::Dialect tool);
std::vector<std::string> locking_advice(const scenarios::CosConfig& config, const AuditEvidence& evidence);
std::vector<std::string> damage_advice(const scenarios::CosConfig& config, const AuditEvidence& evidence);
Remedies remedies_of(const scenarios::CosConfig& config, models::Dialect tool);
Remedies remedies_of(const scenarios::GcsConfig& config, models::Dialect tool);
Remedies remedies_of(const scenarios::HttpConfig& config, models::Dialect tool);
std::vector<std::string> locking_advice(const scenarios::HttpConfig& config, const AuditEvidence& evidence);
Remedies remedies_of(const scenarios::InmemConfig& config, models::Dialect tool);
std::vector<std::string> locking_advice(const scenarios::InmemConfig& config, const AuditEvidence& evidence);
Remedies remedies_of(const scenarios::KubernetesConfig& config, models::Dialect tool);
std::vector<std::string> locking_advice(const scenarios::KubernetesConfig& config,
                                        const AuditEvidence& evidence);
Remedies remedies_of(const scenarios::LocalConfig& config, models::Dialect tool);
std::vector<std::string> locking_advice(const scenarios::LocalConfig& config, const AuditEvidence& evidence);
std::vector<std::string> damage_advice(const scenarios::LocalConfig& config, const AuditEvidence& evidence);
Remedies remedies_of(const scenarios::LeaseConfig& config, models::Dialect tool);
Remedies remedies_of(const scenarios::LockTableConfig& config, models::Dialect tool);
Remedies remedies_of(const scenarios::OciConfig& config, models::Dialect tool);
std::vector<std::string> locking_advice(const scenarios::OssConfig& config, const AuditEvidence& evidence);
std::vector<std::string> damage_advice(const scenarios::OssConfig& config, const AuditEvidence& evidence);
Remedies remedies_of(const scenarios::OssConfig& config, models::Dialect tool);
Remedies remedies_of(const scenarios::PgConfig& config, models::Dialect tool);
std::vector<std::string> locking_advice(const scenarios::PgConfig& config, const AuditEvidence& evidence);
std::vector<std::string> damage_advice(const scenarios::RemoteConfig& config, const AuditEvidence& evidence);
Remedies remedies_of(const scenarios::RemoteConfig& config, models::Dialect tool);
std::vector<std::string> locking_advice(const scenarios::S3Config& config, const AuditEvidence& evidence);
std::vector<std::string> damage_advice(const scenarios::S3Config& config, const AuditEvidence& evidence);
Remedies remedies_of(const scenarios::S3Config& config, models::Dialect tool);
Remedies remedies_of(const scenarios::StateStoreConfig& config, models::Dialect tool);
std::vector<std::string> locking_advice(const scenarios::StateStoreConfig& config,
                                        const AuditEvidence& evidence);

}  // namespace lockstorm::reports
