#include "scenarios/repository/terragrunt_units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "scenarios/config/terragrunt/unit_configuration.hpp"
#include "scenarios/repository/candidates.hpp"
#include "scenarios/repository/last_init.hpp"

namespace lockstorm::scenarios {
namespace {

namespace fs = std::filesystem;

/// terraform_binary is what Terragrunt runs.
std::optional<ToolChoice> by_binary(const terragrunt::Unit& unit) {
  if (!unit.binary) return std::nullopt;
  const auto& [path, where] = *unit.binary;
  const std::string name = fs::path(path).filename().string();
  ToolChoice choice;
  if (name.starts_with("tofu") || name.starts_with("opentofu")) {
    choice.tool = models::Dialect::opentofu;
  } else if (!name.starts_with("terraform")) {
    return std::nullopt;
  }
  choice.reason = fmt::format("{}:{} sets terraform_binary", where.file, where.line);
  choice.where = where;
  choice.is_told = true;
  return choice;
}

CliArguments passed_by(const terragrunt::Unit& unit) {
  CliArguments passed;
  for (const auto& [label, extra] : unit.extra_arguments) {
    for (const char* command : {"init", "apply"}) {
      if (std::ranges::find(extra.commands, command) != extra.commands.end())
        add_words(extra.arguments, command, {"extra_arguments", extra.where}, passed);
    }
  }
  return passed;
}

bool runs_on_its_own(const RootModule& root) {
  const TerraformConfiguration& configuration = root.configuration;
  if (configuration.cloud || configuration.state_store) return true;
  return configuration.backend && missing_arguments(*configuration.backend).empty();
}

}  // namespace

void TerragruntUnits::add(const fs::path& directory, bool has_configuration, FoundRoots& found) {
  files_.show_below(directory);
  const fs::path file = directory / kTerragruntFile;
  const auto unit = terragrunt::read_unit(file, files_, options_.read.environment);
  if (!unit) {
    found.complaints.push_back(unit.error());
    return;
  }
  included_.insert(unit->included.begin(), unit->included.end());
  const terragrunt::Standing standing = terragrunt::standing_of(*unit, has_configuration);
  if (standing == terragrunt::Standing::none) {
    found.left_out.push_back({directory, "a Terragrunt file that has nothing to run"});
    return;
  }
  ReadOptions read = options_.read_in(directory);
  auto assembled = configuration_of(*unit, directory, files_, read);
  ToolChoice tool;
  if (assembled) {
    tool = choose_tool(assembled->configuration, directory, read.tool);
    if (const auto binary = by_binary(*unit); binary && !read.tool)
      tool = {binary->tool, binary->reason, binary->where, true, tool.version};
    if (!tool.is_told)
      assembled->configuration.assumptions.emplace_back(
          "Terragrunt runs Terraform, as it does where there is no tofu (--tool opentofu: the other)");
  }
  if (assembled && !read.tool && tool.tool == models::Dialect::terraform) {
    // What was read so far is OpenTofu's view.
    read.tool = tool.tool;
    auto again = configuration_of(*unit, directory, files_, read);
    if (again) again->configuration.assumptions = assembled->configuration.assumptions;
    assembled = std::move(again);
  }
  if (!assembled) {
    found.complaints.push_back(assembled.error());
    return;
  }
  tell_workspace(directory, options_.read.environment, assembled->configuration);
  if (tool.version)
    assembled->configuration.pinned_version.emplace(tool.version->version, tool.version->where);
  if (assembled->module) modules_.insert(*assembled->module);
  if (standing == terragrunt::Standing::unit_unless_included) uncertain_.insert(unit->file);
  units_.insert(directory);
  found.roots.push_back({directory, std::move(assembled->configuration), std::move(tool), passed_by(*unit)});
}

void TerragruntUnits::take_out_what_units_use(FoundRoots& found) const {
  if (units_.empty()) return;
  const auto reason = [&](const RootModule& root) -> const char* {
    const fs::path directory = terragrunt::normal(root.directory);
    const fs::path file = directory / kTerragruntFile;
    if (uncertain_.contains(file) && included_.contains(file)) return "a Terragrunt file that units include";
    const bool is_unit = units_.contains(root.directory);
    if (!is_unit && modules_.contains(directory) && !runs_on_its_own(root))
      return "a module that Terragrunt's units run";
    return nullptr;
  };
  std::vector<RootModule> kept;
  for (RootModule& root : found.roots) {
    if (const char* why = reason(root)) {
      found.left_out.push_back({root.directory, why});
    } else {
      kept.push_back(std::move(root));
    }
  }
  found.roots = std::move(kept);
}

}  // namespace lockstorm::scenarios
