// How the lock table's requests and answers read in a report.
#include <fmt/format.h>

#include <array>

#include "models/services/contents.hpp"
#include "models/services/facts.hpp"
#include "models/services/lock_table.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

using Condition = LockTable::Condition;
using Projection = LockTable::Projection;
using Update = LockTable::Update;

std::string condition_text(const LockTable::UpdateItem& update, const sim::ProcessNames& names) {
  switch (update.condition) {
    case Condition::none:
      return "";
    case Condition::is_free:
      return " if not locked";
    case Condition::is_locked:
      return " if IsLocked = true";
    case Condition::last_modified:
      return fmt::format(" if LastModified = {}s", update.expected_last_modified.count());
    case Condition::owner:
      return fmt::format(" if Owner = {}", names.name(update.owner.owner));
    case Condition::owner_and_epoch:
      return fmt::format(" if Owner = {} and Epoch = {}", names.name(update.owner.owner),
                         update.expected_epoch);
    case Condition::epoch_and_beat:
      return fmt::format(" if Epoch = {} and Beat = {}", update.expected_epoch, update.expected_beat);
  }
  return "";
}

}  // namespace

std::string_view LockTable::operation(const Request& request) {
  constexpr auto kNames = sim::text_for_each<Request>({"GetItem", "UpdateItem"});
  return kNames[request.index()];
}

std::string LockTable::GetItem::describe(const sim::ProcessNames&) const {
  return fmt::format("GetItem {}{}", projection == Projection::state ? "state" : "lock",
                     consistent_read != 0 ? "" : " (eventually consistent)");
}

std::string LockTable::UpdateItem::describe(const sim::ProcessNames& names) const {
  constexpr auto kVerbs = sim::text_for_each<Update>(
      {"IsLocked = true", "take over the lock", "IsLocked = false", "heartbeat", "state"});
  std::string text = fmt::format("UpdateItem {}", kVerbs[static_cast<std::size_t>(update)]);
  if (update == Update::put_state) {
    text += fmt::format(" ({})", state.describe(names));
  } else if (last_modified.count() != 0) {
    text += fmt::format(", LastModified = {}s", last_modified.count());
  }
  return text + condition_text(*this, names);
}

std::string LockTable::Response::describe(const sim::ProcessNames& names) const {
  switch (status) {
    case Status::ok:
      break;
    case Status::conditional_check_failed:
      return "ConditionalCheckFailed";
    case Status::throttled:
      return "throttled";
    case Status::server_error:
      return "500";
  }
  if (state.exists()) return state.describe(names);
  if (is_read != 0 && row.exists == 0) return "nothing stored";
  if (row.exists == 0) return row.epoch != 0 ? fmt::format("ok, Epoch = {}", row.epoch) : "ok";
  if (row.is_locked == 0) return "not locked";
  if (row.owner.empty()) return fmt::format("locked, LastModified = {}s", row.last_modified.count());
  return row.epoch != 0 ? fmt::format("{}, Epoch {}, Beat {}", row.owner.describe(names), row.epoch, row.beat)
                        : row.owner.describe(names);
}

std::string LockTable::Value::describe(const sim::ProcessNames& names) const {
  const std::string lock = row.is_locked == 0 ? "free"
                                              : fmt::format("{}, LastModified {}s", row.owner.describe(names),
                                                            row.last_modified.count());
  const std::string fence = row.epoch != 0 ? fmt::format("{}, Beat {}", row.epoch, row.beat) : "";
  return contents_text({{"lock item", row.exists == 0 ? "none" : lock},
                        {"Epoch", fence},
                        {"State", state.exists() ? state.describe(names) : ""}});
}

sim::RequestFacts LockTable::about(const Request& request) {
  constexpr std::string_view kLock = "lock";
  constexpr std::string_view kState = "state";
  if (const auto* get = std::get_if<GetItem>(&request)) {
    return get->projection == Projection::state ? sim::RequestFacts{kState}
                                                : sim::RequestFacts{kLock, sim::LockUse::looks};
  }
  switch (std::get<UpdateItem>(request).update) {
    case Update::acquire:
    case Update::take_over:
      return {kLock, sim::LockUse::asks};
    case Update::release:
      return {kLock, sim::LockUse::releases};
    case Update::heartbeat:
      return {kLock, sim::LockUse::renews};
    case Update::put_state:
      break;
  }
  return {kState};
}

sim::AnswerFacts LockTable::told(const Request&, const Response& response) {
  Response bare;
  bare.status = response.status;
  return {status_text(bare), response.status != Status::ok, response.row.owner.owner,
          version_facts(response.state)};
}

}  // namespace lockstorm::models
