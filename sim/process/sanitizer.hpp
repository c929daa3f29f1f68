// Tells the sanitizers about our fiber switches; works with Debian's un-instrumented Boost because every
// switch target is known before switching.
#pragma once

#include <cstddef>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LOCKSTORM_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define LOCKSTORM_TSAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define LOCKSTORM_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__)
#define LOCKSTORM_TSAN 1
#endif

#if LOCKSTORM_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if LOCKSTORM_TSAN
extern "C" {
void* __tsan_get_current_fiber(void);
void* __tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void* fiber);
void __tsan_switch_to_fiber(void* fiber, unsigned flags);
}
#endif

namespace lockstorm::sim::detail {

/// True under a sanitizer, where stacks need more room.
#if LOCKSTORM_ASAN || LOCKSTORM_TSAN
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

/// What a sanitizer remembers of one stack.
struct SanitizerFiber {
  [[maybe_unused]] void* fake_stack = nullptr;
  [[maybe_unused]] const void* bottom = nullptr;
  [[maybe_unused]] std::size_t size = 0;
  [[maybe_unused]] void* tsan = nullptr;

  void adopt_current_thread() {
#if LOCKSTORM_TSAN
    tsan = __tsan_get_current_fiber();
#endif
  }
  void create() {
#if LOCKSTORM_TSAN
    tsan = __tsan_create_fiber(0);
#endif
  }
  void destroy() {
#if LOCKSTORM_TSAN
    __tsan_destroy_fiber(tsan);
#endif
  }
};

/// Call on the old stack just before switching from `from` to `to`; `last` when `from` never runs again.
inline void announce_switch([[maybe_unused]] SanitizerFiber& from, [[maybe_unused]] SanitizerFiber& to,
                            [[maybe_unused]] bool last = false) {
#if LOCKSTORM_ASAN
  __sanitizer_start_switch_fiber(last ? nullptr : &from.fake_stack, to.bottom, to.size);
#endif
#if LOCKSTORM_TSAN
  __tsan_switch_to_fiber(to.tsan, 0);
#endif
}

/// The same for a switch that is made by creating the fiber `to`. Between this and the fiber's first line
/// instrumented code of Boost's headers runs on both stacks, and ThreadSanitizer counts calls and returns: it
/// is told in `begin_fiber` only.
inline void announce_creation([[maybe_unused]] SanitizerFiber& from, [[maybe_unused]] SanitizerFiber& to) {
#if LOCKSTORM_ASAN
  __sanitizer_start_switch_fiber(&from.fake_stack, to.bottom, to.size);
#endif
}

/// Call on the new stack just after the switch; `came_from` learns its bounds on the first switch away from
/// it.
inline void finish_switch([[maybe_unused]] SanitizerFiber& self,
                          [[maybe_unused]] SanitizerFiber* came_from = nullptr) {
#if LOCKSTORM_ASAN
  const void* bottom = nullptr;
  std::size_t size = 0;
  __sanitizer_finish_switch_fiber(self.fake_stack, &bottom, &size);
  if (came_from != nullptr && came_from->bottom == nullptr) {
    came_from->bottom = bottom;
    came_from->size = size;
  }
#endif
}

/// The first line of a fiber that `from` created. The last one is `announce_switch(self, ..., true)` in the
/// same function, so that what was called on the way in returns where it was called.
inline void begin_fiber([[maybe_unused]] SanitizerFiber& self, [[maybe_unused]] SanitizerFiber& from) {
  finish_switch(self, &from);
#if LOCKSTORM_TSAN
  __tsan_switch_to_fiber(self.tsan, 0);
#endif
}

/// A stack is handed out or taken back: nothing on it is poisoned any more.
inline void unpoison_stack([[maybe_unused]] void* bottom, [[maybe_unused]] std::size_t size) {
#if LOCKSTORM_ASAN
  __asan_unpoison_memory_region(bottom, size);
#endif
}

}  // namespace lockstorm::sim::detail
