#include "checkers/formats/quick_events.hpp"

#include <simdjson.h>

#include <cstring>
#include <string>

#include "checkers/formats/json_value.hpp"
#include "checkers/formats/readers.hpp"

namespace lockstorm::checkers::formats {
namespace {

namespace dom = simdjson::dom;

bool read_value(const dom::element& element, std::size_t depth, Value& value);

bool read_list(const dom::array& array, std::size_t depth, Value& value) {
  Value::List list;
  list.reserve(array.size());
  for (const dom::element item : array)
    if (!read_value(item, depth, list.emplace_back())) return false;
  value = Value(std::move(list));
  return true;
}

// Few as a rule; of many the careful reader looks for names that are there twice.
constexpr std::size_t kFewFields = 8;

bool read_fields(const dom::object& object, std::size_t depth, Value& value) {
  const std::size_t count = object.size();
  if (count > kFewFields) return false;
  Value::Fields fields;
  fields.reserve(count);
  for (const auto& [name, item] : object) {
    for (const auto& field : fields)
      if (field.first == name) return false;
    auto& [own_name, own] = fields.emplace_back();
    own_name.assign(name.data(), name.size());
    if (!read_value(item, depth, own)) return false;
  }
  value = Value(std::move(fields));
  return true;
}

bool read_value(const dom::element& element, std::size_t depth, Value& value) {
  switch (element.type()) {
    case dom::element_type::NULL_VALUE:
      return true;
    case dom::element_type::BOOL:
      value = Value(element.get_bool().value_unsafe());
      return true;
    case dom::element_type::INT64:
      value = Value(std::int64_t{element.get_int64().value_unsafe()});
      return true;
    case dom::element_type::STRING: {
      const std::string_view text = element.get_string().value_unsafe();
      value = Value(std::string(text));
      return true;
    }
    case dom::element_type::ARRAY:
      return depth < kDeepest && read_list(element.get_array().value_unsafe(), depth + 1, value);
    case dom::element_type::OBJECT:
      return depth < kDeepest && read_fields(element.get_object().value_unsafe(), depth + 1, value);
    case dom::element_type::UINT64:
    case dom::element_type::DOUBLE:
      return false;
  }
  return false;
}

enum Seen : unsigned {
  kProcess = 1,
  kType = 2,
  kFunction = 4,
  kKey = 8,
  kValue = 16,
  kTime = 32,
  kIndex = 64,
  kError = 128,
};

Seen field_named(std::string_view name) {
  if (name == "process") return kProcess;
  if (name == "type") return kType;
  if (name == "f") return kFunction;
  if (name == "key") return kKey;
  if (name == "value") return kValue;
  if (name == "time_ns") return kTime;
  if (name == "index") return kIndex;
  return name == "error" ? kError : Seen{};
}

bool read_field(Seen field, const dom::element& item, Event& event) {
  std::int64_t number = 0;
  std::string_view text;
  switch (field) {
    case kProcess:
      if (item.get(number) != simdjson::SUCCESS || number < 0 || number >= kNever) return false;
      event.process = static_cast<std::uint32_t>(number);
      return true;
    case kType: {
      if (item.get(text) != simdjson::SUCCESS) return false;
      const auto type = event_type_named(text);
      if (type) event.type = *type;
      return type.has_value();
    }
    case kFunction:
      if (item.get(text) != simdjson::SUCCESS) return false;
      event.function.assign(text.data(), text.size());
      return true;
    case kKey:
      return read_value(item, 1, event.key);
    case kValue:
      return read_value(item, 1, event.value);
    case kTime:
      if (item.get(number) != simdjson::SUCCESS) return false;
      event.time = std::chrono::nanoseconds(number);
      return true;
    case kIndex:
      return item.is_int64();
    case kError:
      return item.is_string();
  }
  return false;
}

}  // namespace

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

struct QuickEvents::Parser {
  dom::parser parser;
  /// Of a line near the end of the text: the parser looks at bytes behind what it reads.
  std::string padded;
};

QuickEvents::QuickEvents() : parser_(std::make_unique<Parser>()) {}
QuickEvents::~QuickEvents() = default;

std::optional<Event> QuickEvents::read(std::string_view line, std::string_view text, std::uint32_t number) {
  // Which escapes make which text the careful reader knows; nothing else begins an object.
  if (line.front() != '{' || std::memchr(line.data(), '\\', line.size()) != nullptr) return std::nullopt;
  const char* begin = line.data();
  const auto behind = static_cast<std::size_t>(text.data() + text.size() - (line.data() + line.size()));
  if (behind < simdjson::SIMDJSON_PADDING) {
    parser_->padded.assign(line);
    parser_->padded.resize(line.size() + simdjson::SIMDJSON_PADDING, ' ');
    begin = parser_->padded.data();
  }
  dom::object object;
  if (parser_->parser.parse(begin, line.size(), false).get(object) != simdjson::SUCCESS) return std::nullopt;
  std::optional<Event> event(std::in_place);
  event->line = number;
  unsigned seen = 0;
  for (const auto& [name, item] : object) {
    const Seen field = field_named(name);
    if (field == Seen{} || (seen & field) != 0 || !read_field(field, item, *event)) return std::nullopt;
    seen |= field;
  }
  constexpr unsigned kRequired = kProcess | kType | kFunction;
  if ((seen & kRequired) != kRequired) return std::nullopt;
  return event;
}

}  // namespace lockstorm::checkers::formats
