// Backend blocks as settings: which types are modelled, which are not yet, which do not exist.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <vector>

#include "scenarios/config/config_reader.hpp"
#include "scenarios/data/scenario.hpp"

namespace lockstorm::scenarios {

struct AuditBackend {
  AnyBackend config;
  std::vector<std::string> assumptions;
  std::string not_applicable;      ///< why there is nothing to verify; empty: there is
  std::vector<StoreDoubt> doubts;  ///< but for those that `store` decides
};

/// The settings of a configuration's backend; `given` are arguments set on the command line, `store` promises
/// of the store.
std::expected<AuditBackend, InputError> read_audit_backend(const TerraformConfiguration& configuration,
                                                           const std::map<std::string, std::string>& given,
                                                           const std::map<std::string, std::string>& store,
                                                           models::Dialect tool);

}  // namespace lockstorm::scenarios
