// Functions of lists and maps, and those that choose among values.
#include <algorithm>
#include <cmath>

#include "scenarios/config/values/function_table.hpp"

namespace lockstorm::scenarios::values {
namespace {

const List& list_of(const Value& value) {
  refuse_symbol(value);
  if (const List* list = value.list()) return *list;
  throw Unknown{.needs = "", .because = "a list is wanted where there is none", .final = false};
}

const Object& object_of(const Value& value) {
  refuse_symbol(value);
  if (const Object* object = value.object()) return *object;
  throw Unknown{.needs = "", .because = "a map is wanted where there is none", .final = false};
}

Value join(Arguments arguments) {
  const std::string separator = to_text(arguments[0]);
  std::string result;
  bool is_first = true;
  for (const Value& list : arguments.subspan(1)) {
    for (const Value& item : list_of(list)) {
      if (!is_first) append(result, separator);
      append(result, to_text(item));
      is_first = false;
    }
  }
  return text_value(std::move(result));
}

/// The arguments get one type: text, where they have several (OpenTofu: internal/lang/funcs, CoalesceFunc).
Value coalesce(Arguments arguments) {
  const bool has_text =
      std::ranges::any_of(arguments, [](const Value& value) { return value.text() != nullptr; });
  for (const Value& value : arguments) {
    if (value.is_null()) continue;
    if (!has_text || !value.is_single()) return value;
    std::string text = to_text(value);
    if (!text.empty()) return text_value(std::move(text));
  }
  throw Unknown{.needs = "", .because = "none of its arguments has a value", .final = false};
}

Value lookup(Arguments arguments) {
  const Object& object = object_of(arguments[0]);
  if (const auto found = object.find(to_text(arguments[1])); found != object.end()) return found->second;
  if (arguments.size() == 3) return arguments[2];
  throw Unknown{.needs = "", .because = "the map has no such key", .final = false};
}

Value merge(Arguments arguments) {
  Object merged;
  for (const Value& value : arguments) {
    if (value.is_null()) continue;
    for (const auto& [name, item] : object_of(value)) merged.insert_or_assign(name, item);
  }
  return object_value(std::move(merged));
}

Value concat(Arguments arguments) {
  List joined;
  for (const Value& value : arguments)
    joined.insert(joined.end(), list_of(value).begin(), list_of(value).end());
  return list_value(std::move(joined));
}

Value compact(Arguments arguments) {
  List kept = list_of(arguments[0]);
  std::erase_if(kept, [](const Value& value) { return value.is_null() || to_text(value).empty(); });
  return list_value(std::move(kept));
}

Value element(Arguments arguments) {
  const List& list = list_of(arguments[0]);
  const double index = to_number(arguments[1]);
  if (list.empty() || index < 0 || std::floor(index) != index)
    throw Unknown{.needs = "", .because = "the list has no such element", .final = false};
  return list[static_cast<std::size_t>(std::fmod(index, static_cast<double>(list.size())))];
}

Value length(Arguments arguments) {
  const Value& value = arguments[0];
  if (const std::string* text = value.text()) return {static_cast<double>(ascii(*text).size())};
  const std::size_t size = value.object() != nullptr ? value.object()->size() : list_of(value).size();
  return {static_cast<double>(size)};
}

Value contains(Arguments arguments) {
  return {std::ranges::find(list_of(arguments[0]), arguments[1]) != list_of(arguments[0]).end()};
}

Value keys(Arguments arguments) {
  List names;
  for (const auto& [name, item] : object_of(arguments[0])) names.push_back(text_value(name));
  return list_value(std::move(names));
}

Value values_of(Arguments arguments) {
  List items;
  for (const auto& [name, item] : object_of(arguments[0])) items.push_back(item);
  return list_value(std::move(items));
}

Value reverse(Arguments arguments) {
  List items = list_of(arguments[0]);
  std::ranges::reverse(items);
  return list_value(std::move(items));
}

Value one(Arguments arguments) {
  const List& list = list_of(arguments[0]);
  if (list.size() > 1) throw Unknown{.needs = "", .because = "the list has several elements", .final = false};
  return list.empty() ? Value{} : list.front();
}

Value tolist(Arguments arguments) { return list_value(list_of(arguments[0])); }
Value tomap(Arguments arguments) { return object_value(object_of(arguments[0])); }

}  // namespace

const FunctionTable& collection_functions() {
  static const FunctionTable kTable{
      {"coalesce", {1, kAnyNumber, coalesce}},
      {"compact", {1, 1, compact}},
      {"concat", {1, kAnyNumber, concat}},
      {"contains", {2, 2, contains}},
      {"element", {2, 2, element}},
      {"join", {1, kAnyNumber, join}},
      {"keys", {1, 1, keys}},
      {"length", {1, 1, length}},
      {"lookup", {2, 3, lookup}},
      {"merge", {0, kAnyNumber, merge}},
      {"one", {1, 1, one}},
      {"reverse", {1, 1, reverse}},
      {"tolist", {1, 1, tolist}},
      {"tomap", {1, 1, tomap}},
      {"values", {1, 1, values_of}},
  };
  return kTable;
}

}  // namespace lockstorm::scenarios::values
