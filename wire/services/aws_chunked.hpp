// Bodies that the AWS SDKs sign piece by piece (docs.aws.amazon.com/AmazonS3/latest/API, "Signature
// Calculations for the Authorization Header: Transferring Payload in Multiple Chunks").
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "wire/net/exchange.hpp"

namespace lockstorm::wire {

/// Whether a request's body is in such pieces.
bool is_aws_chunked(const HttpRequest& request);

/// The body without what frames it; or what is wrong with that, a clause. Signatures and checksums of
/// trailers are not looked at.
std::expected<std::string, std::string> without_aws_chunks(std::string_view body);

}  // namespace lockstorm::wire
