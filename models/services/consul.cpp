// How Consul answers: sessions, the lock that follows its session, check-and-set (backend-protocols.md 4.4).
#include "models/services/consul.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include "models/services/no_room.hpp"
#include "models/services/state_write.hpp"

namespace lockstorm::models {
namespace {

using Response = Consul::Response;
using Session = Consul::Session;
using Status = Consul::Status;

constexpr std::uint16_t kAllChunks = (1U << Consul::kChunks) - 1U;

sim::Effect<Response> answer(Status status, sim::Tags tags = 0) {
  Response response;
  response.status = status;
  return {response, tags};
}

template <class Value>  // const or not
auto* find(Value& value, const LockId& id) {
  const auto found =
      std::ranges::find_if(value.sessions, [&](const Session& s) { return s.exists() && s.id == id; });
  return found == value.sessions.end() ? nullptr : &*found;
}

bool in_doubt(const Consul::Value& value, const LockId& id) {
  const Session* session = find(value, id);
  return session != nullptr && session->in_doubt != 0;
}
bool holder_in_doubt(const Consul::Value& value) {
  return !value.holder.empty() && in_doubt(value, value.holder);
}

// How an acquire may end, in the order of its alternatives.
enum class Try : std::uint8_t { granted, refused, invalid };

std::vector<Try> tries(const Consul::Value& value, const LockId& session) {
  const Session* own = find(value, session);
  if (own == nullptr) return {Try::invalid};
  if (value.holder == session) return {Try::granted};  // already ours (4.4.5)
  std::vector<Try> possible;
  if (value.holder.empty() || holder_in_doubt(value)) possible.push_back(Try::granted);
  // Held, expired but within the lock-delay, or free within the lock-delay.
  if (!value.holder.empty() || value.delayed != 0) possible.push_back(Try::refused);
  if (own->in_doubt != 0) possible.push_back(Try::invalid);
  return possible;
}

// The loss, if it may have come to that, and no news.
unsigned ways_to_watch(const Consul::Value& value, const LockId& session) {
  return value.holder == session && !holder_in_doubt(value) ? 1 : 2;
}

class Transition {
 public:
  Transition(const Consul& consul, Consul::Value& value, sim::Who caller, unsigned alternative)
      : consul_(consul), value_(value), caller_(caller), alternative_(alternative) {}

  sim::Effect<Response> operator()(const Consul::CreateSession& create) {
    if (Session* earlier = find(value_, create.id)) {
      earlier->in_doubt = 0;
      return {};
    }
    const auto free = std::ranges::find_if(value_.sessions, [](const Session& s) { return !s.exists(); });
    if (free == value_.sessions.end()) no_room("sessions");
    *free = {create.id, 0};
    value_.normalise();
    return {};
  }

  sim::Effect<Response> operator()(const Consul::DestroySession& destroy) {
    invalidate(destroy.id);
    return {};  // unknown ids too
  }

  sim::Effect<Response> operator()(const Consul::GetLock&) {
    expire_if_time_passed();
    Response response;
    response.status = value_.holder.empty() ? Status::not_found : Status::ok;
    response.holder = value_.holder;
    return {response, 0};
  }

  sim::Effect<Response> operator()(const Consul::WatchLock& watch) {
    if (alternative_ + 1 == ways_to_watch(value_, watch.session)) return answer(Status::unchanged);
    return (*this)(Consul::GetLock{});
  }

  sim::Effect<Response> operator()(const Consul::Acquire& acquire) {
    switch (tries(value_, acquire.session)[alternative_]) {
      case Try::granted:
        if (value_.holder != acquire.session) {
          if (!value_.holder.empty()) invalidate(value_.holder);
          value_.delayed = 0;  // it is over
        }
        value_.holder = acquire.session;
        return {};
      case Try::refused:
        return answer(Status::no);
      case Try::invalid:
        invalidate(acquire.session);
        return answer(Status::invalid_session);
    }
    return {};
  }

  sim::Effect<Response> operator()(const Consul::Release& release) {
    expire_if_time_passed();
    if (value_.holder != release.session) return answer(Status::no);
    value_.holder = {};  // voluntarily: no delay
    invalidate(release.session);
    return {};
  }

  sim::Effect<Response> operator()(const Consul::DeleteLock& remove) {
    expire_if_time_passed();
    const sim::Tags tags = touches_other(value_.holder, remove.meant);
    value_.holder = {};
    return {{}, tags};
  }

