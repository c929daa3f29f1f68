// Mutants of the backends that keep the lock beside the state, in an object or a table (backend-protocols.md
// 3.1-3.3, 3.6, 3.11, 3.12).
#include "bench/league/mutants.hpp"
#include "models/services/dynamodb.hpp"
#include "models/services/gcs.hpp"
#include "models/services/oracle_objects.hpp"
#include "models/services/s3.hpp"
#include "models/services/tablestore.hpp"
#include "models/services/tencent_tag.hpp"
#include "scenarios/backends/gcs.hpp"

namespace lockstorm::league {
namespace {

using models::DynamoDb;
using models::Gcs;
using models::OracleObjects;
using models::S3;
using models::TableStore;
using models::TencentTag;

void add_s3(std::vector<Mutant>& all) {
  constexpr std::string_view kQuiet = "s3/lockfile/terraform/no-faults";
  all.push_back(
      {"s3/lock-without-precondition", "PutObject of the lock file goes without If-None-Match", kQuiet,
       request<S3, S3::PutLock>([](S3::Value&, S3::PutLock& put) { put.condition = S3::Condition::none; })});
  all.push_back({"s3/conflict-is-success", "412 on the lock file is taken for 200", kQuiet,
                 answer<S3, S3::PutLock>([](S3::Value&, sim::Slot, const S3::PutLock&, S3::Response& answer) {
                   if (answer.status == S3::Status::precondition_failed) answer.status = S3::Status::ok;
                 })});
  all.push_back({"s3/skips-the-lock", "nobody asks for the lock", kQuiet, mistakes::skips_the_lock()});
  all.push_back({"s3/unlocks-before-writing", "the lock file is deleted before the state is written", kQuiet,
                 mistakes::unlocks_before_writing()});
  all.push_back({"s3/unlocks-twice", "a moment after its own lock file it deletes whichever there is", kQuiet,
                 mistakes::unlocks_twice()});
  all.push_back({"s3/reads-before-lock", "applies the state that it read before it had the lock", kQuiet,
                 mistakes::reads_before_lock()});
  all.push_back({"s3/stale-reads", "reads of an overwritten object may show the older one (before 2020)",
                 kQuiet, server<S3>([](const S3& real) {
                   S3 changed = real;
                   changed.promises.strong_reads = false;
                   return changed;
                 })});
  all.push_back(
      {"s3/ignores-the-write", "PutObject of the state is answered with 200 and not kept", kQuiet,
       answer<S3, S3::PutState>([](S3::Value& value, sim::Slot, const S3::PutState& put, S3::Response&) {
         if (put.body.serial > 2) value.state = {};
       })});
  all.push_back({"s3/steals-dead-locks", "takes any refusal for a lock that a dead job has left",
                 "s3/lockfile/terraform/crash", mistakes::takes_refusals_for_grants()});
  all.push_back({"s3/fence-without-etag", "the fenced PutObject goes without If-Match", "s3/lockfile/fenced",
                 request<S3, S3::PutState>(
                     [](S3::Value&, S3::PutState& put) { put.condition = S3::Condition::none; })});
  all.push_back(
      {"s3/fence-of-any-version", "If-Match carries the ETag of that very moment", "s3/fenced-without-lock",
       request<S3, S3::PutState>([](S3::Value& value, S3::PutState& put) { put.etag = value.state; })});
}

void add_dynamodb(std::vector<Mutant>& all) {
  constexpr std::string_view kQuiet = "s3/dynamodb/terraform/no-faults";
  all.push_back({"dynamodb/lock-without-condition", "PutItem goes without attribute_not_exists(LockID)",
                 kQuiet, request<DynamoDb, DynamoDb::PutLock>([](DynamoDb::Value&, DynamoDb::PutLock& put) {
                   put.condition = DynamoDb::Condition::none;
                 })});
  all.push_back({"dynamodb/conflict-is-success", "ConditionalCheckFailedException is taken for success",
                 kQuiet,
                 answer<DynamoDb, DynamoDb::PutLock>(
                     [](DynamoDb::Value&, sim::Slot, const DynamoDb::PutLock&, DynamoDb::Response& answer) {
                       if (answer.status == DynamoDb::Status::conditional_check_failed)
                         answer.status = DynamoDb::Status::ok;
                     })});
  all.push_back({"dynamodb/forgets-the-digest", "the digest of a new state is not written", kQuiet,
                 request<DynamoDb, DynamoDb::PutDigest>(
                     [](DynamoDb::Value& value, DynamoDb::PutDigest& put) { put.digest = value.digest; })});
  all.push_back({"dynamodb/unlocks-before-writing", "the item is deleted before the state is written", kQuiet,
                 mistakes::unlocks_before_writing()});
  all.push_back({"dynamodb/unlocks-twice", "a moment after its own item it deletes whichever there is",
                 kQuiet, mistakes::unlocks_twice()});
  all.push_back(
      {"both-locks/one-is-enough", "with both locks, a refused DynamoDB lock is overlooked",
       "s3/both/terraform/no-faults", [] {
         Mutation mutation = request<S3, S3::PutLock>(
             [](S3::Value&, S3::PutLock& put) { put.condition = S3::Condition::none; });
         mutation.servers.push_back(
             answer<DynamoDb, DynamoDb::PutLock>([](DynamoDb::Value&, sim::Slot, const DynamoDb::PutLock&,
                                                    DynamoDb::Response& answer) {
               answer.status = DynamoDb::Status::ok;
             }).servers[0]);
         return mutation;
       }()});
}

void add_gcs(std::vector<Mutant>& all) {
  constexpr std::string_view kQuiet = "gcs/terraform/no-faults";
  all.push_back({"gcs/lock-without-generation", "the lock is inserted without ifGenerationMatch=0", kQuiet,
                 request<Gcs, Gcs::InsertLock>([](Gcs::Value&, Gcs::InsertLock& insert) {
                   insert.match.generation = Gcs::Match::kAny;
                 })});
  all.push_back({"gcs/conflict-is-success", "412 on the lock object is taken for 200", kQuiet,
                 answer<Gcs, Gcs::InsertLock>(
                     [](Gcs::Value& value, sim::Slot, const Gcs::InsertLock&, Gcs::Response& answer) {
                       if (answer.status != Gcs::Status::precondition_failed) return;
                       answer.status = Gcs::Status::ok;
                       answer.generation = value.generation;
                     })});
  all.push_back({"gcs/reads-before-lock", "applies the state that it read before it had the lock", kQuiet,
                 mistakes::reads_before_lock()});
  all.push_back({"gcs/unlock-without-generation", "force-unlock and unlock delete whichever lock there is",
                 "gcs/terraform/force-unlock-paused",
                 request<Gcs, Gcs::DeleteLock>([](Gcs::Value&, Gcs::DeleteLock& remove) {
                   remove.match.generation = Gcs::Match::kAny;
                 })});
  all.push_back({"gcs/creates-blindly", "a new state is written without looking again under the lock",
                 "gcs/terraform/first-apply", setting([](scenarios::Scenario& scenario) {
                   scenario.backend.edit<scenarios::GcsConfig>().creates_blindly = true;
                 })});
  all.push_back({"gcs/fence-dropped", "the fenced insert of the state goes without ifGenerationMatch",
                 "gcs/fenced/force-unlock-paused",
                 request<Gcs, Gcs::InsertState>([](Gcs::Value&, Gcs::InsertState& insert) {
                   insert.condition = Gcs::Condition::none;
                 })});
  all.push_back({"gcs/waiter-gives-up", "a holder that has gone between two requests ends the wait",
                 "gcs/opentofu/lock-wait", setting([](scenarios::Scenario& scenario) {
                   scenario.client.tool = models::Dialect::terraform;
                 })});
  all.push_back({"gcs/swallows-write-errors", "a state that could not be saved is reported as saved",
                 "gcs/terraform/first-apply-save-fails", mistakes::swallows_write_errors()});
}

void add_cos(std::vector<Mutant>& all) {
  constexpr std::string_view kQuiet = "cos/terraform/no-faults";
  all.push_back(
      {"cos/tag-conflict-is-success", "TagDuplicate is taken for success: the tag guards nothing", kQuiet,
       answer<TencentTag, TencentTag::CreateTag>(
           [](TencentTag::Value&, sim::Slot, const TencentTag::CreateTag&, TencentTag::Response& answer) {
             if (answer.status == TencentTag::Status::duplicate) answer.status = TencentTag::Status::ok;
           })});
  all.push_back({"cos/does-not-look-for-a-lock", "under the tag, an existing lock object is overwritten",
                 kQuiet,
                 answer<models::TencentCos, S3::GetObject>(
                     [](S3::Value&, sim::Slot, const S3::GetObject& get, S3::Response& answer) {
                       if (get.key == S3::Object::lockfile) answer.status = S3::Status::not_found;
                     })});
  all.push_back({"cos/leaves-the-tag", "the tag stays when the lock has been taken", kQuiet,
                 answer<TencentTag, TencentTag::DeleteTag>([](TencentTag::Value& value, sim::Slot,
                                                              const TencentTag::DeleteTag&,
                                                              TencentTag::Response&) { value.exists = 1; })});
}

void add_oss(std::vector<Mutant>& all) {
  constexpr std::string_view kQuiet = "oss/terraform/no-faults";
  all.push_back({"oss/lock-without-condition", "PutRow expects nothing (IGNORE, not EXPECT_NOT_EXIST)",
                 kQuiet,
                 request<TableStore, TableStore::PutLock>([](TableStore::Value&, TableStore::PutLock& put) {
                   put.expect = TableStore::Expect::ignore;
                 })});
  all.push_back({"oss/unlocks-twice", "a moment after its own row it deletes whichever there is", kQuiet,
                 mistakes::unlocks_twice()});
  all.push_back({"oss/unlock-leaves-the-row", "DeleteRow is answered and not done", kQuiet, [] {
                   ServerEdit<TableStore> edit;
                   edit.before = [](TableStore::Value&, TableStore::Request& request) {
                     if (std::holds_alternative<TableStore::DeleteLock>(request))
                       request = TableStore::DescribeTable{};
                   };
                   return Mutation{.servers = {edited<TableStore>({}, edit)}};
                 }()});
}

void add_oci(std::vector<Mutant>& all) {
  constexpr std::string_view kQuiet = "oci/no-faults";
  all.push_back(
      {"oci/lock-without-precondition", "PutObject of the lock goes without if-none-match", kQuiet,
       request<OracleObjects, OracleObjects::PutLock>([](OracleObjects::Value&, OracleObjects::PutLock& put) {
         put.condition = OracleObjects::Condition::none;
       })});
  all.push_back({"oci/skips-the-lock", "nobody asks for the lock", kQuiet, mistakes::skips_the_lock()});
  all.push_back(
      {"oci/unlock-without-etag", "the lock object is deleted whichever it is", "oci/force-unlock-paused",
       request<OracleObjects, OracleObjects::DeleteObject>(
           [](OracleObjects::Value&, OracleObjects::DeleteObject& remove) { remove.if_match = 0; })});
  all.push_back({"oci/fence-dropped", "the fenced PutObject of the state goes without if-match",
                 "oci/fenced/force-unlock-paused",
                 request<OracleObjects, OracleObjects::PutState>(
                     [](OracleObjects::Value&, OracleObjects::PutState& put) {
                       put.condition = OracleObjects::Condition::none;
                     })});
}

}  // namespace

std::vector<Mutant> object_store_mutants() {
  std::vector<Mutant> all;
  add_s3(all);
  add_dynamodb(all);
  add_gcs(all);
  add_cos(all);
  add_oss(all);
  add_oci(all);
  return all;
}

}  // namespace lockstorm::league
