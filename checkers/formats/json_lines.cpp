// JSON Lines, Lockstorm's own format (docs/histories.md): an object a line.
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "checkers/formats/readers.hpp"

namespace lockstorm::checkers::formats {
namespace {

using nlohmann::ordered_json;

std::optional<Value> value_of(const ordered_json& json) {
  switch (json.type()) {
    case ordered_json::value_t::null:
      return Value();
    case ordered_json::value_t::boolean:
      return Value(json.get<bool>());
    case ordered_json::value_t::string:
      return Value(json.get<std::string>());
    case ordered_json::value_t::number_integer:
      return Value(json.get<std::int64_t>());
    case ordered_json::value_t::number_unsigned:
      if (json.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return std::nullopt;
      return Value(json.get<std::int64_t>());
    case ordered_json::value_t::array: {
      Value::List list;
      for (const auto& item : json) {
        auto value = value_of(item);
        if (!value) return std::nullopt;
        list.push_back(*std::move(value));
      }
      return Value(std::move(list));
    }
    case ordered_json::value_t::object: {
      Value::Fields fields;
      for (const auto& [name, item] : json.items()) {
        auto value = value_of(item);
        if (!value) return std::nullopt;
        fields.emplace_back(name, *std::move(value));
      }
      return Value(std::move(fields));
    }
    default:
      return std::nullopt;
  }
}

ordered_json json_of(const Value& value) {
  if (const auto* flag = value.flag()) return *flag;
  if (const auto* number = value.number()) return *number;
  if (const auto* text = value.text()) return *text;
  if (const auto* list = value.list()) {
    ordered_json array = ordered_json::array();
    for (const Value& item : *list) array.push_back(json_of(item));
    return array;
  }
  if (const auto* fields = value.fields()) {
    ordered_json object = ordered_json::object();
    for (const auto& [name, item] : *fields) object[name] = json_of(item);
    return object;
  }
  return nullptr;
}

class EventReader {
 public:
  explicit EventReader(const Lines& lines) : lines_(lines) {}

  std::expected<Event, HistoryError> read() {
    const std::string_view line = lines_.line();
    ordered_json json;
    try {
      json = ordered_json::parse(line);
    } catch (const ordered_json::parse_error& error) {
      const bool is_cut = error.byte > line.size();
      return wrong(
          error.byte,
          fmt::format("{}expected a JSON object, {{\"process\": 0, \"type\": \"invoke\", \"f\": ...}}",
                      is_cut ? "the line is cut short: " : "not JSON: "));
    }
    if (!json.is_object()) return wrong(1, "expected a JSON object");
    return read_fields(json);
  }

 private:
  std::expected<Event, HistoryError> read_fields(const ordered_json& json) {
    Event event{.line = lines_.number()};
    std::array<bool, 3> seen{};
    for (const auto& [name, field] : json.items()) {
      if (name == "process" && field.is_number_unsigned() && field.get<std::uint64_t>() < kNever) {
        event.process = field.get<std::uint32_t>();
        seen[0] = true;
      } else if (name == "type" && field.is_string() && event_type_named(field.get<std::string>())) {
        event.type = *event_type_named(field.get<std::string>());
        seen[1] = true;
      } else if (name == "f" && field.is_string()) {
        event.function = field.get<std::string>();
        seen[2] = true;
      } else if (name == "time_ns" && field.is_number_integer()) {
        event.time = std::chrono::nanoseconds(field.get<std::int64_t>());
      } else if (name == "key" || name == "value") {
        auto value = value_of(field);
        if (!value) return wrong(1, fmt::format("expected \"{}\" without numbers that are not whole", name));
        (name == "key" ? event.key : event.value) = *std::move(value);
      } else if (name != "index" && name != "error") {
        return wrong(1, wrong_field(name));
      }
    }
    if (!seen[0]) return wrong(1, wrong_field("process"));
    if (!seen[1]) return wrong(1, wrong_field("type"));
    if (!seen[2]) return wrong(1, wrong_field("f"));
    return event;
  }

  static std::string wrong_field(std::string_view name) {
    if (name == "process") return "expected \"process\", a number from 0";
    if (name == "type") return "expected \"type\", one of \"invoke\", \"ok\", \"fail\", \"unknown\"";
    if (name == "f") return "expected \"f\", what is done, as text";
    if (name == "time_ns") return "expected \"time_ns\" to be a whole number";
    return fmt::format("expected process, type, f, key, value, time_ns, index or error, not \"{}\"", name);
  }

  std::unexpected<HistoryError> wrong(std::size_t column, std::string message) const {
    return std::unexpected(
        HistoryError{lines_.number(), static_cast<std::uint32_t>(column), std::move(message)});
  }

  const Lines& lines_;
};

}  // namespace

ReadResult read_json_lines(std::string_view text) {
  History history;
  Lines lines(text);
  while (lines.next()) {
    if (is_blank(lines.line())) continue;
    auto event = EventReader(lines).read();
    if (!event) return std::unexpected(std::move(event).error());
    history.push_back(*std::move(event));
  }
  return history;
}

std::string write_json_lines(const History& history) {
  std::string out;
  for (const Event& event : history) {
    ordered_json json{{"process", event.process}, {"type", name_of(event.type)}, {"f", event.function}};
    if (!event.key.is_nil()) json["key"] = json_of(event.key);
    json["value"] = json_of(event.value);
    if (event.time) json["time_ns"] = event.time->count();
    out += json.dump();
    out += '\n';
  }
  return out;
}

}  // namespace lockstorm::checkers::formats
