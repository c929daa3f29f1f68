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
};

/// The settings of a configuration's backend; `given` are arguments set on the command line.
std::expected<AuditBackend, InputError> read_audit_backend(const TerraformConfiguration& configuration,
                                                           const std::map<std::string, std::string>& given,
                                                           models::Dialect tool);

}  // namespace lockstorm::scenarios
