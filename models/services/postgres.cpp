// How PostgreSQL answers: each statement of backend-protocols.md 3.8 as one transition, sessions as in 4.7.
#include "models/services/postgres.hpp"

#include <algorithm>

#include "checkers/tags.hpp"
#include "models/services/no_room.hpp"
#include "models/services/state_write.hpp"

namespace lockstorm::models {
namespace {

using Status = Postgres::Status;
using Key = Postgres::Key;
using Session = Postgres::Session;
using Connections = Postgres::Connections;
using Response = Postgres::Response;
using Value = Postgres::Value;
using Effect = sim::Effect<Response>;

Effect answer(Status status, sim::Tags tags = 0) { return {{.status = status}, tags}; }
std::uint16_t flag(bool set) { return set ? 1 : 0; }

Connections connections_of(const Value& value, sim::Who client) {
  const auto known = std::ranges::find(value.connections, client, &Connections::client);
  Connections connections = known == value.connections.end() ? Connections{client} : *known;
  if (value.ended.contains(client)) connections.closed_before = Postgres::kAllClosed;
  return connections;
}

void store(Value& value, Connections changed) {
  if (changed.closed_before == Postgres::kAllClosed) {
    value.ended.insert(changed.client);
    changed.closed_before = 1;
  }
  auto place = std::ranges::find(value.connections, changed.client, &Connections::client);
  if (place == value.connections.end())
    place = std::ranges::find(value.connections, sim::Who::nobody(), &Connections::client);
  const bool is_plain = changed == Connections{changed.client};
  if (place != value.connections.end()) {
    *place = is_plain ? Connections{} : changed;
  } else if (!is_plain) {
    no_room("clients that lose connections");
  }
}

bool is_closed(const Value& value, const Session& session) {
  return session.number < connections_of(value, session.owner).closed_before;
}

// The server ends the sessions of a client before that one: their locks go, and whatever they had been sent.
void close(Value& value, sim::Who client, std::uint16_t before) {
  Connections connections = connections_of(value, client);
  connections.closed_before = std::max(connections.closed_before, before);
  store(value, connections);
  for (Postgres::AdvisoryLock* lock : {&value.row, &value.creation}) {
    if (lock->by.owner == client && lock->by.number < before) *lock = {};
  }
}

// A session that its client has lost and the server has not.
bool is_lost(const Value& value, const Session& session) {
  if (session.number == 0 || session.owner.is_nobody()) return false;
  const Connections connections = connections_of(value, session.owner);
  return session.number < connections.current && session.number >= connections.closed_before;
}

bool wants_lock(const Postgres::Request& request) {
  return std::holds_alternative<Postgres::TryLocks>(request) ||
         std::holds_alternative<Postgres::TryCreationLock>(request);
}

bool lost_session_holds(const Value& value) {
  return is_lost(value, value.row.by) || is_lost(value, value.creation.by);
}

bool live_session_holds(const Value& value) { return value.row.times > 0 || value.creation.times > 0; }

// What the server has noticed when it comes to the next statement.
void notice(Value& value, bool lost, bool live) {
  for (const Session& holder : {value.row.by, value.creation.by}) {
    if (lost && is_lost(value, holder))
      close(value, holder.owner, connections_of(value, holder.owner).current);
    if (live && holder.number != 0 && !holder.owner.is_nobody())
      close(value, holder.owner, static_cast<std::uint16_t>(connections_of(value, holder.owner).current + 1));
  }
}

class Transition {
 public:
  Transition(Value& value, sim::Who caller, Session session)
      : value_(value), caller_(caller), session_(session) {}

  Effect operator()(const Postgres::SelectNames&) const {
    return answer(value_.state.exists() ? Status::ok : Status::no_rows);
  }

  // One SELECT: without a row neither function is called.
  Effect operator()(const Postgres::TryLocks&) {
    if (!value_.state.exists()) return answer(Status::no_rows);
    const bool row = take(value_.row);
    const bool creation = take(value_.creation);
    if (row && creation) tell();
    const std::uint16_t elsewhere = row && !creation ? value_.creation.elsewhere : std::uint16_t{0};
    return {{.got_row = flag(row), .got_creation = flag(creation), .elsewhere = elsewhere}, 0};
  }

  Effect operator()(const Postgres::TryCreationLock& lock) {
    const bool got = take(value_.creation);
    if (got) value_.creation.elsewhere = lock.elsewhere;
    if (got && lock.elsewhere == 0) tell();
    const std::uint16_t elsewhere = got ? std::uint16_t{0} : value_.creation.elsewhere;
    return {{.got_creation = flag(got), .elsewhere = elsewhere}, 0};
  }

  // Of a lock that the session does not have: false, and a warning that nobody reads.
  Effect operator()(const Postgres::UnlockKey& unlock) {
    if (unlock.is_release != 0) value_.told.erase(caller_);
    Postgres::AdvisoryLock& lock = unlock.key == Key::row ? value_.row : value_.creation;
    if (lock.times == 0 || lock.by != session_) return answer(Status::ok);
    if (--lock.times == 0) lock = {};
    return {{.got_row = 1}, 0};
  }

