#include "models/services/dynamodb.hpp"
#include "models/services/facts.hpp"

#include <fmt/format.h>

#include <array>

#include "checkers/tags.hpp"
#include "models/services/contents.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

using Response = DynamoDb::Response;
using Status = DynamoDb::Status;
using Condition = DynamoDb::Condition;

constexpr sim::Tags kForeign = checkers::kTouchesForeignLock;

// 4.1.1: one item at a time, the condition evaluated atomically with the write.
class Transition {
 public:
  Transition(const DynamoDb& db, DynamoDb::Value& value, unsigned alternative)
      : db_(db), value_(value), stale_(alternative == 1) {}

  sim::Effect<Response> operator()(const DynamoDb::PutLock& put) {
    const bool exists = !value_.lock.empty();
    if (put.condition == Condition::attribute_not_exists && exists) return failed();
    const bool foreign = exists && value_.lock.id != put.info.id;
    keep_older();
    value_.lock = put.info;
    return {{}, foreign ? kForeign : sim::Tags{0}};
  }

  sim::Effect<Response> operator()(const DynamoDb::PutDigest& put) {
    if (put.condition == Condition::digest_unchanged && value_.digest != put.expected) return failed();
    keep_older();
    value_.digest = put.digest;
    return {};
  }

  sim::Effect<Response> operator()(const DynamoDb::GetItem& get) {
    Response response;
    response.is_read = 1;
    if (get.item == DynamoDb::Item::lock) {
      response.lock = stale_ ? value_.older_lock : value_.lock;
    } else {
      response.digest = stale_ ? value_.older_digest : value_.digest;
    }
    return {response, 0};
  }

  sim::Effect<Response> operator()(const DynamoDb::DeleteLock& remove) {
    if (remove.condition == Condition::info_unchanged && value_.lock != remove.expected) return failed();
    const bool foreign = !value_.lock.empty() && value_.lock.id != remove.intended;
    keep_older();
    value_.lock = {};  // 4.1: DeleteItem is idempotent
    return {{}, foreign ? kForeign : sim::Tags{0}};
  }

  sim::Effect<Response> operator()(const DynamoDb::DeleteDigest&) {
    keep_older();
    value_.digest = {};
    return {};
  }

 private:
  static sim::Effect<Response> failed() { return {{Status::conditional_check_failed, {}, {}}, 0}; }
  void keep_older() {
    if (!db_.eventual_reads) return;
    value_.older_lock = value_.lock;
    value_.older_digest = value_.digest;
  }

  const DynamoDb& db_;
  DynamoDb::Value& value_;
  bool stale_;
};

}  // namespace

// 4.1.2: without ConsistentRead a read may miss the write before it.
unsigned DynamoDb::alternatives(const Value& value, const Request& request) const {
  const auto* get = std::get_if<GetItem>(&request);
  if (get == nullptr || get->consistent_read != 0 || !eventual_reads) return 1;
  const bool differs =
      get->item == Item::lock ? value.older_lock != value.lock : value.older_digest != value.digest;
  return differs ? 2 : 1;
}

sim::Effect<Response> DynamoDb::apply(Value& value, sim::Slot, const Request& request,
                                      unsigned alternative) const {
  return std::visit(Transition(*this, value, alternative), request);
}

// 4.1.4: throttling (400) does nothing; a 500 is ambiguous.
Response DynamoDb::refuse(const Request&, sim::Refusal kind) {
  if (kind == sim::Refusal::forbidden) return {Status::access_denied, {}, {}};
  return {kind == sim::Refusal::throttled ? Status::throttled : Status::server_error, {}, {}};
}

sim::SlotSet DynamoDb::holders(const Value& value) const {
  if (!lock_here) return sim::kEverybody;
  return value.lock.empty() ? sim::SlotSet{0} : sim::only(value.lock.id.owner);
}

std::string_view DynamoDb::operation(const Request& request) {
  constexpr auto kNames =
      sim::text_for_each<Request>({"PutItem", "PutItem", "GetItem", "DeleteItem", "DeleteItem"});
  return kNames[request.index()];
}

std::string DynamoDb::PutLock::describe(const sim::ProcessNames& names) const {
  return fmt::format("PutItem lock{} ({})", condition == Condition::attribute_not_exists ? " if absent" : "",
                     info.describe(names));
}
std::string DynamoDb::PutDigest::describe(const sim::ProcessNames& names) const {
  return fmt::format("PutItem digest{} (of {})",
                     condition == Condition::digest_unchanged ? " if Digest unchanged" : "",
                     digest.describe(names));
}
std::string DynamoDb::GetItem::describe(const sim::ProcessNames&) const {
  return fmt::format("GetItem {}{}", item == Item::lock ? "lock" : "digest",
                     consistent_read != 0 ? "" : " (eventually consistent)");
}
std::string DynamoDb::DeleteLock::describe(const sim::ProcessNames& names) const {
  return fmt::format("DeleteItem lock{} (meaning {})",
                     condition == Condition::info_unchanged ? " if Info unchanged" : "",
                     intended.describe(names));
}
std::string DynamoDb::DeleteDigest::describe(const sim::ProcessNames&) const { return "DeleteItem digest"; }

std::string DynamoDb::Response::describe(const sim::ProcessNames& names) const {
  switch (status) {
    case Status::ok:
      if (!lock.empty()) return lock.describe(names);
      if (digest.exists()) return fmt::format("digest of {}", digest.describe(names));
      return is_read != 0 ? "no item" : "ok";
    case Status::conditional_check_failed:
      return "ConditionalCheckFailed";
    case Status::access_denied:
      return "AccessDenied";
    case Status::throttled:
      return "throttled";
    case Status::server_error:
      return "500";
  }
  return "";
}

std::string DynamoDb::Value::describe(const sim::ProcessNames& names) const {
  return contents_text({{"lock item", lock.describe(names)},
                        {"-md5 item", digest.exists() ? "MD5 of " + digest.describe(names) : "no digest"}});
}

sim::RequestFacts DynamoDb::about(const Request& request) {
  constexpr std::string_view kLock = "lock";
  constexpr std::string_view kDigest = "digest";
  if (std::holds_alternative<PutLock>(request)) return {kLock, sim::LockUse::asks};
  if (std::holds_alternative<DeleteLock>(request)) return {kLock, sim::LockUse::releases};
  if (const auto* get = std::get_if<GetItem>(&request); get != nullptr && get->item == Item::lock)
    return {kLock, sim::LockUse::looks};
  return {kDigest};
}

sim::AnswerFacts DynamoDb::told(const Request&, const Response& response) {
  Response bare;
  bare.status = response.status;
  return {status_text(bare), response.status != Status::ok, response.lock.id.owner, {}};
}

}  // namespace lockstorm::models
