#include "scenarios/config/static_values.hpp"

#include <algorithm>
#include <system_error>
#include <tuple>
#include <utility>

#include "scenarios/config/values/evaluator.hpp"
#include "scenarios/config/values/module_scope.hpp"
#include "scenarios/config/values/references.hpp"
#include "scenarios/config/variable_files.hpp"

namespace lockstorm::scenarios {
namespace {

using values::JsonStrings;

/// An argument with its tree, or why there is none.
struct ParsedArgument {
  OpenArgument argument;
  std::optional<values::Expression> expression;
  values::Unknown failure;
};

std::vector<ParsedArgument> parse_all(std::vector<OpenArgument> arguments, JsonStrings strings) {
  std::vector<ParsedArgument> parsed;
  for (OpenArgument& argument : arguments) {
    ParsedArgument one{std::move(argument), std::nullopt, {}};
    try {
      one.expression = values::parse(one.argument.expression, strings);
    } catch (values::Unknown& failure) {
      one.failure = std::move(failure);
    }
    parsed.push_back(std::move(one));
  }
  return parsed;
}

bool stands_before(const ReferenceInBlock& a, const ReferenceInBlock& b) {
  const auto key = [](const ReferenceInBlock& one) {
    return std::tuple(one.is_json, one.where.line, one.where.column);
  };
  return key(a) < key(b);
}

std::optional<ReferenceInBlock> first_reference(const std::vector<ParsedArgument>& arguments) {
  std::optional<ReferenceInBlock> first;
  for (const ParsedArgument& one : arguments) {
    if (!one.expression) continue;
    const values::SourceExpression& source = one.argument.expression;
    for (const values::Reference& reference : values::references_in(*one.expression)) {
      ReferenceInBlock here{reference.name, values::place_in(source, reference.offset), reference.is_call,
                            source.is_json()};
      if (!first || stands_before(here, *first)) first = std::move(here);
    }
  }
  return first;
}

std::string absolute_text(const std::filesystem::path& directory) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(directory, error).lexically_normal();
  std::string text = error ? directory.string() : absolute.string();
  if (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

Attribute* attribute_of(TerraformConfiguration& configuration, const OpenArgument& open) {
  for (auto* block : {&configuration.backend, &configuration.cloud, &configuration.state_store}) {
    if (!*block || (*block)->where != open.block) continue;
    const auto found = (*block)->arguments.find(open.name);
    return found == (*block)->arguments.end() ? nullptr : &found->second;
  }
  return nullptr;
}

void forget(TerraformConfiguration& configuration, const OpenArgument& open) {
  for (auto* block : {&configuration.backend, &configuration.cloud, &configuration.state_store}) {
    if (*block && (*block)->where == open.block) (*block)->arguments.erase(open.name);
  }
}

/// The value that it has now, or nothing for null.
std::optional<AttributeValue> value_in(const ParsedArgument& one, const Attribute& attribute,
                                       values::Scope& scope) {
  const auto& written = std::get<Unresolved>(attribute.value);
  if (!one.expression) return Unresolved{written.expression, one.failure.needs, one.failure.because};
  try {
    auto value = values::as_attribute(values::evaluate(*one.expression, scope));
    // A collection of literals stays as it is written.
    const bool is_collection = value && std::holds_alternative<Unresolved>(*value);
    return is_collection && values::references_in(*one.expression).empty() ? attribute.value : value;
  } catch (const values::Unknown& failure) {
    return Unresolved{written.expression, failure.needs, failure.because};
  }
}

bool is_open(const std::optional<AttributeValue>& value) {
  const auto* unresolved = value ? std::get_if<Unresolved>(&*value) : nullptr;
  return unresolved != nullptr && (!unresolved->needs.empty() || !unresolved->because.empty());
}

}  // namespace

std::optional<InputError> evaluate_block(const ConfigMerge& merge,
                                         const std::optional<std::filesystem::path>& directory,
                                         const ReadOptions& options, TerraformConfiguration& configuration) {
  const bool for_terraform = options.tool == models::Dialect::terraform;
  const std::vector<ParsedArgument> arguments =
      parse_all(merge.open_arguments(), for_terraform ? JsonStrings::literals : JsonStrings::templates);
  configuration.uses_variables = first_reference(arguments);

  GivenVariables given;
  if (configuration.uses_variables && !for_terraform) {
    auto found = given_variables(directory, options);
    if (!found) return std::move(found.error());
    given = std::move(*found);
    configuration.variable_files = given.files;
  }
  values::ModuleScope module(merge.declared(), given.values,
                             {absolute_text(directory.value_or(".")), options.workspace});
  values::EmptyScope nothing(
      "cannot be used: Terraform's backend block takes neither variables nor functions");
  values::Scope& scope = for_terraform ? static_cast<values::Scope&>(nothing) : module;

  for (const ParsedArgument& one : arguments) {
    Attribute* attribute = one.argument.is_nested ? nullptr : attribute_of(configuration, one.argument);
    if (attribute == nullptr) continue;
    std::optional<AttributeValue> value = value_in(one, *attribute, scope);
    std::vector<ValueSource> sources = module.take_sources();
    if (!is_open(value) && !sources.empty())
      configuration.evaluated.push_back({one.argument.name, value, attribute->where, std::move(sources)});
    if (value) {
      attribute->value = std::move(*value);
    } else {
      forget(configuration, one.argument);
    }
  }
  std::ranges::sort(configuration.evaluated, {}, &EvaluatedArgument::name);
  return std::nullopt;
}

}  // namespace lockstorm::scenarios
