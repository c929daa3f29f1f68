// Which promises a Consul keeps: keys, check-and-set and the locks of sessions (backend-protocols.md 3.6).
#pragma once

#include <expected>
#include <string>

#include "wire/probe/inquiry.hpp"

namespace lockstorm::wire::probe {

struct ConsulProbe {
  Reach reach{};  ///< `own_name` is a key below which nobody has anything
  /// How long a session may outlive its TTL; Consul promises twice the TTL (.../features/sessions).
  bool waits_for_expiry = true;
};

/// Or why nothing could be found out, a sentence. Its keys and sessions are taken away again.
std::expected<Findings, std::string> probe_consul(const ConsulProbe& probe);

}  // namespace lockstorm::wire::probe
