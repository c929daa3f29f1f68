// How long after a job has gone something that it had sent may still take effect, and what says so.
#pragma once

#include <chrono>
#include <string_view>

#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

struct RequestBound {
  std::chrono::seconds time{0};
  std::string_view
      what;  ///< a clause: "Amazon S3 refuses a request whose signature is older than 15 minutes"
  std::string_view source;  ///< where it is documented
  /// The service promises it. Otherwise it is when Linux gives up on what it could not deliver, and what
  /// proxies on the way do is not known.
  bool is_promised = false;
};

/// For whatever writes states and locks on that backend.
RequestBound request_bound(const BackendConfig& backend);

}  // namespace lockstorm::scenarios
