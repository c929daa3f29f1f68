// Mutants of the backends behind a server of their own, and of those on one machine
// (backend-protocols.md 3.8, 3.9, 3.10, 3.13, 3.14).
#include "bench/league/mutants.hpp"
#include "models/services/http_state.hpp"
#include "models/services/local_files.hpp"
#include "models/services/postgres.hpp"
#include "models/services/tfe_workspace.hpp"

namespace lockstorm::league {
namespace {

using models::HttpState;
using models::LocalFiles;
using models::Postgres;
using models::TfeWorkspace;

void add_pg(std::vector<Mutant>& all) {
  constexpr std::string_view kQuiet = "pg/terraform/no-faults";
  all.push_back({"pg/false-is-success", "the false of pg_try_advisory_lock is overlooked", kQuiet,
                 answer<Postgres, Postgres::TryLocks>(
                     [](Postgres::Value&, sim::Slot, const Postgres::TryLocks&, Postgres::Response& answer) {
                       answer.got_row = 1;
                       answer.got_creation = 1;
                     })});
  all.push_back({"pg/transaction-lock", "the lock is one of the transaction and ends with the statement",
                 kQuiet,
                 answer<Postgres, Postgres::TryLocks>(
                     [](Postgres::Value& value, sim::Slot, const Postgres::TryLocks&, Postgres::Response&) {
                       value.row = {};
                       value.creation = {};
                     })});
  all.push_back({"pg/skips-the-lock", "nobody asks for the lock", kQuiet, mistakes::skips_the_lock()});
  all.push_back({"pg/fence-dropped", "the fenced UPSERT goes without its WHERE", "pg/fenced/evict-paused",
                 request<Postgres, Postgres::Upsert>(
                     [](Postgres::Value&, Postgres::Upsert& upsert) { upsert.is_fenced = 0; })});
  all.push_back({"pg/fence-of-any-version", "the fenced UPSERT expects whatever is there",
                 "pg/fenced/session-ends",
                 request<Postgres, Postgres::Upsert>([](Postgres::Value& value, Postgres::Upsert& upsert) {
                   upsert.expected = value.state;
                 })});
  all.push_back({"pg/reads-before-lock", "applies the state that it read before it had the lock", kQuiet,
                 mistakes::reads_before_lock()});
}

void add_http(std::vector<Mutant>& all) {
  using Policy = models::HttpServerPolicy;
  constexpr std::string_view kQuiet = "http/gitlab/terraform/no-faults";
  constexpr std::string_view kForced = "http/gitlab/terraform/force-unlock-paused";
  const auto policy = [](void (*change)(Policy&)) {
    return server<HttpState>([change](const HttpState& real) {
      HttpState changed = real;
      change(changed.policy);
      return changed;
    });
  };
  all.push_back({"http/lock-overwrites", "a lock request replaces the lock that is there", kQuiet,
                 policy([](Policy& change) { change.lock = Policy::Lock::overwrites; })});
  all.push_back({"http/anybody-writes", "a state is taken without the lock's id", kForced,
                 policy([](Policy& change) { change.write = Policy::Write::anybody; })});
  all.push_back({"http/anybody-writes-unlocked", "a state is taken from anybody while nothing is locked",
                 "http/gitlab/terraform/dead-holder",
                 policy([](Policy& change) { change.write = Policy::Write::if_unlocked; })});
  all.push_back({"http/unlock-without-id", "an unlock removes whichever lock there is",
                 Control("http/gitlab/opentofu/force-unlock-paused", 3),
                 policy([](Policy& change) { change.unlock = Policy::Unlock::anybody; })});
  all.push_back({"http/lock-expires", "a lock expires although its holder lives", kQuiet,
                 policy([](Policy& change) { change.expiry = Policy::Expiry::age; })});
  all.push_back({"http/refusal-is-success", "409 Conflict on a lock request is taken for 200", kQuiet,
                 answer<HttpState, HttpState::Lock>(
                     [](HttpState::Value&, sim::Slot, const HttpState::Lock&, HttpState::Response& answer) {
                       answer.status = HttpState::Status::ok;
                     })});
  all.push_back({"http/refusal-without-id", "a refusal does not say who holds the lock",
                 "http/gitlab/terraform/lock-wait",
                 policy([](Policy& change) { change.refused_body = Policy::RefusedBody::without_id; })});
}

void add_remote(std::vector<Mutant>& all) {
  constexpr std::string_view kQuiet = "remote/terraform/no-faults";
  all.push_back({"remote/conflict-is-success", "409 on a locked workspace is taken for 200", kQuiet,
                 answer<TfeWorkspace, TfeWorkspace::Lock>(
                     [](TfeWorkspace::Value&, sim::Slot, const TfeWorkspace::Lock&,
                        TfeWorkspace::Response& answer) { answer.status = TfeWorkspace::Status::ok; })});
  all.push_back({"remote/one-user", "every job is the same user to the server", kQuiet,
                 server<TfeWorkspace>([](const TfeWorkspace& real) {
                   TfeWorkspace changed = real;
                   changed.shared_user = true;
                   return changed;
                 })});
  all.back().control = "remote/terraform/late-request";
  all.push_back(
      {"remote/forces-the-unlock", "a job unlocks with force-unlock", "remote/terraform/late-request", [] {
         ServerEdit<TfeWorkspace> edit;
         edit.before = [](TfeWorkspace::Value&, TfeWorkspace::Request& request) {
           if (const auto* unlock = std::get_if<TfeWorkspace::Unlock>(&request))
             request = TfeWorkspace::ForceUnlock{unlock->meant};
         };
         return Mutation{.servers = {edited<TfeWorkspace>({}, edit)}};
       }()});
  all.push_back({"remote/upload-lost", "a state version is created and never becomes the current one",
                 "remote/terraform/first-apply",
                 answer<TfeWorkspace, TfeWorkspace::CreateStateVersion>(
                     [](TfeWorkspace::Value& value, sim::Slot, const TfeWorkspace::CreateStateVersion&,
                        TfeWorkspace::Response&) { value.state = {}; })});
  all.push_back({"remote/unlocks-before-writing", "the workspace is unlocked before the upload", kQuiet,
                 mistakes::unlocks_before_writing()});
}

void add_local(std::vector<Mutant>& all) {
  constexpr std::string_view kQuiet = "local/terraform/no-faults";
  all.push_back({"local/lock-ignored", "EAGAIN of F_SETLK is overlooked", kQuiet,
                 answer<LocalFiles, LocalFiles::LockFile>(
                     [](LocalFiles::Value&, sim::Slot, const LocalFiles::LockFile&,
                        LocalFiles::Response& answer) { answer.status = LocalFiles::Status::ok; })});
  all.push_back(
      {"local/lock-dropped-by-read", "reading the file drops the lock, as closing any descriptor does",
       kQuiet,
       answer<LocalFiles, LocalFiles::ReadState>([](LocalFiles::Value& value, sim::Slot caller,
                                                    const LocalFiles::ReadState&, LocalFiles::Response&) {
         if (value.holder == sim::Who::process(caller)) value.holder = sim::Who::nobody();
       })});
  all.push_back(
      {"local/stops-half-way", "the rest of a long state is not written", kQuiet,
       request<LocalFiles, LocalFiles::WriteContents>(
           [](LocalFiles::Value& value, LocalFiles::WriteContents& write) { write.text = value.contents; })});
  all.push_back({"local/reads-before-lock", "applies the state that it read before it had the lock", kQuiet,
                 mistakes::reads_before_lock()});
  all.push_back(
      {"inmem/skips-the-lock", "nobody asks for the lock", "inmem/lock-id", mistakes::skips_the_lock()});
}

}  // namespace

std::vector<Mutant> server_mutants() {
  std::vector<Mutant> all;
  add_pg(all);
  add_http(all);
  add_remote(all);
  add_local(all);
  return all;
}

std::vector<Mutant> all_mutants() {
  std::vector<Mutant> all;
  for (auto* of : {object_store_mutants, lease_mutants, server_mutants, error_path_mutants, memory_mutants,
                   reader_mutants, operator_mutants, fence_mutants, orchestrator_mutants}) {
    for (Mutant& mutant : of()) all.push_back(std::move(mutant));
  }
  return all;
}

}  // namespace lockstorm::league
