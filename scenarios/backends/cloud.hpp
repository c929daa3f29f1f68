// The `cloud` block, audited as a backend of its own: in local execution the remote backend's protocol.
#pragma once

#include "scenarios/backends/remote.hpp"

namespace lockstorm::scenarios {

struct CloudConfig final : RemoteConfig {
  [[nodiscard]] const BackendType& type() const override;
};

const BackendType& cloud_backend();

}  // namespace lockstorm::scenarios
