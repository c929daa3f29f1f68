// The modelled servers that a backend's clients talk to, ready to answer real requests.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "scenarios/data/backend_config.hpp"
#include "wire/services/model_server.hpp"

namespace lockstorm::cli {

using ModelServers = std::vector<std::unique_ptr<wire::ModelServer>>;

/// Each with the promises that the backend's `store` section says. Empty: no codec knows this backend.
ModelServers served_models(const scenarios::BackendConfig& backend);

/// How its clients get there.
enum class Reached : std::uint8_t {
  plainly,   ///< by http://ADDRESS:PORT
  securely,  ///< by https://localhost:PORT only
  by_proxy,  ///< by the host's real name, through a proxy that is this server itself
  by_sql,    ///< by postgres://ADDRESS:PORT
};

/// A service that can be served by its name.
struct ServedService {
  std::string_view name;
  std::string_view is;  ///< a clause
  /// Settings whose `store` section says what it promises.
  std::shared_ptr<scenarios::BackendConfig> (*settings)();
  Reached reached = Reached::plainly;
  std::string_view hosts{};  ///< whose names end so, of which it is the proxy
  std::string_view model{};  ///< what the models call it; empty: by the same name

  [[nodiscard]] std::string_view model_name() const { return model.empty() ? name : model; }
  [[nodiscard]] bool needs_tls() const {
    return reached == Reached::securely || reached == Reached::by_proxy;
  }
};
const std::vector<ServedService>& served_services();

}  // namespace lockstorm::cli
