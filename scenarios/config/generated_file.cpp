#include "scenarios/config/generated_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "scenarios/config/config_files.hpp"
#include "scenarios/config/config_merge.hpp"
#include "scenarios/config/static_values.hpp"
#include "scenarios/config/syntax/source_text.hpp"

namespace lockstorm::scenarios {
namespace {

namespace fs = std::filesystem;

void move_to(const SourceLocation& where, FileFindings& findings) {
  for (auto* blocks : {&findings.backends, &findings.clouds, &findings.state_stores}) {
    for (BackendBlock& block : *blocks) {
      block.where = where;
      for (auto& [name, attribute] : block.arguments) attribute.where = where;
    }
  }
  for (auto& [version, place] : findings.required_versions) place = where;
  for (OpenArgument& argument : findings.open_arguments) {
    argument.block = where;
    argument.expression.where = where;
  }
  if (findings.encryption) findings.encryption = where;
  if (findings.language_of_opentofu) findings.language_of_opentofu = where;
}

using Part = std::variant<fs::path, FileFindings>;

}  // namespace

std::expected<FileFindings, InputError> find_in_generated(const std::string& name, const std::string& text,
                                                          const SourceLocation& where) {
  const SourceText source(name, text);
  auto findings = is_json_syntax(name) ? find_in_json(source) : find_in_native(source);
  if (!findings) {
    InputError error = std::move(findings).error();
    error.problem =
        fmt::format("in line {} of the file that is generated here: {}", error.where.line, error.problem);
    error.where = where;
    return std::unexpected(std::move(error));
  }
  move_to(where, *findings);
  return findings;
}

std::expected<TerraformConfiguration, InputError> read_assembled_configuration(
    std::span<const fs::path> directories, std::vector<GeneratedFile> generated, const ReadOptions& options) {
  std::map<std::string, Part> parts;
  for (const fs::path& directory : directories) {
    const auto files = list_configuration(directory, options.tool);
    if (!files) continue;
    for (const auto* list : {&files->primary, &files->overrides}) {
      for (const fs::path& file : *list) parts.insert_or_assign(file.filename().string(), file);
    }
  }
  for (GeneratedFile& file : generated) {
    const bool is_read = options.tool != models::Dialect::terraform || !is_opentofus_own(file.name);
    if (is_read) parts.insert_or_assign(std::move(file.name), std::move(file.findings));
  }
  ConfigMerge merge;
  std::vector<std::string> names;
  for (const bool overrides : {false, true}) {
    for (auto& [name, part] : parts) {
      if (is_override(name) != overrides) continue;
      if (const auto* file = std::get_if<fs::path>(&part)) {
        names.push_back(file->string());
        auto findings = find_in_file(*file);
        if (!findings) return std::unexpected(std::move(findings).error());
        part = *std::move(findings);
      }
      auto& findings = std::get<FileFindings>(part);
      auto complaint =
          overrides ? merge.override_with(std::move(findings)) : merge.append(std::move(findings));
      if (complaint) return std::unexpected(*std::move(complaint));
    }
  }
  TerraformConfiguration configuration = merge.merged();
  const auto directory = directories.empty() ? std::nullopt : std::optional(directories.back());
  if (auto complaint = evaluate_block(merge, directory, options, configuration))
    return std::unexpected(*std::move(complaint));
  std::ranges::sort(names);
  configuration.files = std::move(names);
  return configuration;
}

}  // namespace lockstorm::scenarios
