// How PostgreSQL answers: each statement of backend-protocols.md 3.8 as one transition, sessions as in 4.7.
#include "models/services/postgres.hpp"

#include <algorithm>
#include <array>

#include "checkers/tags.hpp"
#include "models/services/no_room.hpp"
#include "models/services/postgres_locks.hpp"
#include "models/services/postgres_pooler.hpp"
#include "models/services/state_write.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

using Status = Postgres::Status;
using Key = Postgres::Key;
using Session = Postgres::Session;
using Connections = Postgres::Connections;
using Response = Postgres::Response;
using Text = Postgres::Text;
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
  for (Postgres::AdvisoryLock* lock : {&value.row, &value.creation, &value.creation_in_table}) {
    if (lock->by.owner == client && lock->by.number < before) *lock = {};
  }
}

// A session that its client has lost and the server has not.
bool is_lost(const Value& value, const Session& session) {
  if (session.number == 0 || session.owner.is_nobody()) return false;
  const Connections connections = connections_of(value, session.owner);
  return session.number < connections.current && session.number >= connections.closed_before;
}

// An administrator's own session, with the server itself.
bool is_administrators(const Postgres::Request& request) {
  return std::holds_alternative<Postgres::SelectLocks>(request) ||
         std::holds_alternative<Postgres::TerminateBackend>(request);
}

bool wants_lock(const Postgres::Request& request) {
  return std::holds_alternative<Postgres::TryLocks>(request) ||
         std::holds_alternative<Postgres::TryCreationLock>(request);
}

std::array<Postgres::AdvisoryLock, 3> locks_of(const Value& value) {
  return {value.row, value.creation, value.creation_in_table};
}

bool lost_session_holds(const Value& value) {
  return std::ranges::any_of(locks_of(value), [&](const auto& lock) { return is_lost(value, lock.by); });
}

bool live_session_holds(const Value& value) {
  return std::ranges::any_of(locks_of(value), [](const auto& lock) { return lock.times > 0; });
}

// What the server has noticed when it comes to the next statement.
void notice(Value& value, bool lost, bool live) {
  for (const Postgres::AdvisoryLock& lock : locks_of(value)) {
    const Session& holder = lock.by;
    if (lost && is_lost(value, holder))
      close(value, holder.owner, connections_of(value, holder.owner).current);
    if (live && holder.number != 0 && !holder.owner.is_nobody())
      close(value, holder.owner, static_cast<std::uint16_t>(connections_of(value, holder.owner).current + 1));
  }
}

bool sessions_are_alike(const Value& value) {
  const auto is_first = [&](Text text) { return text == value.prepared.front(); };
  return !live_session_holds(value) && std::ranges::all_of(value.prepared, is_first);
}

class Transition {
 public:
  Transition(Value& value, sim::Who caller, Session session)
      : value_(value), caller_(caller), session_(session) {}

  Effect operator()(const Postgres::SelectNames&) const {
    return answer(value_.state.exists() ? Status::ok : Status::no_rows);
  }

  // One SELECT: without a row neither function is called.
  Effect operator()(const Postgres::TryLocks& locks) {
    if (!value_.state.exists()) return answer(Status::no_rows);
    Postgres::AdvisoryLock& key = lock_of(value_, locks.creation);
    const bool row = try_advisory_lock(value_.row, session_);
    const bool creation = try_advisory_lock(key, session_);
    if (row && creation) tell();
    const std::uint16_t elsewhere = row && !creation ? key.elsewhere : std::uint16_t{0};
    return {{.got_row = flag(row), .got_creation = flag(creation), .elsewhere = elsewhere}, 0};
  }

  Effect operator()(const Postgres::TryCreationLock& lock) {
    Postgres::AdvisoryLock& key = lock_of(value_, lock.creation);
    const bool got = try_advisory_lock(key, session_);
    if (got) key.elsewhere = lock.elsewhere;
    if (got && lock.elsewhere == 0) tell();
    const std::uint16_t elsewhere = got ? std::uint16_t{0} : key.elsewhere;
    return {{.got_creation = flag(got), .elsewhere = elsewhere}, 0};
  }

