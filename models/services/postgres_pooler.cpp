// pgbouncer in transaction mode gives a session back after every Sync, so that the Bind of a statement may go
// to another session than its Parse; PostgreSQL binds whatever it finds there under the empty name
// (confirm.md 2, D6). Each pair below was watched on PostgreSQL 15.18; what pq makes of the rows is read off
// its source. [PQ conn.go: prepareTo, query, Exec; stmt.go: exec; rows.go: Next]
//
//   bound        finds                 which does                         and the client sees
//   -----------  --------------------  ---------------------------------  ----------------------------------
//   SELECT data  lock (TF)             takes both locks                   a number, which is no state
//   SELECT data  DELETE                deletes the row                    no row: no state
//   lock (TF)    DELETE                deletes the row                    no row: takes the creation lock
//   lock (OT)    INSERT                stores a workspace that is named   no row: takes the creation lock
//                                      like the creation key
//   DELETE       SELECT data, lock     what they do                       success
//                (TF)
//   try (OT)     unlock                unlocks the key                    true if the session had it
//   unlock (OT)  try                   takes the key                      success
//   any other    nothing, or another   nothing: another number of         an error, or no row where one must
//                statement             parameters or columns, or a name   be
//                                      for a number
//
// The two round trips are one step: both take place when the second one does, on two sessions or on one. What
// another client prepares or binds between them could as well have come before: who binds my text before I do
// does what we do in the other order, since both of us run the same statement on one session, and who
// prepares something on my session has left it there before, or fails me as the pooler's choice of another
// session does. One case is left out: that my own unlock (OT) follows one that another client has made of its
// try; the same damage comes of an unlock that failed and has left its text.
#include "models/services/postgres_pooler.hpp"

#include "checkers/tags.hpp"
#include "models/services/postgres_locks.hpp"
#include "models/services/state_write.hpp"

namespace lockstorm::models {
namespace {

using Status = Postgres::Status;
using Text = Postgres::Text;
using Response = Postgres::Response;
using Effect = sim::Effect<Response>;

class OtherStatement {
 public:
  OtherStatement(Postgres::Value& value, sim::Who caller, Postgres::Session session, Text there)
      : value_(value), caller_(caller), session_(session), there_(there) {}

  Effect operator()(const Postgres::SelectData&) {
    if (there_ == Text::try_locks) return take_both() ? sees(Status::foreign) : sees(Status::no_rows);
    if (there_ == Text::remove) return remove_row(Status::no_rows);
    return sees(Status::failed);
  }

  Effect operator()(const Postgres::TryLocks& lock) {
    if (lock.bound == Text::try_locks && there_ == Text::remove) return remove_row(Status::no_rows);
    // The row that is stored is that of another workspace, which nobody here works in.
    if (lock.bound == Text::try_locks_with_key && there_ == Text::upsert) return sees(Status::no_rows);
    return sees(Status::failed);
  }

  Effect operator()(const Postgres::TryCreationLock& lock) {
    if (there_ != Text::unlock) return sees(Status::failed);
    Effect effect = sees(Status::ok);
    if (advisory_unlock(lock_of(value_, lock.creation), session_)) {
      effect.response.got_creation = 1;
      value_.told.insert(caller_);
    }
    return effect;
  }

  Effect operator()(const Postgres::UnlockKey& unlock) {
    if (there_ != Text::try_creation_lock) return sees(Status::failed);
    if (unlock.is_release != 0) value_.told.erase(caller_);
    Effect effect = sees(Status::ok);
    effect.response.got_row = try_advisory_lock(lock_of(value_, unlock.key), session_) ? 1 : 0;
    return effect;
  }

  Effect operator()(const Postgres::DeleteRow&) {
    if (there_ == Text::try_locks) take_both();
    return sees(there_ == Text::try_locks || there_ == Text::select_data ? Status::ok : Status::failed);
  }

  Effect operator()(const Postgres::Upsert&) const { return sees(Status::failed); }

  template <class OneRoundTrip>
  Effect operator()(const OneRoundTrip&) const {
    return sees(Status::failed);  // nobody binds those
  }

 private:
  [[nodiscard]] Effect sees(Status status, sim::Tags tags = 0) const {
    return {{.status = status, .instead = there_}, tags};
  }

  // Terraform's SELECT: without a row neither function is called. Nobody is told of what it takes.
  bool take_both() {
    if (!value_.state.exists()) return false;
    try_advisory_lock(value_.row, session_);
    try_advisory_lock(value_.creation, session_);
    return true;
  }

  Effect remove_row(Status status) {
    const sim::Tags tags = state_deletion_tags(value_.state);
    value_.state = {};
    return sees(status, tags);
  }

  Postgres::Value& value_;
  sim::Who caller_;
  Postgres::Session session_;
  Text there_;
};

}  // namespace

Postgres::Text bound_text(const Postgres::Request& request) {
  return std::visit(
      [](const auto& one) {
        if constexpr (requires { one.bound; }) return one.bound;
        return Text::none;
      },
      request);
}

sim::Effect<Response> bind_other(Postgres::Value& value, sim::Who caller, const Postgres::Session& session,
                                 const Postgres::Request& request, Text there) {
  return std::visit(OtherStatement(value, caller, session, there), request);
}

}  // namespace lockstorm::models
