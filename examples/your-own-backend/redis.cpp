#include "redis.hpp"

namespace mine {
namespace {

namespace checkers = lockstorm::checkers;

class Transition {
 public:
  Transition(Redis::Value& value, sim::Who caller) : value_(value), caller_(caller) {}

  sim::Effect<Redis::Response> operator()(const Redis::GetState&) {
    return {{value_.state.exists(), value_.state, {}}, checkers::kReadsState};
  }

  sim::Effect<Redis::Response> operator()(const Redis::SetState& set) {
    if (!set.only_under.empty() && value_.lock.id != set.only_under.id) return {{0, {}, {}}, 0};
    const sim::Tags tags = lockstorm::models::state_write_tags(value_.state, set.body, caller_);
    value_.state = set.body;
    return {{1, {}, {}}, tags};
  }

  sim::Effect<Redis::Response> operator()(const Redis::TakeLock& take) {
    if (!value_.lock.empty()) return {{0, {}, {}}, 0};
    value_.lock = take.info;
    return {{1, {}, {}}, 0};
  }

  sim::Effect<Redis::Response> operator()(const Redis::GetLock&) {
    return {{!value_.lock.empty(), {}, value_.lock}, 0};
  }

  sim::Effect<Redis::Response> operator()(const Redis::DeleteLock& del) {
    const bool is_meant = value_.lock.id == del.meant.id;
    if (value_.lock.empty() || (del.compares != 0 && !is_meant)) return {{0, {}, {}}, 0};
    value_.lock = {};
    // A tag tells the monitors what this effect means; without it nobody would notice.
    return {{1, {}, {}}, is_meant ? sim::Tags{0} : sim::Tags{checkers::kTouchesForeignLock}};
  }

 private:
  Redis::Value& value_;
  sim::Who caller_;
};

}  // namespace

sim::Effect<Redis::Response> Redis::apply(Value& value, sim::Slot caller, const Request& request,
                                          unsigned alternative) const {
  if (alternative == 1) value.lock = {};
  return std::visit(Transition(value, sim::Who::process(caller)), request);
}

sim::SlotSet Redis::holders(const Value& value) const {
  const sim::Who owner = value.lock.id.owner;
  return owner.is_nobody() ? sim::SlotSet{0} : sim::SlotSet{1} << owner.slot();
}

}  // namespace mine
