#include "scenarios/advice/lock_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "models/state/lock_info.hpp"
#include "scenarios/data/base64.hpp"
#include "scenarios/data/split.hpp"

namespace lockstorm::scenarios {
namespace {

using Json = nlohmann::json;

InputError no_record(const std::string& name, unsigned line = 0) {
  return {
      {name, line, 0},
      "no lock info is in it",
      "the text with `Lock Info:` and `ID:` that the refused command printed, or the lock's record as JSON",
      ""};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

bool consists_of(std::string_view text, std::string_view marks) {
  constexpr std::size_t kLongest = 200;
  return text.size() <= kLongest && std::ranges::all_of(text, [&](char c) {
           return kLetters.find(c) != std::string_view::npos || marks.find(c) != std::string_view::npos;
         });
}

// What is told again is what the tools write there: whoever keeps something else in a lock may not want it to
// be seen. `Info` is free text, and nobody's business.
void set_field(LockRecord& record, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  if (key == "ID") record.id = value;
  if (key == "Operation" && consists_of(value, "-_ ")) record.operation = value;
  if (key == "Who" && consists_of(value, "-_.@\\ ")) record.who = value;
  if (key == "Version" && consists_of(value, "-.+")) record.version = value;
  if (key == "Path") record.path = value;
  if (key == "Created") record.created = parse_timestamp(value);
}

// Escapes of a terminal, and the frame that the tools draw.
std::string without_frame(std::string_view line) {
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\x1b') {
      while (i < line.size() && std::isalpha(static_cast<unsigned char>(line[i])) == 0) ++i;
    } else {
      text += line[i];
    }
  }
  for (const std::string_view mark : {"│", "╷", "╵"}) {
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark))
      text.erase(at, mark.size());
  }
  return std::string(trimmed(text));
}

constexpr std::string_view kIdOfHolder = "already locked: ID=";

