// What quick readers of JSON Lines make alike of an event that simdjson has parsed.
#pragma once

#include <simdjson.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "checkers/formats/readers.hpp"

namespace lockstorm::checkers::formats {

/// Which escapes make which text the careful reader knows; nothing else begins an object.
inline bool is_object_without_escapes(std::string_view line) {
  return line.front() == '{' && std::memchr(line.data(), '\\', line.size()) == nullptr;
}

enum class EventField : std::uint8_t { process, type, function, key, value, time, index, error };

constexpr auto kEventFields =
    std::to_array<std::string_view>({"process", "type", "f", "key", "value", "time_ns", "index", "error"});

/// Events mostly have one order of fields: the next one is looked for behind the last one, from `behind` on.
constexpr std::optional<EventField> event_field_named(std::string_view name, std::size_t behind) {
  for (std::size_t tried = 0; tried < kEventFields.size(); ++tried) {
    const std::size_t number = (behind + tried) % kEventFields.size();
    if (name == kEventFields[number]) return static_cast<EventField>(number);
  }
  return std::nullopt;
}

/// Process, type and time go into `event`; `read(field, item)` takes function, key and value. False: the
/// object is no ordinary event.
template <class Made, class Read>
bool read_event(const simdjson::dom::object& object, Made& event, Read&& read) {
  using simdjson::SUCCESS;
  const auto read_field = [&](EventField field, const simdjson::dom::element& item) {
    std::int64_t number = 0;
    std::string_view text;
    switch (field) {
      case EventField::process:
        if (item.get(number) != SUCCESS || number < 0 || number >= kNever) return false;
        event.process = static_cast<std::uint32_t>(number);
        return true;
      case EventField::type: {
        if (item.get(text) != SUCCESS) return false;
        const auto type = event_type_named(text);
        if (type) event.type = *type;
        return type.has_value();
      }
      case EventField::function:
      case EventField::key:
      case EventField::value:
        return read(field, item);
      case EventField::time:
        if (item.get(number) != SUCCESS) return false;
        event.time = std::chrono::nanoseconds(number);
        return true;
      case EventField::index:
        return item.is_int64();
      case EventField::error:
        return item.is_string();
    }
    return false;
  };
  const auto bit = [](EventField field) { return 1U << static_cast<unsigned>(field); };
  unsigned seen = 0;
  std::size_t behind = 0;
  for (const auto& [name, item] : object) {
    const auto field = event_field_named(name, behind);
    if (!field || (seen & bit(*field)) != 0 || !read_field(*field, item)) return false;
    seen |= bit(*field);
    behind = static_cast<std::size_t>(*field) + 1;
  }
  const unsigned required = bit(EventField::process) | bit(EventField::type) | bit(EventField::function);
  return (seen & required) == required;
}

}  // namespace lockstorm::checkers::formats
