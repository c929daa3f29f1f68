// How HCL's JSON syntax writes bodies, blocks and values (hashicorp/hcl json/spec.md).
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

#include "scenarios/config/syntax/hcl_values.hpp"
#include "scenarios/config/syntax/json_document.hpp"
#include "scenarios/config/syntax/source_text.hpp"
#include "scenarios/data/configuration.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios {

/// Applies `visit(member)` to the members of an object, or of an array of objects that count as one. `what`
/// names them in the complaint when it is neither.
template <typename Visit>
std::optional<InputError> for_each_member(const SourceText& source, const json::Value& body,
                                          std::string_view what, Visit visit) {
  if (body.kind == json::Kind::array) {
    for (const json::Value& item : body.items) {
      if (item.kind == json::Kind::object) {
        if (auto complaint = for_each_member(source, item, what, visit)) return complaint;
        continue;
      }
      return InputError{source.location(item.begin), fmt::format("{} must be an object", what),
                        "a JSON object", ""};
    }
    return std::nullopt;
  }
  if (body.kind != json::Kind::object) {
    return InputError{source.location(body.begin), fmt::format("{} must be an object", what),
                      "a JSON object, or an array of objects", ""};
  }
  for (const json::Member& member : body.members) {
    if (auto complaint = visit(member)) return complaint;
  }
  return std::nullopt;
}

/// The same for a body, where members named "//" are comments; among labels they are not.
template <typename Visit>
std::optional<InputError> for_each_property(const SourceText& source, const json::Value& body,
                                            std::string_view what, Visit visit) {
  return for_each_member(source, body, what, [&](const json::Member& member) {
    return member.key == "//" ? std::optional<InputError>{} : visit(member);
  });
}

/// Applies `visit(body)` to every block that a value without further labels stands for: none for null, one
/// for each item of an array, else one.
template <typename Visit>
std::optional<InputError> for_each_block(const json::Value& value, Visit visit) {
  if (value.kind == json::Kind::null) return std::nullopt;
  if (value.kind != json::Kind::array) return visit(value);
  for (const json::Value& item : value.items) {
    if (auto complaint = visit(item)) return complaint;
  }
  return std::nullopt;
}

/// The value of an argument as OpenTofu reads it before it evaluates anything; nullopt for null.
[[nodiscard]] inline std::optional<AttributeValue> value_of(const SourceText& source,
                                                            const json::Value& value) {
  switch (value.kind) {
    case json::Kind::null:
      return std::nullopt;
    case json::Kind::boolean:
      return value.boolean;
    case json::Kind::number:
      return value.number;
    case json::Kind::string:
      if (hcl::has_template_sequence(value.string)) return Unresolved{value.string};
      return value.string;
    case json::Kind::array:
    case json::Kind::object:
      break;
  }
  return Unresolved{std::string(source.text().substr(value.begin, value.end - value.begin))};
}

}  // namespace lockstorm::scenarios
