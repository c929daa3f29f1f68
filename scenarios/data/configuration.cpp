#include "scenarios/data/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "scenarios/data/arguments.hpp"

namespace lockstorm::scenarios {
namespace {

// Names of things, which people show each other. Whatever is not among them may be or hold a credential.
constexpr std::array<std::string_view, 23> kHarmless{"bucket",
                                                     "container_name",
                                                     "dynamodb_table",
                                                     "encrypt",
                                                     "in_cluster_config",
                                                     "key",
                                                     "labels",
                                                     "namespace",
                                                     "organization",
                                                     "path",
                                                     "prefix",
                                                     "region",
                                                     "resource_group_name",
                                                     "schema_name",
                                                     "secret_suffix",
                                                     "skip_table_creation",
                                                     "storage_account_name",
                                                     "tablestore_table",
                                                     "use_lockfile",
                                                     "use_path_style",
                                                     "workspace_dir",
                                                     "workspace_key_prefix",
                                                     "max_retries"};

std::string value_shown(const EvaluatedArgument& argument) {
  if (!argument.value) return " is null";
  if (const bool* flag = std::get_if<bool>(&*argument.value)) return *flag ? " is true" : " is false";
  if (!holds_no_credential(argument.name)) return "";
  if (const double* number = std::get_if<double>(&*argument.value)) return fmt::format(" is {}", *number);
  const auto* text = std::get_if<std::string>(&*argument.value);
  if (text == nullptr) return "";
  return text->empty() ? " is empty" : " is " + abridged(*text);
}

std::string place_told(const SourceLocation& where) {
  if (where.file.empty()) return "";
  return where.line == 0 ? fmt::format(" ({})", where.file) : fmt::format(" ({}:{})", where.file, where.line);
}

}  // namespace

bool holds_no_credential(std::string_view argument) {
  return std::ranges::find(kHarmless, argument) != kHarmless.end();
}

std::string told(const EvaluatedArgument& argument) {
  std::string sources;
  for (const ValueSource& source : argument.from)
    sources += (sources.empty() ? "" : ", ") + source.what + place_told(source.where);
  const std::string value = value_shown(argument);
  return printable(argument.name + (value.empty() ? " comes from " : value + ": ") + sources);
}

std::string told(const ReferenceInBlock& reference) {
  if (reference.is_call) return "a function";
  const std::string shown = reference_shown(Unresolved{reference.name});
  return shown.empty() ? "a reference" : shown.substr(std::string_view(" = ").size());
}

}  // namespace lockstorm::scenarios
