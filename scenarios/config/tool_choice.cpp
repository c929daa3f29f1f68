#include "scenarios/config/tool_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "scenarios/config/config_files.hpp"
#include "scenarios/config/repository_folders.hpp"
#include "scenarios/config/syntax/hcl_syntax.hpp"
#include "scenarios/config/syntax/hcl_values.hpp"
#include "scenarios/config/version_files.hpp"

namespace lockstorm::scenarios {
namespace {

namespace fs = std::filesystem;
using models::Dialect;

/// As the directory was given: relative to where one is, or absolute.
std::string shown(const std::string& file, const fs::path& directory) {
  std::error_code error;
  const fs::path here = fs::current_path(error);
  if (directory.is_absolute() || error) return file;
  return fs::path(file).lexically_relative(here).string();
}

std::string line_of(const SourceLocation& where) {
  return where.line == 0 ? where.file : fmt::format("{}:{}", where.file, where.line);
}

/// The pins of the nearest folder that has any.
std::vector<VersionPin> nearest_pins(const fs::path& directory) {
  for (const fs::path& folder : folders_up(directory)) {
    std::vector<VersionPin> pins = pins_in(folder);
    if (pins.empty()) continue;
    for (VersionPin& pin : pins) pin.where.file = shown(pin.where.file, directory);
    return pins;
  }
  return {};
}

ToolChoice found(Dialect tool, SourceLocation where, std::string reason) {
  ToolChoice choice;
  choice.tool = tool;
  choice.reason = std::move(reason);
  choice.where = std::move(where);
  choice.is_told = true;
  return choice;
}

std::optional<ToolChoice> by_version_files(const std::vector<VersionPin>& pins) {
  if (pins.empty()) return std::nullopt;
  const VersionPin& first = pins.front();
  if (std::ranges::any_of(pins, [&](const VersionPin& pin) { return pin.tool != first.tool; }))
    return std::nullopt;
  return found(first.tool, first.where, fmt::format("{} is there", line_of({first.where.file, 0, 0})));
}

std::optional<ToolChoice> by_lock_file(const fs::path& directory) {
  const fs::path file = (directory / ".terraform.lock.hcl").lexically_normal();
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return std::nullopt;
  const auto source = read_source(file);
  const auto body = source ? hcl::parse(*source) : std::unexpected(source.error());
  if (!body) return std::nullopt;
  std::optional<Dialect> tool;
  SourceLocation where;
  for (const hcl::Block& block : body->blocks) {
    if (block.type != "provider" || block.labels.empty()) continue;
    const std::string provider = hcl::evaluate_label(block.labels[0]);
    const bool is_opentofus = provider.starts_with("registry.opentofu.org/");
    if (!is_opentofus && !provider.starts_with("registry.terraform.io/")) continue;
    const Dialect its = is_opentofus ? Dialect::opentofu : Dialect::terraform;
    if (tool && *tool != its) return std::nullopt;
    if (!tool) where = source->location(block.type);
    tool = its;
  }
  if (!tool) return std::nullopt;
  return found(*tool, where,
               fmt::format("{} has providers of {}", where.file,
                           *tool == Dialect::opentofu ? "registry.opentofu.org" : "registry.terraform.io"));
}

std::optional<ToolChoice> by_configuration(const TerraformConfiguration& configuration) {
  for (const std::string& file : configuration.files) {
    if (is_opentofus_own(file))
      return found(Dialect::opentofu, {file, 0, 0}, fmt::format("only OpenTofu reads {}", file));
  }
  if (const auto& where = configuration.language_of_opentofu) {
    return found(Dialect::opentofu, *where,
                 fmt::format("{} has a language block, which Terraform does not know", line_of(*where)));
  }
  if (const auto& where = configuration.encryption) {
    return found(Dialect::opentofu, *where,
                 fmt::format("{} has an encryption block, which Terraform refuses", line_of(*where)));
  }
  if (const auto& used = configuration.uses_variables) {
    return found(
        Dialect::opentofu, used->where,
        fmt::format("{} has {} in the backend block, where Terraform takes neither variables nor functions",
                    line_of(used->where), told(*used)));
  }
  return std::nullopt;
}

std::optional<PinnedVersion> pinned_version(Dialect tool, const std::vector<VersionPin>& pins,
                                            const TerraformConfiguration& configuration) {
  for (const VersionPin& pin : pins) {
    if (pin.tool == tool && !pin.version.empty()) return PinnedVersion{pin.version, pin.where};
  }
  for (const auto& [constraint, where] : configuration.required_versions) {
    std::string_view text = constraint;
    text.remove_prefix(std::min(text.find_first_not_of(" ="), text.size()));
    if (is_plain_version(text)) return PinnedVersion{std::string(text), where};
  }
  return std::nullopt;
}

}  // namespace

ToolChoice choose_tool(const TerraformConfiguration& configuration, const std::filesystem::path& directory,
                       std::optional<models::Dialect> asked) {
  const std::vector<VersionPin> pins = nearest_pins(directory);
  std::optional<ToolChoice> choice;
  if (asked) choice = found(*asked, {}, "--tool");
  if (!choice) choice = by_version_files(pins);
  if (!choice) choice = by_lock_file(directory);
  if (!choice) choice = by_configuration(configuration);
  if (!choice) {
    choice.emplace();
    choice->reason = "nothing speaks for OpenTofu";
  }
  choice->version = pinned_version(choice->tool, pins, configuration);
  return *std::move(choice);
}

}  // namespace lockstorm::scenarios
