// What `lockstorm probe URL` asks: the store that a URL names, with the credentials that its own tools would
// use.
#pragma once

#include <expected>
#include <functional>
#include <string>

#include "scenarios/data/input_error.hpp"
#include "wire/probe/promise.hpp"

namespace lockstorm::cli {

struct ProbeArguments {
  std::string url;
  std::string endpoint;  ///< where the service is, if it is not its cloud's own; empty: there
  std::string
      authority;  ///< a file with the certificate of whoever signed the server's; empty: the machine's
  std::string audited;
  unsigned racers = 64;
};

using Environment = std::function<std::string(const char* name)>;  ///< empty: not set

/// Asks, and takes a while.
using ProbeTarget = std::function<std::expected<wire::probe::Findings, std::string>()>;

/// `own` is in the names of all that is stored. Or what is wrong with the arguments, or lacks in the
/// environment; no secret is repeated.
std::expected<ProbeTarget, scenarios::InputError> probe_target(const ProbeArguments& arguments,
                                                               const Environment& environment,
                                                               const std::string& own);

/// What can be written for URL, for the help.
inline constexpr const char* kProbeUrls =
    "http://HOST/STATE, https://HOST/STATE, s3://BUCKET/PREFIX, dynamodb://TABLE, gs://BUCKET/PREFIX, "
    "azblob://ACCOUNT/CONTAINER/PREFIX, consul://HOST:PORT/PATH, k8s://NAMESPACE or pg://HOST:PORT/DATABASE";

}  // namespace lockstorm::cli
