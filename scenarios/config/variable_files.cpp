#include "scenarios/config/variable_files.hpp"

#include <fmt/format.h>

#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "scenarios/config/syntax/hcl_syntax.hpp"
#include "scenarios/config/syntax/json_document.hpp"

namespace lockstorm::scenarios {
namespace {

using Complaint = std::optional<InputError>;

constexpr std::string_view kPrefix = "TF_VAR_";

void add_environment(const std::map<std::string, std::string>& environment, GivenVariables& given) {
  for (const auto& [name, value] : environment) {
    if (!name.starts_with(kPrefix)) continue;
    given.values.insert_or_assign(name.substr(kPrefix.size()),
                                  values::GivenValue{value, {"from " + name, {}}});
  }
}

Complaint add_native(const SourceText& source, GivenVariables& given) {
  const auto body = hcl::parse(source);
  if (!body) return body.error();
  if (!body->blocks.empty()) {
    return InputError{source.location(body->blocks[0].type), "a file with values of variables has a block",
                      "NAME = VALUE", "variables are declared in *.tf files"};
  }
  for (const auto& [name, attribute] : body->attributes) {
    given.values.insert_or_assign(
        std::string(name), values::GivenValue{values::SourceExpression{std::string(attribute.expression),
                                                                       source.location(attribute.expression)},
                                              {"set in a file", source.location(attribute.name)}});
  }
  return std::nullopt;
}

Complaint add_json(const SourceText& source, GivenVariables& given) {
  const auto document = json::parse(source);
  if (!document) return document.error();
  if (document->kind != json::Kind::object) {
    return InputError{source.location(document->begin), "a file with values of variables is no object",
                      "a JSON object", ""};
  }
  for (const json::Member& member : document->members) {
    if (member.key == "//") continue;
    given.values.insert_or_assign(
        member.key,
        values::GivenValue{values::SourceExpression{member.value, source.location(member.value.begin)},
                           {"set in a file", source.location(member.key_begin)}});
  }
  return std::nullopt;
}

/// Whether a file that is called neither .json nor .tfvars is JSON: its first character tells.
bool looks_like_json(const SourceText& source) {
  const std::size_t first = source.text().find_first_not_of(" \t\r\n");
  return !source.file().ends_with(".tfvars") && first != std::string_view::npos &&
         source.text()[first] == '{';
}

Complaint add_file(const std::filesystem::path& file, GivenVariables& given) {
  const auto source = read_source(file);
  if (!source) return source.error();
  given.files.push_back(file.string());
  const bool is_json = source->file().ends_with(".json") || looks_like_json(*source);
  return is_json ? add_json(*source, given) : add_native(*source, given);
}

std::set<std::string> automatic_files(const std::filesystem::path& directory) {
  std::set<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json")) names.insert(std::move(name));
  }
  return names;
}

Complaint add_directory(const std::filesystem::path& directory, GivenVariables& given) {
  const auto add = [&](const std::string& name) {
    return add_file((directory / name).lexically_normal(), given);
  };
  for (const char* name : {"terraform.tfvars", "terraform.tfvars.json"}) {
    std::error_code error;
    if (!std::filesystem::exists(directory / name, error)) continue;
    if (auto complaint = add(name)) return complaint;
  }
  for (const std::string& name : automatic_files(directory)) {
    if (auto complaint = add(name)) return complaint;
  }
  return std::nullopt;
}

Complaint add_flag(const VariableFlag& flag, GivenVariables& given) {
  if (flag.kind == VariableFlag::Kind::file) return add_file(flag.text, given);
  const std::size_t equals = flag.text.find('=');
  if (equals == std::string::npos || equals == 0 || flag.text[equals - 1] == ' ') {
    return InputError{
        {"-var", 0, 0}, "is no value of a variable", "-var NAME=VALUE, without space before '='", ""};
  }
  given.values.insert_or_assign(flag.text.substr(0, equals),
                                values::GivenValue{flag.text.substr(equals + 1), {"given with -var", {}}});
  return std::nullopt;
}

}  // namespace

std::expected<GivenVariables, InputError> given_variables(
    const std::optional<std::filesystem::path>& directory, const ReadOptions& options) {
  GivenVariables given;
  add_environment(options.environment, given);
  if (directory) {
    if (auto complaint = add_directory(*directory, given)) return std::unexpected(std::move(*complaint));
  }
  for (const VariableFlag& flag : options.variables) {
    if (auto complaint = add_flag(flag, given)) return std::unexpected(std::move(*complaint));
  }
  return given;
}

}  // namespace lockstorm::scenarios