std::expected<LockRecord, InputError> read_message(std::string_view text, const std::string& name) {
  constexpr std::array<std::string_view, 7> kKeys{"ID",      "Path",    "Operation", "Who",
                                                  "Version", "Created", "Info"};
  LockRecord record;
  std::string id_of_holder;
  for (const std::string_view whole : split(text, '\n')) {
    const std::string line = without_frame(whole);
    if (const std::size_t at = line.find(kIdOfHolder); at != std::string::npos) {
      const std::string_view id = std::string_view(line).substr(at + kIdOfHolder.size());
      id_of_holder = id.substr(0, id.find_first_of(" \t,\""));
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::string_view key = trimmed(std::string_view(line).substr(0, colon));
    if (std::ranges::find(kKeys, key) == kKeys.end()) continue;
    const std::string_view value = trimmed(std::string_view(line).substr(colon + 1));
    // Of two lock infos in one log the last one counts.
    if (key == "ID" && !record.id.empty()) record = {};
    set_field(record, key, value);
  }
  if (!id_of_holder.empty()) {
    record = {};
    record.id = id_of_holder;
    record.from_message = true;
  }
  if (record.id.empty()) return std::unexpected(no_record(name));
  return record;
}

const Json* member(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::string text_of(const Json* value) {
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

bool read_lock_info(const Json& json, LockRecord& record) {
  if (text_of(member(json, "ID")).empty()) return false;
  for (const auto& [key, value] : json.items()) {
    if (value.is_string()) set_field(record, key, value.get_ref<const std::string&>());
  }
  return true;
}

bool read_lock_info(const std::string& text, LockRecord& record) {
  const Json json = Json::parse(text, nullptr, false);
  return !json.is_discarded() && read_lock_info(json, record);
}

// {"LockID": {"S": "bucket/key"}, "Info": {"S": "{...}"}}, or in "Item".
bool read_item(const Json& json, LockRecord& record) {
  const Json* item = member(json, "Item");
  if (item == nullptr) item = &json;
  const Json* info = member(*item, "Info");
  if (info == nullptr || !info->is_object()) return false;
  return read_lock_info(text_of(member(*info, "S")), record);
}

bool read_lease(const Json& json, LockRecord& record) {
  const Json* metadata = member(json, "metadata");
  const Json* spec = member(json, "spec");
  if (metadata == nullptr || spec == nullptr) return false;
  record.lease = text_of(member(*metadata, "name"));
  record.name_space = text_of(member(*metadata, "namespace"));
  if (const Json* annotations = member(*metadata, "annotations"))
    read_lock_info(text_of(member(*annotations, "app.terraform.io/lock-info")), record);
  if (record.id.empty()) record.id = text_of(member(*spec, "holderIdentity"));
  return !record.id.empty();
}

// [{"Value": "base64"}]
bool read_consul_key(const Json& json, LockRecord& record) {
  const Json* entry = json.is_array() && json.size() == 1 ? &json.front() : &json;
  const auto value = decode_base64(text_of(member(*entry, "Value")));
  return value && read_lock_info(*value, record);
}

bool read_blob_metadata(const Json& json, LockRecord& record) {
  const Json* metadata = member(json, "metadata");
  if (metadata == nullptr) metadata = &json;
  const auto value = decode_base64(text_of(member(*metadata, "terraformlockid")));
  return value && read_lock_info(*value, record);
}

// A lock object's generation is the lock's id.
bool read_generation(const Json& json, LockRecord& record) {
  const Json* generation = member(json, "generation");
  if (generation == nullptr) return false;
  record.id = generation->is_number_unsigned() ? generation->dump() : text_of(generation);
  record.path = text_of(member(json, "name"));
  return !record.id.empty();
}

}  // namespace

std::optional<models::Command> LockRecord::command() const {
  using models::Command;
  using models::LockOperation;
  struct Named {
    LockOperation operation{};
    Command command{};
  };
  constexpr std::array kCommands{Named{LockOperation::plan, Command::plan},
                                 Named{LockOperation::apply, Command::apply},
                                 Named{LockOperation::refresh, Command::refresh},
                                 Named{LockOperation::init, Command::init},
                                 Named{LockOperation::state_push, Command::state_push},
                                 Named{LockOperation::state_mv, Command::state_mv},
                                 Named{LockOperation::state_rm, Command::state_rm}};
  const auto* const found = std::ranges::find_if(
      kCommands, [&](const Named& one) { return lock_operation_name(one.operation) == operation; });
  return found == kCommands.end() ? std::nullopt : std::optional(found->command);
}

namespace {

// Of the nth byte, from 1, of the content that stands in the text.
SourceLocation place_of(std::string_view text, std::string_view content, std::size_t byte,
                        const std::string& name) {
  const std::size_t offset =
      static_cast<std::size_t>(content.data() - text.data()) + std::max<std::size_t>(byte, 1) - 1;
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const std::size_t line_begin = before.rfind('\n') + 1;
  return {name, static_cast<unsigned>(std::ranges::count(before, '\n')) + 1,
          static_cast<unsigned>(before.size() - line_begin) + 1};
}

// UUIDs, sessions, generations, MD5s, "organization/workspace". It goes into commands that people paste.
std::expected<LockRecord, InputError> checked(LockRecord record, const std::string& name) {
  // Behind `force-unlock` a hyphen would begin an option.
  if (consists_of(record.id, "-_./:") && !record.id.starts_with('-')) return record;
  return std::unexpected(
      InputError{{name, 0, 0},
                 "what stands as the ID is none",
                 "letters, digits and -_./: as every lock's ID has them, and no hyphen in front",
                 ""});
}

}  // namespace

std::expected<LockRecord, InputError> parse_lock_record(std::string_view text, const std::string& name) {
  const std::string_view content = trimmed(text);
  if (!content.starts_with('{') && !content.starts_with('[')) {
    auto record = read_message(content, name);
    return record ? checked(*std::move(record), name) : record;
  }
  Json json;
  try {
    json = Json::parse(content);
  } catch (const Json::parse_error& error) {
    return std::unexpected(
        InputError{place_of(text, content, error.byte, name), "broken JSON", "the lock's record, whole", ""});
  }
  LockRecord record;
  const bool is_read = read_lock_info(json, record) || read_item(json, record) || read_lease(json, record) ||
                       read_consul_key(json, record) || read_blob_metadata(json, record) ||
                       read_generation(json, record);
  if (!is_read) return std::unexpected(no_record(name));
  return checked(std::move(record), name);
}

}  // namespace lockstorm::scenarios
