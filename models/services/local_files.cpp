// How the local disk answers: each system call of backend-protocols.md 3.10 and 4.8 as one transition.
#include "models/services/local_files.hpp"

#include <algorithm>
#include <functional>

#include "checkers/tags.hpp"
#include "models/services/no_room.hpp"
#include "models/services/state_write.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

using Status = LocalFiles::Status;
using Response = LocalFiles::Response;

constexpr StateSnapshot kTornText{{}, {}, 0, 1, {}, 0};

sim::Effect<Response> answer(Status status) { return {{status, {}, {}, 0}, 0}; }

void close(sim::Who& holder, ProcessSet& open, sim::Who who) {
  if (holder == who) holder = sim::Who::nobody();
  open.erase(who);
}

void close_all(LocalFiles::Value& value, sim::Who who) {
  close(value.holder, value.open, who);
  for (LocalFiles::Nameless& file : value.nameless) close(file.holder, file.open, who);
  value.normalise();
}

class Transition {
 public:
  Transition(LocalFiles::Value& value, sim::Slot caller)
      : value_(value), caller_(sim::Who::process(caller)) {}

  sim::Effect<Response> operator()(const LocalFiles::LockFile&) {
    if (held_by_another()) return answer(Status::would_block);
    holder() = caller_;
    return answer(Status::ok);
  }

  sim::Effect<Response> operator()(const LocalFiles::UnlockFile&) {
    close_all(value_, caller_);
    return answer(Status::ok);
  }

  sim::Effect<Response> operator()(const LocalFiles::QueryLock&) {
    return answer(held_by_another() ? Status::would_block : Status::ok);
  }

  // Whoever reads a file that a rewrite has emptied or torn has not read the state that was acknowledged
  // last.
  sim::Effect<Response> operator()(const LocalFiles::ReadState& read) {
    const bool tells_all = nameless_ == nullptr && !value_.destroyed.exists() && read.for_backup == 0;
    return {{Status::ok, contents(), {}, 1}, tells_all ? sim::Tags{checkers::kReadsState} : sim::Tags{0}};
  }

  // No kWritesState: nothing takes the place of the old state before the new text is complete.
  sim::Effect<Response> operator()(const LocalFiles::Truncate& truncate) {
    if (truncate.for_good != 0) return erase();
    if (nameless_ == nullptr) {
      value_.exists = 1;
      if (value_.contents.exists() && value_.contents.torn == 0) value_.destroyed = value_.contents;
    }
    contents() = {};
    return answer(Status::ok);
  }

  sim::Effect<Response> operator()(const LocalFiles::WritePrefix&) {
    contents() = kTornText;
    return answer(Status::ok);
  }

  sim::Effect<Response> operator()(const LocalFiles::WriteContents& write) {
    if (nameless_ != nullptr) return write_nameless(write.text);
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

  sim::Effect<Response> operator()(const LocalFiles::Stat&) {
    if (value_.exists == 0) return answer(Status::no_entry);
    return answer(value_.contents.exists() ? Status::ok : Status::empty_file);
  }

  sim::Effect<Response> operator()(const LocalFiles::Open&) {
    value_.exists = 1;
    value_.open.insert(caller_);
    return answer(Status::ok);
  }

  // Who has the file open keeps it, lock and all.
  sim::Effect<Response> operator()(const LocalFiles::RemoveState&) {
    if (value_.exists == 0) return answer(Status::no_entry);
    const sim::Tags tags = state_deletion_tags(value_.contents);
    if (!value_.open.empty()) {
      const auto room = std::ranges::find(value_.nameless, LocalFiles::Nameless{});
      if (room == value_.nameless.end()) no_room("nameless state files");
      *room = {value_.contents, value_.holder, value_.open};
    }
    value_.contents = {};
    value_.holder = {};
    value_.open = {};
    value_.exists = 0;
    value_.normalise();
    return {{Status::ok, {}, {}, 0}, tags};
  }

 private:
  // The state is deleted: nothing will be written in its place.
  sim::Effect<Response> erase() {
    const sim::Tags tags =
        nameless_ != nullptr
            ? sim::Tags{0}
            : state_deletion_tags(value_.contents.exists() ? value_.contents : value_.destroyed);
    contents() = {};
    if (nameless_ == nullptr) value_.destroyed = {};
    return {{Status::ok, {}, {}, 0}, tags};
  }

  sim::Who& holder() { return nameless_ != nullptr ? nameless_->holder : value_.holder; }
  bool held_by_another() { return !holder().is_nobody() && holder() != caller_; }
  StateSnapshot& contents() { return nameless_ != nullptr ? nameless_->contents : value_.contents; }

  // Acknowledged, and found by nobody. What stands in a newer file of the name is not touched.
  sim::Effect<Response> write_nameless(const StateSnapshot& text) {
    nameless_->contents = text;
    if (value_.contents.exists()) return answer(Status::ok);
    const sim::Tags tags = state_write_tags(value_.destroyed, text, caller_);
    value_.destroyed = text;
    return {{Status::ok, {}, {}, 0}, tags};
  }

  static LocalFiles::Nameless* opened_by(LocalFiles::Value& value, sim::Who who) {
    const auto file = std::ranges::find_if(
        value.nameless, [who](const auto& nameless) { return nameless.open.contains(who); });
    return file == value.nameless.end() ? nullptr : &*file;
  }

  LocalFiles::Value& value_;
  sim::Who caller_;
  LocalFiles::Nameless* nameless_ = opened_by(value_, caller_);  ///< what the caller has open, if that
};

}  // namespace

// Empty places sort last.
void LocalFiles::Value::normalise() {
  for (Nameless& file : nameless) {
    if (file.open.empty()) file = {};
  }
  std::ranges::sort(nameless, std::greater<>{});
}

LocalFiles::Value LocalFiles::initial() const {
  Value value;
  value.contents = initial_state;
  value.exists = initial_state.exists() ? 1 : 0;
  return value;
}

sim::Effect<Response> LocalFiles::apply(Value& value, sim::Slot caller, const Request& request) const {
  if (value.gone.contains(sim::Who::process(caller))) return answer(Status::no_process);
  return std::visit(Transition(value, caller), request);
}

void LocalFiles::process_ended(Value& value, sim::Slot slot) const {
  const sim::Who who = sim::Who::process(slot);
  close_all(value, who);
  value.gone.insert(who);
  value.normalise();
}

void LocalFiles::process_started(Value& value, sim::Slot slot) const {
  value.gone.erase(sim::Who::process(slot));
}

sim::SlotSet LocalFiles::holders(const Value& value) const {
  return value.holder.is_nobody() ? sim::SlotSet{0} : sim::only(value.holder);
}

std::string_view LocalFiles::operation(const Request& request) {
  constexpr auto kNames =
      sim::text_for_each<Request>({"fcntl F_SETLK", "close", "fcntl F_GETLK", "read", "ftruncate", "write",
                                   "write", "write", "read", "unlink", "stat", "open", "unlink"});
  return kNames[request.index()];
}

}  // namespace lockstorm::models
