#include "scenarios/config/values/variable_value.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

#include "scenarios/config/syntax/hcl_syntax.hpp"

namespace lockstorm::scenarios::values {
namespace {

enum class Type : std::uint8_t { any, text, number, flag, other };

const SourceExpression* setting_of(const VariableDeclaration& declared, const std::string& name) {
  const auto found = declared.settings.find(name);
  return found == declared.settings.end() ? nullptr : &found->second;
}

/// Of defaults, settings and files with values: without names and functions, and text in JSON is literal.
Value constant(const SourceExpression& expression) {
  EmptyScope nothing("stands where neither references nor functions are allowed");
  return evaluate(parse(expression, JsonStrings::literals), nothing);
}

bool is_set(const VariableDeclaration& declared, const std::string& name, bool otherwise) {
  const SourceExpression* setting = setting_of(declared, name);
  return setting == nullptr ? otherwise : to_flag(constant(*setting));
}

std::string type_text(const VariableDeclaration& declared) {
  const SourceExpression* type = setting_of(declared, "type");
  if (type == nullptr) return "";
  if (const auto* text = std::get_if<std::string>(&type->written)) return *text;
  return std::get<json::Value>(type->written).string;
}

Type type_of(const std::string& text) {
  if (text.empty()) return Type::any;
  if (text == "string") return Type::text;
  if (text == "number") return Type::number;
  return text == "bool" ? Type::flag : Type::other;
}

Value converted(Type type, Value value) {
  if (value.is_null()) return value;
  switch (type) {
    case Type::text:
      return text_value(to_text(value));
    case Type::number:
      return {to_number(value)};
    case Type::flag:
      return {to_flag(value)};
    case Type::any:
    case Type::other:
      break;
  }
  return value;
}

/// An expression on the command line or in the environment.
Value parsed(const std::string& text) {
  const SourceText source("", "value = " + text + "\n");
  const auto body = hcl::parse(source);
  if (!body || body->attributes.size() != 1 || !body->blocks.empty())
    throw Unknown{.needs = "", .because = "is given a value that is no expression"};
  const std::string expression(body->attributes.begin()->second.expression);
  return constant({expression, {}});
}

/// A variable without a type takes text as it is.
Value given_value(const GivenValue& given, Type type) {
  if (const auto* expression = std::get_if<SourceExpression>(&given.written)) return constant(*expression);
  const std::string& text = std::get<std::string>(given.written);
  return type == Type::other ? parsed(text) : text_value(text);
}

void refuse_secrets(const std::string& reference, const VariableDeclaration& declared) {
  for (const std::string_view kind : {"sensitive", "ephemeral"}) {
    if (!is_set(declared, std::string(kind), false)) continue;
    throw Unknown{.needs = reference,
                  .because = fmt::format("is {}: OpenTofu refuses such values in a backend block", kind)};
  }
  if (!is_set(declared, "const", true))
    throw Unknown{.needs = reference, .because = "is declared with const = false"};
}

}  // namespace

VariableValue value_of_variable(const std::string& name, const VariableDeclaration& declared,
                                const GivenValue* given) {
  const std::string reference = "var." + name;
  try {
    refuse_secrets(reference, declared);
    const std::string type_name = type_text(declared);
    const Type type = type_of(type_name);
    if (type_name.find("optional(") != std::string::npos)
      throw Unknown{.needs = reference, .because = "has a type with optional attributes"};
    const SourceExpression* otherwise = setting_of(declared, "default");
    VariableValue result;
    if (given != nullptr) {
      result = {converted(type, given_value(*given, type)),
                {fmt::format("variable {}, {}", name, given->source.what), given->source.where}};
    }
    const bool replaces_null =
        given != nullptr && result.value.is_null() && !is_set(declared, "nullable", true);
    if (given != nullptr && !replaces_null) return result;
    if (otherwise == nullptr)
      throw Unknown{.needs = reference, .because = "has no default and is given no value"};
    return {converted(type, constant(*otherwise)),
            {fmt::format("variable {}'s default", name), declared.where}};
  } catch (Unknown& failure) {
    if (failure.needs != reference) {
      failure.because = failure.needs.empty()
                            ? "cannot be used: " + failure.because
                            : fmt::format("needs {}, which {}", failure.needs, failure.because);
      failure.needs = reference;
    }
    failure.final = true;
    throw;
  }
}

}  // namespace lockstorm::scenarios::values
