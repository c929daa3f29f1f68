// How the local disk answers: each system call of backend-protocols.md 3.10 and 4.8 as one transition.
#include "models/services/local_files.hpp"

#include <algorithm>
#include <functional>

#include "checkers/tags.hpp"
#include "models/services/state_write.hpp"

namespace lockstorm::models {
namespace {

using Status = LocalFiles::Status;
using Response = LocalFiles::Response;

constexpr StateSnapshot kTornText{{}, {}, 0, 1, {}, 0};

sim::Effect<Response> answer(Status status) { return {{status, {}, {}, 0}, 0}; }

class Transition {
 public:
  Transition(LocalFiles::Value& value, sim::Slot caller)
      : value_(value), caller_(sim::Who::process(caller)) {}

  sim::Effect<Response> operator()(const LocalFiles::LockFile&) {
    if (held_by_another()) return answer(Status::would_block);
    value_.holder = caller_;
    return answer(Status::ok);
  }

  sim::Effect<Response> operator()(const LocalFiles::UnlockFile&) {
    if (value_.holder == caller_) value_.holder = sim::Who::nobody();
    return answer(Status::ok);
  }

  sim::Effect<Response> operator()(const LocalFiles::QueryLock&) {
    return answer(held_by_another() ? Status::would_block : Status::ok);
  }

  // Whoever reads a file that a rewrite has emptied or torn has not read the state that was acknowledged
  // last.
  sim::Effect<Response> operator()(const LocalFiles::ReadState& read) {
    const bool tells_all = !value_.destroyed.exists() && read.for_backup == 0;
    return {{Status::ok, value_.contents, {}, 1},
            tells_all ? sim::Tags{checkers::kReadsState} : sim::Tags{0}};
  }

  // No kWritesState: nothing takes the place of the old state before the new text is complete.
  sim::Effect<Response> operator()(const LocalFiles::Truncate&) {
    if (value_.contents.exists() && value_.contents.torn == 0) value_.destroyed = value_.contents;
    value_.contents = {};
    return answer(Status::ok);
  }

  sim::Effect<Response> operator()(const LocalFiles::WritePrefix&) {
    value_.contents = kTornText;
    return answer(Status::ok);
  }

  sim::Effect<Response> operator()(const LocalFiles::WriteContents& write) {
    const StateSnapshot& before = value_.destroyed.exists() ? value_.destroyed : value_.contents;
    const sim::Tags tags = state_write_tags(before, write.text, caller_);
    value_.contents = write.text;
    value_.destroyed = {};
    return {{Status::ok, {}, {}, 0}, tags};
  }

  sim::Effect<Response> operator()(const LocalFiles::WriteInfo& write) {
    value_.info = write.info;
    return answer(Status::ok);
  }

  sim::Effect<Response> operator()(const LocalFiles::ReadInfo&) {
    if (value_.info.empty()) return answer(Status::no_entry);
    return {{Status::ok, {}, value_.info, 0}, 0};
  }

  sim::Effect<Response> operator()(const LocalFiles::RemoveInfo& remove) {
    if (value_.info.empty()) return answer(Status::no_entry);
    const bool foreign = value_.info.id != remove.intended;
    value_.info = {};
    return {{Status::ok, {}, {}, 0}, foreign ? sim::Tags{checkers::kTouchesForeignLock} : sim::Tags{0}};
  }

 private:
  [[nodiscard]] bool held_by_another() const {
    return !value_.holder.is_nobody() && value_.holder != caller_;
  }

  LocalFiles::Value& value_;
  sim::Who caller_;
};

}  // namespace

// Empty places ("nobody") sort last.
void LocalFiles::Value::normalise() { std::ranges::sort(gone, std::greater<>{}); }

sim::Effect<Response> LocalFiles::apply(Value& value, sim::Slot caller, const Request& request) const {
  if (std::ranges::find(value.gone, sim::Who::process(caller)) != value.gone.end())
    return answer(Status::no_process);
  return std::visit(Transition(value, caller), request);
}

void LocalFiles::process_ended(Value& value, sim::Slot slot) const {
  const sim::Who who = sim::Who::process(slot);
  if (value.holder == who) value.holder = sim::Who::nobody();
  const auto room = std::ranges::find(value.gone, sim::Who::nobody());
  if (room != value.gone.end()) *room = who;
  value.normalise();
}

sim::SlotSet LocalFiles::holders(const Value& value) const {
  return value.holder.is_nobody() ? sim::SlotSet{0} : sim::only(value.holder);
}

std::string_view LocalFiles::operation(const Request& request) {
  constexpr std::array<std::string_view, 10> kNames{"fcntl F_SETLK", "close", "fcntl F_GETLK", "read",
                                                    "ftruncate",     "write", "write",         "write",
                                                    "read",          "unlink"};
  return kNames[request.index()];
}

}  // namespace lockstorm::models