  sim::Effect<Response> operator()(const Consul::GetInfo&) {
    Response response;
    response.info = alternative_ == 0 ? value_.info : value_.older_info;
    response.status = response.info.empty() ? Status::not_found : Status::ok;
    count_stale_read();
    return {response, 0};
  }

  sim::Effect<Response> operator()(const Consul::PutInfo& put) {
    const sim::Tags tags = touches_other(value_.info.id, put.info.id);
    store_info(put.info);
    return {{}, tags};
  }

  sim::Effect<Response> operator()(const Consul::DeleteInfo& remove) {
    const sim::Tags tags = touches_other(value_.info.id, remove.meant);
    store_info({});
    return {{}, tags};
  }

  sim::Effect<Response> operator()(const Consul::GetState& get) {
    const bool stale = alternative_ == 1;
    Response response;
    response.state = stale ? value_.older_state : value_.state;
    response.status = response.state.exists() ? Status::ok : Status::not_found;
    response.is_pointer = stale ? value_.older_is_pointer : value_.is_pointer;
    count_stale_read();
    if (get.for_write != 0 || response.is_pointer != 0) return {response, 0};
    return {response, stale ? checkers::kReadsStaleState : checkers::kReadsState};
  }

  // Chunks belong to one text for ever: who has the last one has read that text.
  sim::Effect<Response> operator()(const Consul::GetChunk& get) {
    const Consul::Chunks* chunks = chunks_of(get.text);
    if (chunks == nullptr || (chunks->present >> get.number & 1U) == 0) return answer(Status::not_found);
    const bool is_current =
        get.number + 1U == Consul::kChunks && value_.is_pointer != 0 && value_.state == get.text;
    return {{}, is_current ? sim::Tags{checkers::kReadsState} : sim::Tags{0}};
  }

  sim::Effect<Response> operator()(const Consul::PutChunk& put) {
    Consul::Chunks* chunks = chunks_of(put.text);
    if (chunks == nullptr) {
      chunks = chunks_of({});
      if (chunks == nullptr) no_room("states in chunks");
      chunks->text = put.text;
    }
    chunks->present = static_cast<std::uint16_t>(chunks->present | 1U << put.number);
    value_.normalise();
    return {};
  }

  sim::Effect<Response> operator()(const Consul::DeleteChunks& remove) {
    if (Consul::Chunks* chunks = chunks_of(remove.text)) *chunks = {};
    value_.normalise();
    return {};
  }

  sim::Effect<Response> operator()(const Consul::WriteState& write) {
    if (consul_.large_states && write.pointer == 0) return answer(Status::too_large);
    const bool expected = value_.state == write.index;  // index 0: only if absent
    if (write.verb == Consul::Verb::cas && !expected) return answer(Status::no);
    const sim::Tags tags = state_write_tags(value_.state, write.text, caller_);
    store_state(write.text, write.pointer);
    return {{}, tags};
  }

  sim::Effect<Response> operator()(const Consul::DeleteState&) {
    const sim::Tags tags = state_deletion_tags(value_.state);
    store_state({}, 0);
    return answer(Status::ok, tags);
  }

  sim::Effect<Response> operator()(const Consul::ListWorkspaces&) {
    return answer(value_.state.exists() ? Status::ok : Status::not_found);
  }

  sim::Effect<Response> operator()(const Consul::FailHealthCheck&) {
    if (!value_.holder.empty()) invalidate(value_.holder);
    return {};
  }

 private:
  void store_state(const StateSnapshot& text, std::uint16_t is_pointer) {
    if (value_.stale_reads_left > 0) {
      value_.older_state = value_.state;
      value_.older_is_pointer = value_.is_pointer;
    }
    value_.state = text;
    value_.is_pointer = is_pointer;
  }
  void store_info(const LockInfo& info) {
    if (value_.stale_reads_left > 0) value_.older_info = value_.info;
    value_.info = info;
  }
  void count_stale_read() {
    if (alternative_ == 0 || --value_.stale_reads_left > 0) return;
    value_.older_state = {};
    value_.older_is_pointer = 0;
    value_.older_info = {};
  }

  // 4.4.4: a held key enters the lock-delay, whatever the cause.
  void invalidate(const LockId& id) {
    if (Session* session = find(value_, id)) *session = {};
    value_.normalise();
    if (id.empty() || value_.holder != id) return;
    value_.holder = {};
    value_.delayed = 1;
  }

  void expire_if_time_passed() {
    if (alternative_ == 0 && holder_in_doubt(value_)) invalidate(value_.holder);
  }