  Effect operator()(const Postgres::UnlockKey& unlock) {
    if (unlock.is_release != 0) value_.told.erase(caller_);
    return {{.got_row = flag(advisory_unlock(lock_of(value_, unlock.key), session_))}, 0};
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
    const auto locks = locks_of(value_);
    const auto held = std::ranges::find_if(locks, [](const auto& lock) { return lock.times > 0; });
    const bool is_creation = value_.creation.times > 0 || value_.creation_in_table.times > 0;
    return {{.got_row = flag(value_.row.times > 0),
             .got_creation = flag(is_creation),
             .holder = held == locks.end() ? sim::Who::nobody() : held->by.owner},
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

// Behind a pooler: which server session, and of two round trips which two. Else, for whoever wants a lock:
// alternative 0 is that the server has noticed every connection that is lost, the next that it has not; the
// last that it has ended the holder's session itself.
unsigned Postgres::alternatives(const Value& value, const Request& request) const {
  if (pooled_sessions > 0 && !is_administrators(request)) {
    // As long as nothing tells the sessions apart, the first one that is used is the first.
    const unsigned first_ones = sessions_are_alike(value) ? 1U : pooled_sessions;
    return bound_text(request) != Text::none ? first_ones * pooled_sessions : first_ones;
  }
  if (!wants_lock(request)) return 1;
  return 1U + (lost_session_holds(value) ? 1U : 0U) +
         (value.losses_left > 0 && live_session_holds(value) ? 1U : 0U);
}

sim::Effect<Response> Postgres::apply(Value& value, sim::Slot caller, const Request& request,
                                      unsigned alternative) const {
  const sim::Who who = sim::Who::process(caller);
  if (pooled_sessions > 0 && !is_administrators(request))
    return apply_pooled(value, who, request, alternative);
  const auto number = std::visit([](const auto& statement) { return statement.connection; }, request);
  const Session session{who, number};
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
  return std::visit(Transition(value, who, session), request);
}

// A simple query takes away what was prepared on its session without a name.
// [PostgreSQL postgres.c: exec_simple_query, exec_parse_message, exec_bind_message]
sim::Effect<Response> Postgres::apply_pooled(Value& value, sim::Who caller, const Request& request,
                                             unsigned alternative) const {
  const Text text = bound_text(request);
  const sim::Route taken = route(request, alternative);
  const unsigned at = taken.session - 1U;
  const unsigned prepared_at = taken.prepared_on == 0 ? at : taken.prepared_on - 1U;
  const bool is_remembered = (remembered >> static_cast<unsigned>(text) & 1U) != 0;
  value.prepared.at(prepared_at) = is_remembered ? text : Text::none;
  const Session session{sim::Who::nobody(), taken.session};
  const bool is_there = at == prepared_at || value.prepared.at(at) == text;
  return is_there ? std::visit(Transition(value, caller, session), request)
                  : bind_other(value, caller, session, request, value.prepared.at(at));
}

// Alternative by alternative: the session of the Bind counts first, then that of the Parse.
sim::Route Postgres::route(const Request& request, unsigned alternative) const {
  if (pooled_sessions == 0 || is_administrators(request)) return {};
  sim::Route route{.session = static_cast<std::uint16_t>(alternative % pooled_sessions + 1)};
  const auto prepared_on = static_cast<std::uint16_t>(alternative / pooled_sessions + 1);
  if (bound_text(request) != Text::none && prepared_on != route.session) route.prepared_on = prepared_on;
  return route;
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

void Postgres::process_started(Value& value, sim::Slot slot) const {
  value.ended.erase(sim::Who::process(slot));
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
  for (const AdvisoryLock& lock : locks_of(value)) add(lock.by.owner);
  value.told.for_each(add);
  return holders;
}

std::string_view Postgres::operation(const Request& request) {
  constexpr auto kNames = sim::text_for_each<Request>({
      "SELECT name",
      "SELECT pg_try_advisory_lock",
      "SELECT pg_try_advisory_lock",
      "SELECT pg_advisory_unlock",
      "SELECT data",
      "INSERT ON CONFLICT UPDATE",
      "DELETE",
      "SELECT pg_locks",
      "SELECT pg_terminate_backend",
  });
  return kNames[request.index()];
}

}  // namespace lockstorm::models
