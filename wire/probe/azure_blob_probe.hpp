// Which promises a container of the Azure Blob Storage kind keeps: leases, and what they guard
// (backend-protocols.md 3.4, server-semantics.md 3.1).
#pragma once

#include <expected>
#include <string>

#include "wire/probe/inquiry.hpp"

namespace lockstorm::wire::probe {

struct AzureBlobProbe {
  Reach reach{};          ///< `own_name` is the beginning of a name, below which nobody has anything
  std::string container;  ///< its path, "/container", or "/account/container" where the host names no account
  bool waits_for_expiry = true;  ///< of the shortest lease there is, 15 s
};

/// Or why nothing could be found out, a sentence. Whatever it has stored is taken away again.
std::expected<Findings, std::string> probe_azure_blob(const AzureBlobProbe& probe);

}  // namespace lockstorm::wire::probe
