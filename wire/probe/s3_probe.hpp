// Which promises an object store of the S3 kind keeps: the questions that decide between the stores that the
// model knows (models::S3Promises; backend-protocols.md 4.2, server-semantics.md 3.3).
#pragma once

#include <expected>
#include <string>

#include "wire/probe/inquiry.hpp"

namespace lockstorm::wire::probe {

struct S3Probe {
  Reach reach{};       ///< of the bucket; `own_name` is a key's beginning, below which nobody has anything
  std::string bucket;  ///< its path, "/bucket", or empty where the server's host names it
};

/// Or why nothing could be found out, a sentence. Whatever it has stored is taken away again, all versions of
/// it included; what could not be is named.
std::expected<Findings, std::string> probe_s3(const S3Probe& probe);

}  // namespace lockstorm::wire::probe
