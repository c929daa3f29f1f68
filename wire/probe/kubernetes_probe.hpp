// Which promises the API of a Kubernetes cluster keeps for Leases and Secrets (backend-protocols.md 3.7).
#pragma once

#include <expected>
#include <string>

#include "wire/probe/inquiry.hpp"

namespace lockstorm::wire::probe {

struct KubernetesProbe {
  Reach reach{};  ///< `own_name` is a name of objects that nobody has
  std::string space;
};

/// Or why nothing could be found out, a sentence. No objects but its own are touched.
std::expected<Findings, std::string> probe_kubernetes(const KubernetesProbe& probe);

}  // namespace lockstorm::wire::probe
