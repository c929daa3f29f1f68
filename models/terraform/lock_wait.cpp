#include "models/terraform/lock_wait.hpp"

#include <algorithm>

#include "models/terraform/milestone.hpp"

namespace lockstorm::models {
namespace {

constexpr std::uint16_t kFirstDelay_s = 1;
constexpr std::uint16_t kLongestDelay_s = 16;

struct WaitState {
  std::uint16_t delay_s = kFirstDelay_s;
};

}  // namespace

LockWaitResult lock_with_timeout(sim::Process& self, const Backend& backend, const LockInfo& info,
                                 std::chrono::milliseconds lock_timeout, const std::function<bool()>& stopped,
                                 std::size_t command, bool refusal_is_final) {
  return self.scope<LockWaitResult>(scope_tag::lock_wait, [&]() -> LockWaitResult {
    self.begin_deadline(lock_timeout);
    WaitState wait;
    for (;;) {
      self.forget(scope_tag::lock_wait, wait);
      const LockResult result =
          self.scope<LockResult>(scope_tag::lock, [&] { return backend.lock(self, info); });
      if (result.status == LockStatus::granted) {
        const bool waited = wait.delay_s != kFirstDelay_s;
        self.mark(mark_of(command, waited ? Goal::granted_after_waiting : Goal::granted_at_once));
      }
      if (result.status == LockStatus::refused_inconsistent) continue;  // neither pause nor deadline (2.2.5)
      if (result.status != LockStatus::refused && result.status != LockStatus::refused_showing_caller)
        return {result, 0};  // granted, or an error that is not retriable (2.2.1)
      if (refusal_is_final && lock_timeout != std::chrono::milliseconds::zero()) return {result, 0};
      if (lock_timeout == std::chrono::milliseconds::zero()) return {result, 1};
      if (!self.sleep_unless_deadline(std::chrono::seconds(wait.delay_s))) return {result, 1};
      if (stopped && stopped()) return {result, 1};
      wait.delay_s = std::min<std::uint16_t>(static_cast<std::uint16_t>(wait.delay_s * 2), kLongestDelay_s);
    }
  });
}

}  // namespace lockstorm::models
