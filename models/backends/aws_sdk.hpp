// The AWS SDK's retries: what turns one logical call into several requests (backend-protocols.md 2.12).
#pragma once

#include <algorithm>
#include <chrono>

#include "models/backends/sdk_answer.hpp"
#include "models/services/dynamodb.hpp"
#include "models/services/s3.hpp"

namespace lockstorm::models {

/// 500 and 503 and throttling are retried; 409 ConditionalRequestConflict and 412 are not.
inline bool is_retried(const S3::Response& response) {
  return response.status == S3::Status::server_error || response.status == S3::Status::slow_down;
}
inline bool is_retried(const DynamoDb::Response& response) {
  return response.status == DynamoDb::Status::server_error || response.status == DynamoDb::Status::throttled;
}

/// Sends the identical request up to `max_attempts` times in all (`max_retries` is passed as max attempts).
template <sim::Service S>
SdkAnswer<typename S::Response> sdk_call(sim::Process& self, sim::ServiceRef<S> service,
                                         const typename S::Request& request, unsigned max_attempts) {
  using Answer = SdkAnswer<typename S::Response>;
  return self.scope<Answer>(scope_tag::sdk_call, [&]() -> Answer {
    constexpr std::chrono::milliseconds kLongestBackoff{20'000};
    // Exponential with full jitter: before attempt 2 anything in 0..1 s, and so on; this is the middle of it.
    std::chrono::milliseconds backoff{500};
    for (unsigned attempt = 1;; ++attempt) {
      const auto reply = self.call(service, request);
      const bool retry = !reply.answered() || is_retried(*reply);
      if (!retry) return {*reply, 1};
      if (attempt == max_attempts) return reply.answered() ? Answer{*reply, 1} : Answer{};
      self.sleep_with_jitter(backoff);
      backoff = std::min(backoff * 2, kLongestBackoff);
    }
  });
}

}  // namespace lockstorm::models
