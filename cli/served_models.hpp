// The modelled servers that a backend's clients talk to, ready to answer real requests.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "scenarios/data/backend_config.hpp"
#include "wire/services/model_server.hpp"

namespace lockstorm::cli {

using ModelServers = std::vector<std::unique_ptr<wire::ModelServer>>;

/// Each with the promises that the backend's `store` section says. Empty: no codec knows this backend.
ModelServers served_models(const scenarios::BackendConfig& backend);

/// A service that can be served by its name.
struct ServedService {
  std::string_view name;
  std::string_view is;  ///< a clause
  /// Settings whose `store` section says what it promises.
  std::shared_ptr<scenarios::BackendConfig> (*settings)();
};
const std::vector<ServedService>& served_services();

}  // namespace lockstorm::cli