  Effect operator()(const Postgres::SelectData&) const { return data(); }

  Effect operator()(const Postgres::Upsert& upsert) {
    if (upsert.is_fenced != 0 && value_.state != upsert.expected) return answer(Status::unchanged);
    const sim::Tags tags = state_write_tags(value_.state, upsert.state, caller_);
    value_.state = upsert.state;
    return answer(Status::ok, tags);
  }

  Effect operator()(const Postgres::DeleteRow&) {
    const sim::Tags tags = state_deletion_tags(value_.state);
    value_.state = {};
    return answer(Status::ok, tags);
  }

  Effect operator()(const Postgres::SelectLocks&) const {
    const Session& by = value_.row.times > 0 ? value_.row.by : value_.creation.by;
    return {{.got_row = flag(value_.row.times > 0),
             .got_creation = flag(value_.creation.times > 0),
             .holder = by.owner},
            0};
  }

  // The client hears of it when it next sends something.
  Effect operator()(const Postgres::TerminateBackend& terminate) {
    close(value_, terminate.client,
          static_cast<std::uint16_t>(connections_of(value_, terminate.client).current + 1));
    return answer(Status::ok);
  }

 private:
  [[nodiscard]] Effect data() const {
    if (!value_.state.exists()) return answer(Status::no_rows, checkers::kReadsState);
    return {{.state = value_.state}, checkers::kReadsState};
  }

  bool take(Postgres::AdvisoryLock& lock) const {
    if (lock.times > 0 && lock.by != session_) return false;
    lock.by = session_;
    ++lock.times;
    return true;
  }

  void tell() {
    if (session_.owner.is_nobody()) value_.told.insert(caller_);
  }

  Value& value_;
  sim::Who caller_;
  Session session_;
};

}  // namespace

void Postgres::Value::normalise() { std::ranges::sort(connections, std::ranges::greater{}); }

Postgres::Value Postgres::initial() const {
  Value value;
  value.state = initial_state;
  value.losses_left = session_losses;
  return value;
}

// Behind a pooler: which server session. Else, for whoever wants a lock: alternative 0 is that the server has
// noticed every connection that is lost, the next that it has not; the last that it has ended the holder's
// session itself.
unsigned Postgres::alternatives(const Value& value, const Request& request) const {
  if (pooled_sessions > 0) return pooled_sessions;
  if (!wants_lock(request)) return 1;
  return 1U + (lost_session_holds(value) ? 1U : 0U) +
         (value.losses_left > 0 && live_session_holds(value) ? 1U : 0U);
}

sim::Effect<Response> Postgres::apply(Value& value, sim::Slot caller, const Request& request,
                                      unsigned alternative) const {
  const sim::Who who = sim::Who::process(caller);
  const auto number = std::visit([](const auto& statement) { return statement.connection; }, request);
  Session session{who, number};
  if (pooled_sessions > 0) {
    session = {sim::Who::nobody(), static_cast<std::uint16_t>(alternative + 1)};
  } else {
    if (is_closed(value, session)) {
      // The client knows now, and opens another connection.
      Connections connections = connections_of(value, who);
      connections.current = std::max(connections.current, static_cast<std::uint16_t>(number + 1));
      if (connections.closed_before != kAllClosed) store(value, connections);
      return answer(Status::fatal);
    }
    if (wants_lock(request)) {
      const unsigned lost = lost_session_holds(value) ? 1U : 0U;
      const bool ends_session = alternative > lost;
      if (ends_session) --value.losses_left;
      notice(value, alternative == 0, ends_session);
      if (is_closed(value, session)) return apply(value, caller, request, 0);
    }
  }
  return std::visit(Transition(value, who, session), request);
}

// The kernel closes a dead process's sockets.
void Postgres::process_ended(Value& value, sim::Slot slot) const {
  const sim::Who who = sim::Who::process(slot);
  if (pooled_sessions > 0) {
    value.told.erase(who);
  } else {
    close(value, who, kAllClosed);
  }
}

void Postgres::connection_lost(Value& value, sim::Slot slot) const {
  if (pooled_sessions > 0) return;  // the pooler's sessions stay
  Connections connections = connections_of(value, sim::Who::process(slot));
  if (connections.closed_before == kAllClosed) return;
  ++connections.current;
  store(value, connections);
}

sim::SlotSet Postgres::holders(const Value& value) const {
  sim::SlotSet holders = 0;
  const auto add = [&holders](sim::Who who) { holders |= sim::only(who); };
  add(value.row.by.owner);
  add(value.creation.by.owner);
  value.told.for_each(add);
  return holders;
}

std::string_view Postgres::operation(const Request& request) {
  constexpr std::array<std::string_view, 9> kNames{"SELECT name",
                                                   "SELECT pg_try_advisory_lock",
                                                   "SELECT pg_try_advisory_lock",
                                                   "SELECT pg_advisory_unlock",
                                                   "SELECT data",
                                                   "INSERT ON CONFLICT UPDATE",
                                                   "DELETE",
                                                   "SELECT pg_locks",
                                                   "SELECT pg_terminate_backend"};
  return kNames[request.index()];
}

}  // namespace lockstorm::models
