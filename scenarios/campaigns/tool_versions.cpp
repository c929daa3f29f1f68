#include "scenarios/campaigns/tool_versions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "scenarios/data/read_number.hpp"
#include "scenarios/data/scenario.hpp"
#include "scenarios/data/split.hpp"
#include "scenarios/data/version_constraint.hpp"

namespace lockstorm::scenarios {
namespace {

struct Version {
  int major = 0;
  int minor = 0;
  friend auto operator<=>(const Version&, const Version&) = default;
};

// "1.10".
Version version_of(std::string_view text) {
  Version version;
  const std::size_t dot = text.find('.');
  read_number(text.substr(0, dot), 0, 1000, version.major);
  read_number(text.substr(dot + 1), 0, 1000, version.minor);
  return version;
}

// What says which versions are used: a constraint, where it stands, and how it is told.
struct Demand {
  std::string constraint;
  std::string told;
};

std::vector<Demand> demands_of(const TerraformConfiguration& configuration) {
  const auto place = [](const SourceLocation& where) {
    return where.line == 0 ? where.file : fmt::format("{}:{}", where.file, where.line);
  };
  std::vector<Demand> demands;
  if (const auto& pinned = configuration.pinned_version) {
    const std::string release = pinned->first.substr(0, pinned->first.find('-'));
    demands.push_back({release, fmt::format("{} ({})", pinned->first, place(pinned->second))});
  }
  for (const auto& [constraint, where] : configuration.required_versions) {
    if (is_version_constraint(constraint))
      demands.push_back(
          {constraint, fmt::format("required_version = \"{}\" ({})", constraint, place(where))});
  }
  return demands;
}

// A part of the block: the backend itself, or an argument of it.
struct VersionPart {
  std::string what;  ///< "no argument 'use_lockfile' in its s3 backend"
  std::string_view argument;
  SourceLocation where;
  Availability versions;
  std::string_view instead;
};

std::vector<VersionPart> parts_of(const BackendBlock& block, const BackendType& type, models::Dialect tool) {
  const bool is_terraform = tool == models::Dialect::terraform;
  std::vector<VersionPart> parts{{fmt::format("no backend '{}'", type.name), "", block.where,
                                  is_terraform ? type.terraform : type.opentofu, ""}};
  for (const ArgumentVersions& known : type.versions) {
    for (const std::string_view name : split(known.names, ' ')) {
      const auto found = block.arguments.find(std::string(name));
      if (found == block.arguments.end()) continue;
      parts.push_back({fmt::format("no argument '{}' in its {} backend", name, type.name), name,
                       found->second.where, is_terraform ? known.terraform : known.opentofu, known.instead});
    }
  }
  return parts;
}

std::optional<InputError> refused_by(const Demand& demand, const VersionPart& part, models::Dialect tool) {
  const Version since = version_of(part.versions.since);
  if (!part.versions.since.empty() && !allows_from(demand.constraint, since.major, since.minor)) {
    return InputError{part.where,
                      fmt::format("{} {} refuses the block: before {} it has {}", tool_name(tool),
                                  demand.told, part.versions.since, part.what),
                      fmt::format("{} {} or later", tool_name(tool), part.versions.since), ""};
  }
  const Version until = version_of(part.versions.until);
  if (!part.versions.until.empty() && !allows_before(demand.constraint, until.major, until.minor)) {
    return InputError{part.where,
                      fmt::format("{} {} refuses the block: since {} it has {}", tool_name(tool), demand.told,
                                  part.versions.until, part.what),
                      part.instead.empty() ? fmt::format("a version before {}", part.versions.until)
                                           : std::string(part.instead),
                      ""};
  }
  return std::nullopt;
}

InputError of_the_other_tool(const VersionPart& part, const BackendType& type, models::Dialect tool) {
  const models::Dialect other =
      tool == models::Dialect::terraform ? models::Dialect::opentofu : models::Dialect::terraform;
  return {part.where,
          fmt::format("{}'s {} backend has no argument '{}'", tool_name(tool), type.name, part.argument),
          "an argument of that backend",
          fmt::format("{} has it: --tool {}", tool_name(other), tool_key(other))};
}

// Two parts of which no version has both.
std::optional<InputError> refused_by_all(const std::vector<VersionPart>& parts, models::Dialect tool) {
  for (const VersionPart& gone : parts) {
    for (const VersionPart& recent : parts) {
      if (gone.versions.until.empty() || recent.versions.since.empty()) continue;
      if (version_of(gone.versions.until) > version_of(recent.versions.since)) continue;
      return InputError{
          gone.where,
          fmt::format("every version of {} refuses the block: since {} it has {}, and before {} {}",
                      tool_name(tool), gone.versions.until, gone.what, recent.versions.since, recent.what),
          gone.instead.empty() ? "one of the two" : std::string(gone.instead), ""};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<InputError> refused_by_version(const BackendBlock& block, const BackendType& type,
                                             models::Dialect tool,
                                             const TerraformConfiguration& configuration,
                                             std::vector<std::string>& assumptions) {
  const std::vector<VersionPart> parts = parts_of(block, type, tool);
  for (const VersionPart& part : parts) {
    if (!part.versions.exists) return of_the_other_tool(part, type, tool);
  }
  const std::vector<Demand> demands = demands_of(configuration);
  for (const Demand& demand : demands) {
    for (const VersionPart& part : parts) {
      if (auto refused = refused_by(demand, part, tool)) return refused;
    }
  }
  if (auto refused = refused_by_all(parts, tool)) return refused;
  for (const VersionPart& part : parts) {
    if (part.versions.until.empty()) continue;
    const Version until = version_of(part.versions.until);
    const bool is_older = std::ranges::any_of(demands, [&](const Demand& demand) {
      return !allows_from(demand.constraint, until.major, until.minor);
    });
    if (!is_older)
      assumptions.push_back(fmt::format("{} is older than {}, which refuses the block: it has {}",
                                        tool_name(tool), part.versions.until, part.what));
  }
  return std::nullopt;
}

}  // namespace lockstorm::scenarios