  // Whether removing or replacing what belongs to `owner` alters the lock of somebody else than was meant.
  // The info of a lock that is no more is nobody's.
  [[nodiscard]] sim::Tags touches_other(const LockId& owner, const LockId& meant) const {
    const bool live = !owner.empty() && owner == value_.holder && !holder_in_doubt(value_);
    return live && owner != meant ? sim::Tags{checkers::kTouchesForeignLock} : sim::Tags{0};
  }

  Consul::Chunks* chunks_of(const StateSnapshot& text) {
    const auto found = std::ranges::find(value_.chunks, text, &Consul::Chunks::text);
    return found == value_.chunks.end() ? nullptr : &*found;
  }

  const Consul& consul_;
  Consul::Value& value_;
  sim::Who caller_;
  unsigned alternative_;
};

}  // namespace

// Empty places sort last.
void Consul::Value::normalise() {
  std::ranges::sort(sessions, std::greater<>{});
  std::ranges::sort(chunks, std::greater<>{});
}

Consul::Value Consul::initial() const {
  Value value;
  value.state = initial_state;
  value.stale_reads_left = stale_reads;
  if (stale_reads > 0) value.older_state = initial_state;
  if (large_states && initial_state.exists()) {
    value.is_pointer = 1;
    if (stale_reads > 0) value.older_is_pointer = 1;
    value.chunks[0] = {initial_state, kAllChunks};
  }
  return value;
}

bool Consul::readable(const Value& value) {
  if (value.is_pointer == 0) return true;
  const auto chunks = std::ranges::find(value.chunks, value.state, &Chunks::text);
  return chunks != value.chunks.end() && chunks->present == kAllChunks;
}

unsigned Consul::alternatives(const Value& value, const Request& request) const {
  if (const auto* acquire = std::get_if<Acquire>(&request))
    return static_cast<unsigned>(tries(value, acquire->session).size());
  if (const auto* watch = std::get_if<WatchLock>(&request)) return ways_to_watch(value, watch->session);
  if (std::holds_alternative<GetState>(request) && value.stale_reads_left > 0)
    return value.older_state != value.state ? 2 : 1;
  if (std::holds_alternative<GetInfo>(request) && value.stale_reads_left > 0)
    return value.older_info != value.info ? 2 : 1;
  const bool asks = std::holds_alternative<GetLock>(request) || std::holds_alternative<DeleteLock>(request) ||
                    std::holds_alternative<Release>(request);
  return asks && holder_in_doubt(value) ? 2 : 1;
}

sim::Effect<Response> Consul::apply(Value& value, sim::Slot caller, const Request& request,
                                    unsigned alternative) const {
  return std::visit(Transition(*this, value, sim::Who::process(caller), alternative), request);
}

Response Consul::refuse(const Request&, sim::Refusal kind) {
  if (kind == sim::Refusal::forbidden) return answer(Status::forbidden).response;
  return answer(kind == sim::Refusal::throttled ? Status::too_many_requests : Status::no_leader).response;
}

// What it sent may still arrive; only its renewals do not.
void Consul::process_ended(Value& value, sim::Slot slot) const {
  for (Session& session : value.sessions) {
    if (session.id.owner == sim::Who::process(slot)) session.in_doubt = 1;
  }
  value.normalise();
}

void Consul::settled(Value& value) const {
  if (!holder_in_doubt(value)) return;
  if (Session* session = find(value, value.holder)) *session = {};
  value.holder = {};
  value.delayed = 0;
  value.normalise();
}

void Consul::process_paused(Value& value, sim::Slot slot, bool paused) const {
  if (paused) process_ended(value, slot);
}

sim::RanOut Consul::ran_out(const Value& before, const Request& request, unsigned /*alternative*/,
                            const Value& after) {
  if (std::holds_alternative<FailHealthCheck>(request)) return {};
  LockId ended;  // by the request itself
  if (const auto* destroy = std::get_if<DestroySession>(&request)) ended = destroy->id;
  if (const auto* release = std::get_if<Release>(&request)) ended = release->session;
  sim::SlotSet owners = 0;
  for (const Session& session : before.sessions) {
    const bool is_gone = session.exists() && find(after, session.id) == nullptr;
    if (is_gone && session.id != ended && session.in_doubt != 0)
      owners = static_cast<sim::SlotSet>(owners | sim::only(session.id.owner));
  }
  return {owners, "session"};
}

sim::SlotSet Consul::holders(const Value& value) const {
  if (!lock_here) return sim::kEverybody;
  return value.holder.empty() || holder_in_doubt(value) ? sim::SlotSet{0} : sim::only(value.holder.owner);
}

}  // namespace lockstorm::models
