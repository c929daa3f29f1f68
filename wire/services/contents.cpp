#include "wire/services/contents.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace lockstorm::wire {
namespace {

using nlohmann::json;

json object_in(std::string_view text) {
  json document = json::parse(text, nullptr, false);
  return document.is_object() ? std::move(document) : json();
}

std::string text_at(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

models::LockOperation operation_named(std::string_view name) {
  for (unsigned i = 0; i <= static_cast<unsigned>(models::LockOperation::migration_destination); ++i) {
    const auto operation = static_cast<models::LockOperation>(i);
    if (!name.empty() && lock_operation_name(operation) == name) return operation;
  }
  return models::LockOperation::none;
}

// Serials of the model are small; which write it was tells texts apart.
std::uint8_t small_serial(std::uint64_t serial) {
  return static_cast<std::uint8_t>(std::clamp<std::uint64_t>(serial, 1, 0xFF));
}

}  // namespace

std::optional<LockText> parse_lock_text(std::string_view text) {
  const json object = object_in(text);
  LockText lock{text_at(object, "ID"), text_at(object, "Operation"), text_at(object, "Who")};
  if (lock.id.empty()) return std::nullopt;
  return lock;
}

std::optional<StateText> parse_state_text(std::string_view text) {
  const json object = object_in(text);
  const auto serial = object.find("serial");
  if (object.is_null() || serial == object.end() || !serial->is_number_unsigned()) return std::nullopt;
  return StateText{text_at(object, "lineage"), serial->get<std::uint64_t>()};
}

nlohmann::ordered_json held(std::string_view state, std::string_view lock) {
  nlohmann::ordered_json one = nlohmann::ordered_json::object();
  if (const auto said = parse_state_text(state))
    one["state"] = {{"lineage", said->lineage}, {"serial", said->serial}};
  if (const auto said = parse_lock_text(lock))
    one["lock"] = {{"ID", said->id}, {"Operation", said->operation}, {"Who", said->who}};
  return one;
}

models::StateSnapshot Contents::state(std::string_view text) {
  if (stored_state_.value.exists() && stored_state_.text == text) return stored_state_.value;
  models::StateSnapshot value;
  const auto said = parse_state_text(text);
  value.lineage = value.writer = sim::Who::process(0);
  value.serial = small_serial(said ? said->serial : 1);
  value.torn = said ? 0 : 1;
  value.write = ++writes_;
  if (value.write == stored_state_.value.write) value.write = ++writes_;
  new_state_ = {value, std::string(text)};
  return value;
}

void Contents::keep_state(const models::StateSnapshot& value) {
  if (!value.exists()) stored_state_ = {};
  if (value.exists() && value == new_state_.value) stored_state_ = std::move(new_state_);
  new_state_ = {};
}

const std::string& Contents::text_of(const models::StateSnapshot& value) const {
  static const std::string kNothing;
  return value.exists() && value == stored_state_.value ? stored_state_.text : kNothing;
}

models::LockId Contents::lock_id(std::string_view id) {
  if (id.empty()) return {};
  const auto is_of = [&](const Kept<models::LockInfo>& kept) {
    const auto said = kept.value.empty() ? std::nullopt : parse_lock_text(kept.text);
    return said && said->id == id;
  };
  if (is_of(stored_lock_)) return stored_lock_.value.id;
  return {sim::Who::process(0), new_id()};
}

std::uint16_t Contents::new_id() {
  ++ids_;
  if (ids_ == stored_lock_.value.id.number) ++ids_;
  return ids_;
}

models::LockInfo Contents::lock(std::string_view text) {
  const auto said = parse_lock_text(text);
  if (!said) return {};
  const models::LockInfo value{lock_id(said->id), operation_named(said->operation)};
  new_lock_ = {value, std::string(text)};
  return value;
}

models::LockInfo Contents::lock_or_bytes(std::string_view text) {
  if (const models::LockInfo said = lock(text); !said.empty()) return said;
  if (!stored_lock_.value.empty() && stored_lock_.text == text) return stored_lock_.value;
  const models::LockInfo value{{sim::Who::process(0), new_id()}, models::LockOperation::none};
  new_lock_ = {value, std::string(text)};
  return value;
}

void Contents::keep_lock(const models::LockInfo& value) {
  if (value.empty()) stored_lock_ = {};
  if (!value.empty() && value == new_lock_.value) stored_lock_ = std::move(new_lock_);
  new_lock_ = {};
}

const std::string& Contents::text_of(const models::LockInfo& value) const {
  static const std::string kNothing;
  return !value.empty() && value.id == stored_lock_.value.id ? stored_lock_.text : kNothing;
}

}  // namespace lockstorm::wire
