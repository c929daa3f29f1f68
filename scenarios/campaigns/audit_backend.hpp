// Backend blocks as settings: which types are modelled, which are not yet, which do not exist.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "scenarios/campaigns/audit.hpp"
#include "scenarios/config/config_reader.hpp"
#include "scenarios/data/scenario.hpp"

namespace lockstorm::scenarios {

struct AuditBackend {
  AnyBackend config;
  std::vector<std::string> assumptions;
  std::string not_applicable;      ///< why there is nothing to verify; empty: there is
  std::vector<StoreDoubt> doubts;  ///< but for those that `store` decides
};

/// The settings of a configuration's backend, with the arguments and promises of the store that `options`
/// give.
std::expected<AuditBackend, InputError> read_audit_backend(const TerraformConfiguration& configuration,
                                                           const AuditOptions& options, models::Dialect tool);

/// Where people said what the store promises, for messages.
SourceLocation where_store_is_said(const AuditOptions& options);

}  // namespace lockstorm::scenarios
