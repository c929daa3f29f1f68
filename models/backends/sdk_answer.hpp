// One logical call of a vendor's client library: the requests it becomes and the one answer that counts
// (backend-protocols.md 2.12).
#pragma once

#include <chrono>
#include <cstdint>

#include "models/terraform/backend.hpp"
#include "models/terraform/choice.hpp"

namespace lockstorm::models {

/// The last attempt's answer. Not answered: every attempt ended in a connection error or time-out.
template <class Response>
struct SdkAnswer {
  Response response;
  std::uint16_t answered = 0;
};

/// How often a library sends a request, and when it sends it again.
struct RetryPolicy {
  unsigned most = 1;
  /// Before each attempt but the first. Libraries make it longer from one to the next, which shows nowhere
  /// that time is free.
  std::chrono::milliseconds pause{0};
  bool after_silence = true;  ///< also when there was no answer
  /// No answer may mean a broken connection, which counts as above, or a time-out, which ends the call.
  bool silence_may_be_final = false;
};

/// Sends the identical request until an answer comes that `is_retried(response)` does not want repeated.
template <sim::Service S, class IsRetried>
SdkAnswer<typename S::Response> call_with_attempts(sim::Process& self, sim::ServiceRef<S> service,
                                                   const typename S::Request& request, RetryPolicy policy,
                                                   IsRetried&& is_retried) {
  using Answer = SdkAnswer<typename S::Response>;
  return self.scope<Answer>(scope_tag::sdk_call, [&]() -> Answer {
    for (unsigned attempt = 1;; ++attempt) {
      const auto reply = self.call(service, request);
      const bool final =
          !reply.answered() && policy.silence_may_be_final && self.choose(2, Choice::silence_is_final) == 1;
      const bool retry = reply.answered() ? is_retried(*reply) : policy.after_silence && !final;
      if (!retry || attempt == policy.most) return reply.answered() ? Answer{*reply, 1} : Answer{};
      if (policy.pause.count() != 0) self.sleep(policy.pause);
    }
  });
}

}  // namespace lockstorm::models
