#include "scenarios/config/config_reader.hpp"

#include <algorithm>
#include <exception>
#include <system_error>

#include "scenarios/config/config_files.hpp"
#include "scenarios/config/config_merge.hpp"
#include "scenarios/config/file_findings.hpp"
#include "scenarios/config/static_values.hpp"
#include "scenarios/config/syntax/source_text.hpp"
#include "scenarios/data/input_file.hpp"

namespace lockstorm::scenarios {
namespace {

std::expected<ConfigFiles, InputError> files_at(const std::filesystem::path& path,
                                                std::optional<models::Dialect> tool) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    return std::unexpected(InputError{{path.string(), 0, 0},
                                      "no such file or directory",
                                      "a configuration file or the directory of a root module",
                                      ""});
  }
  if (error)
    return std::unexpected(InputError{{path.string(), 0, 0}, "cannot be read: " + error.message(), "", ""});
  if (std::filesystem::is_directory(status)) return list_configuration(path, tool);
  if (tool == models::Dialect::terraform && is_opentofus_own(path.string())) {
    return std::unexpected(InputError{{path.string(), 0, 0},
                                      "Terraform does not read OpenTofu's own files",
                                      "a file named *.tf or *.tf.json",
                                      "--tool opentofu reads it"});
  }
  if (!is_configuration(path.string())) {
    return std::unexpected(InputError{{path.string(), 0, 0},
                                      "is not named like a configuration file",
                                      "a file named *.tf, *.tf.json, *.tofu or *.tofu.json",
                                      "name the configuration itself, or its directory"});
  }
  return ConfigFiles{{path}, {}};
}

std::expected<TerraformConfiguration, InputError> read_text(const std::string& text,
                                                            const ReadOptions& options) {
  const SourceText source(std::string(kStandardInput), text);
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  const bool is_json = begin != std::string::npos && text[begin] == '{';
  auto found = is_json ? find_in_json(source) : find_in_native(source);
  if (!found) return std::unexpected(std::move(found).error());
  ConfigMerge merge;
  if (auto complaint = merge.append(*std::move(found))) return std::unexpected(*std::move(complaint));
  TerraformConfiguration configuration = merge.merged();
  if (auto complaint = evaluate_block(merge, std::nullopt, options, configuration))
    return std::unexpected(*std::move(complaint));
  configuration.files = {std::string(kStandardInput)};
  return configuration;
}

std::expected<TerraformConfiguration, InputError> read_all(
    const ConfigFiles& files, const std::optional<std::filesystem::path>& directory,
    const ReadOptions& options) {
  ConfigMerge merge;
  std::vector<std::string> names;
  const auto read_list = [&](const std::vector<std::filesystem::path>& list,
                             auto add) -> std::optional<InputError> {
    for (const std::filesystem::path& file : list) {
      auto found = find_in_file(file);
      if (!found) return std::move(found.error());
      if (auto complaint = (merge.*add)(std::move(*found))) return complaint;
      names.push_back(file.string());
    }
    return std::nullopt;
  };
  if (auto complaint = read_list(files.primary, &ConfigMerge::append))
    return std::unexpected(std::move(*complaint));
  if (auto complaint = read_list(files.overrides, &ConfigMerge::override_with)) {
    return std::unexpected(std::move(*complaint));
  }
  TerraformConfiguration configuration = merge.merged();
  if (auto complaint = evaluate_block(merge, directory, options, configuration))
    return std::unexpected(std::move(*complaint));
  std::ranges::sort(names);
  configuration.files = std::move(names);
  return configuration;
}

}  // namespace

bool is_standard_input(const std::filesystem::path& path) { return path == "-"; }

std::expected<FileFindings, InputError> find_in_file(const std::filesystem::path& file) {
  const auto source = read_source(file);
  if (!source) return std::unexpected(source.error());
  return is_json_syntax(source->file()) ? find_in_json(*source) : find_in_native(*source);
}

std::expected<TerraformConfiguration, InputError> read_terraform_configuration(
    const std::filesystem::path& file_or_directory, const ReadOptions& options) {
  try {
    if (is_standard_input(file_or_directory) && options.standard_input)
      return read_text(*options.standard_input, options);
    const auto files = files_at(file_or_directory, options.tool);
    if (!files) return std::unexpected(files.error());
    std::error_code error;
    const bool is_directory = std::filesystem::is_directory(file_or_directory, error);
    return read_all(*files, is_directory ? std::optional(file_or_directory) : std::nullopt, options);
  } catch (const std::exception& failure) {
    // What the standard library throws, such as std::bad_alloc: still an answer about this input.
    return std::unexpected(
        InputError{{file_or_directory.string(), 0, 0}, "cannot be read", "", failure.what()});
  }
}

std::expected<TerraformConfiguration, InputError> read_terraform_configuration(
    const std::filesystem::path& file_or_directory, std::optional<models::Dialect> tool) {
  ReadOptions options;
  options.tool = tool;
  return read_terraform_configuration(file_or_directory, options);
}

}  // namespace lockstorm::scenarios
