// Which promises a lock table of the DynamoDB kind keeps (backend-protocols.md 3.3).
#pragma once

#include <expected>
#include <string>

#include "wire/probe/inquiry.hpp"

namespace lockstorm::wire::probe {

struct DynamoDbProbe {
  Reach reach{};  ///< `own_name` is a LockID that nobody has
  std::string table;
};

/// Or why nothing could be found out, a sentence. No item but its own is touched.
std::expected<Findings, std::string> probe_dynamodb(const DynamoDbProbe& probe);

}  // namespace lockstorm::wire::probe
