// JSON Lines, Lockstorm's own format (docs/histories.md): an object a line.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "checkers/formats/json_value.hpp"
#include "checkers/formats/quick_events.hpp"
#include "checkers/formats/readers.hpp"

namespace lockstorm::checkers::formats {
namespace {

using nlohmann::ordered_json;

constexpr std::array<std::string_view, 2> kNotLookedAt{"index", "error"};

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

class JsonEventReader {
 public:
  explicit JsonEventReader(const Lines& lines) : lines_(lines) {}

  std::expected<Event, HistoryError> read() {
    const auto json = read_json_value(lines_.line(), kNotLookedAt);
    if (!json) return std::unexpected(located(json.error()));
    if (json->fields() == nullptr) return wrong("expected a JSON object");
    return read_fields(*json->fields());
  }

 private:
  std::expected<Event, HistoryError> read_fields(const Value::Fields& fields) {
    Event event{.line = lines_.number()};
    std::array<bool, 3> seen{};
    for (const auto& [name, field] : fields) {
      if (name == "process" && field.number() != nullptr && *field.number() >= 0 &&
          *field.number() < kNever) {
        event.process = static_cast<std::uint32_t>(*field.number());
        seen[0] = true;
      } else if (name == "type" && field.text() != nullptr && event_type_named(*field.text())) {
        event.type = *event_type_named(*field.text());
        seen[1] = true;
      } else if (name == "f" && field.text() != nullptr) {
        event.function = *field.text();
        seen[2] = true;
      } else if (name == "time_ns" && field.number() != nullptr) {
        event.time = std::chrono::nanoseconds(*field.number());
      } else if (name == "key" || name == "value") {
        (name == "key" ? event.key : event.value) = field;
      } else if (name != "index" && name != "error") {
        return wrong(wrong_field(name));
      }
    }
    if (!seen[0]) return wrong(wrong_field("process"));
    if (!seen[1]) return wrong(wrong_field("type"));
    if (!seen[2]) return wrong(wrong_field("f"));
    return event;
  }

  static std::string wrong_field(std::string_view name) {
    if (name == "process") return "expected \"process\", a number from 0";
    if (name == "type") return "expected \"type\", one of \"invoke\", \"ok\", \"fail\", \"unknown\"";
    if (name == "f") return "expected \"f\", what is done, as text";
    if (name == "time_ns") return "expected \"time_ns\" to be a whole number";
    return fmt::format("expected process, type, f, key, value, time_ns, index or error, not \"{}\"", name);
  }

  [[nodiscard]] HistoryError located(const JsonError& error) const {
    const auto column = static_cast<std::uint32_t>(error.column);
    if (error.kind == JsonError::Kind::value) return {lines_.number(), column, error.message};
    return {lines_.number(), column,
            fmt::format("{}expected a JSON object, {{\"process\": 0, \"type\": \"invoke\", \"f\": ...}}",
                        error.kind == JsonError::Kind::cut_short ? "the line is cut short: " : "not JSON: ")};
  }

  [[nodiscard]] std::unexpected<HistoryError> wrong(std::string message) const {
    return std::unexpected(HistoryError{lines_.number(), 1, std::move(message)});
  }

  const Lines& lines_;
};

// The least that an event takes: {"process":0,"type":"ok","f":"read"}.
constexpr std::size_t kShortestEvent = 32;

std::size_t most_events(std::string_view text) {
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  return std::min(lines, text.size() / kShortestEvent + 1);
}

// `quick` may be null.
ReadResult read_lines(std::string_view text, QuickEvents* quick) {
  History history;
  history.reserve(most_events(text));
  Lines lines(text);
  while (lines.next()) {
    if (is_blank(lines.line())) continue;
    if (quick != nullptr) {
      if (auto event = quick->read(lines.line(), text, lines.number())) {
        history.push_back(*std::move(event));
        continue;
      }
    }
    auto event = JsonEventReader(lines).read();
    if (!event) return std::unexpected(std::move(event).error());
    history.push_back(*std::move(event));
  }
  return history;
}

}  // namespace

ReadResult read_json_lines(std::string_view text) {
  QuickEvents quick;
  return read_lines(text, &quick);
}

ReadResult read_json_lines_with_care(std::string_view text) { return read_lines(text, nullptr); }

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
