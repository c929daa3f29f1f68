#include "sim/process/signal_stack.hpp"

#include <signal.h>

namespace lockstorm::sim::detail {
namespace {

constexpr std::size_t kSignalStackBytes = std::size_t{64} * 1024;

bool has_one_already() {
  stack_t present{};
  return ::sigaltstack(nullptr, &present) == 0 && (present.ss_flags & SS_DISABLE) == 0;
}

}  // namespace

SignalStack::SignalStack() {
  if (has_one_already()) return;
  stack_.resize(kSignalStackBytes);
  stack_t ours{};
  ours.ss_sp = stack_.data();
  ours.ss_size = stack_.size();
  if (::sigaltstack(&ours, nullptr) != 0) stack_.clear();
}

SignalStack::~SignalStack() {
  if (stack_.empty()) return;
  stack_t none{};
  none.ss_flags = SS_DISABLE;
  ::sigaltstack(&none, nullptr);
}

}  // namespace lockstorm::sim::detail
