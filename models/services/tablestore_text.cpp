// How TableStore requests and responses read in reports.
#include <fmt/format.h>

#include <array>

#include "models/services/contents.hpp"
#include "models/services/facts.hpp"
#include "models/services/tablestore.hpp"

namespace lockstorm::models {
namespace {

std::string_view expect_text(TableStore::Expect expect) {
  switch (expect) {
    case TableStore::Expect::ignore:
      return "";
    case TableStore::Expect::exist:
      return " EXPECT_EXIST";
    case TableStore::Expect::not_exist:
      return " EXPECT_NOT_EXIST";
  }
  return "";
}

}  // namespace

std::string TableStore::DescribeTable::describe(const sim::ProcessNames&) const { return "DescribeTable"; }
std::string TableStore::PutLock::describe(const sim::ProcessNames& names) const {
  return fmt::format("PutRow lock{} ({})", expect_text(expect), info.describe(names));
}
std::string TableStore::PutDigest::describe(const sim::ProcessNames& names) const {
  return fmt::format("PutRow digest{} (of {})", compares != 0 ? " if Digest unchanged" : "",
                     digest.describe(names));
}
std::string TableStore::GetRow::describe(const sim::ProcessNames&) const {
  return fmt::format("GetRow {}", row == Row::lock ? "lock" : "digest");
}
std::string TableStore::DeleteLock::describe(const sim::ProcessNames& names) const {
  return fmt::format("DeleteRow lock{} (meaning {})", expect_text(expect), intended.describe(names));
}
std::string TableStore::DeleteDigest::describe(const sim::ProcessNames&) const {
  return fmt::format("DeleteRow digest{}", expect_text(expect));
}

std::string TableStore::Response::describe(const sim::ProcessNames& names) const {
  switch (status) {
    case Status::ok:
      if (!lock.empty()) return lock.describe(names);
      if (digest.exists()) return fmt::format("digest of {}", digest.describe(names));
      return is_read != 0 ? "no row" : "ok";
    case Status::condition_check_fail:
      return "ConditionCheckFail";
    case Status::no_permission_access:
      return "NoPermissionAccess";
    case Status::server_busy:
      return "ServerBusy";
    case Status::internal_server_error:
      return "InternalServerError";
  }
  return "";
}

std::string TableStore::Value::describe(const sim::ProcessNames& names) const {
  return contents_text({{"lock row", lock.describe(names)},
                        {"-md5 row", digest.exists() ? "MD5 of " + digest.describe(names) : "no digest"}});
}

sim::RequestFacts TableStore::about(const Request& request) {
  constexpr std::string_view kLock = "lock";
  constexpr std::string_view kDigest = "digest";
  if (std::holds_alternative<DescribeTable>(request)) return {"table"};
  if (std::holds_alternative<PutLock>(request)) return {kLock, sim::LockUse::asks};
  if (std::holds_alternative<DeleteLock>(request)) return {kLock, sim::LockUse::releases};
  if (const auto* get = std::get_if<GetRow>(&request); get != nullptr && get->row == Row::lock)
    return {kLock, sim::LockUse::looks};
  return {kDigest};
}

sim::AnswerFacts TableStore::told(const Request&, const Response& response) {
  Response bare;
  bare.status = response.status;
  return {status_text(bare), response.status != Status::ok, response.lock.id.owner, {}};
}

}  // namespace lockstorm::models
