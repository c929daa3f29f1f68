#include "checkers/formats/quick_events.hpp"

#include <simdjson.h>

#include <string>

#include "checkers/formats/json_event.hpp"
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
  if (!is_object_without_escapes(line)) return std::nullopt;
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
  const bool is_ordinary = read_event(object, *event, [&](EventField field, const dom::element& item) {
    if (field == EventField::key) return read_value(item, 1, event->key);
    if (field == EventField::value) return read_value(item, 1, event->value);
    std::string_view text;
    if (item.get(text) != simdjson::SUCCESS) return false;
    event->function.assign(text.data(), text.size());
    return true;
  });
  if (!is_ordinary) return std::nullopt;
  return event;
}

}  // namespace lockstorm::checkers::formats
