// Which promises a bucket of the Google Cloud Storage kind keeps (backend-protocols.md 3.5).
#pragma once

#include <expected>
#include <string>

#include "wire/probe/inquiry.hpp"

namespace lockstorm::wire::probe {

struct GcsProbe {
  Reach reach{};       ///< `own_name` is the beginning of a name, below which nobody has anything
  std::string bucket;  ///< its name
};

/// Or why nothing could be found out, a sentence. Whatever it has stored is taken away again, older
/// generations included.
std::expected<Findings, std::string> probe_gcs(const GcsProbe& probe);

}  // namespace lockstorm::wire::probe
