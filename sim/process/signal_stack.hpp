// A stack for signal handlers, so that none runs on the small stack of a fiber.
#pragma once

#include <cstddef>
#include <vector>

namespace lockstorm::sim::detail {

/// While it lives, handlers installed with `SA_ONSTACK` run on it in the thread that made it. What the kernel
/// saves for a handler takes up to four KiB (sigaltstack(2)), and the first call of a function from a handler
/// as much again (the dynamic linker saves the same registers), which is more than a fiber may have left.
/// A thread that has such a stack already (a sanitizer's) keeps it.
class SignalStack {
 public:
  SignalStack();
  ~SignalStack();
  SignalStack(const SignalStack&) = delete;
  SignalStack& operator=(const SignalStack&) = delete;

 private:
  std::vector<std::byte> stack_;
};

}  // namespace lockstorm::sim::detail
