// What the tool is told about its stores in a confirmation: the names of what it keeps there, and who it is.
#pragma once

#include <string>

#include "wire/probe/aws_signature.hpp"

namespace lockstorm::cli {

/// As they are for models, which take any.
struct StoreNames {
  std::string bucket = "states";
  std::string key = "app.tfstate";  ///< of objects and blobs
  std::string table = "locks";
  wire::AwsCredentials aws{"any", "any"};
  std::string account = "acct";
  std::string container = "tfstate";
  std::string azure_key = "a2V5";  ///< in base64, as the tool takes it
  std::string http_path = "/state";
  std::string schema{};  ///< of PostgreSQL; empty: the backend's own
};

}  // namespace lockstorm::cli
