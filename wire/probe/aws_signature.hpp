// Signature Version 4: how requests to AWS, and to the many stores that imitate it, say who sends them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "wire/net/client.hpp"
#include "wire/net/exchange.hpp"

namespace lockstorm::wire {

struct AwsCredentials {
  std::string access_key;
  std::string secret_key;
  std::string session_token{};  ///< empty: none
};

struct AwsScope {
  std::string region;   ///< "eu-west-1"
  std::string service;  ///< "s3", "dynamodb"
};

/// Adds x-amz-date, x-amz-content-sha256, x-amz-security-token and Authorization. `request.target` is as it
/// will be sent, its path escaped once and its query in any order; all headers are signed. `date` is UTC as
/// "20130524T000000Z". (AWS, "Create a signed AWS API request"; for S3 "Signature Calculations for the
/// Authorization Header".)
void sign_for_aws(HttpRequest& request, const Url& server, const AwsCredentials& credentials,
                  const AwsScope& scope, std::string_view date);

/// A time as `sign_for_aws` wants it.
std::string aws_date(std::chrono::sys_seconds time);

/// A path or a part of a query as AWS escapes it: everything but letters, digits and "-._~"; slashes stay if
/// it is a path.
std::string escaped_for_aws(std::string_view text, bool is_path);

}  // namespace lockstorm::wire
