#include "scenarios/config/config_merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace lockstorm::scenarios {
namespace {

/// A kind of block that says where state is; a module has one block of one of these kinds.
struct Kind {
  std::string_view name;
  std::string_view one;  ///< the name in a sentence
  std::vector<BackendBlock> FileFindings::* found;
  std::optional<BackendBlock> TerraformConfiguration::* merged;
};

constexpr std::array<Kind, 3> kKinds{
    {{"backend", "a backend", &FileFindings::backends, &TerraformConfiguration::backend},
     {"cloud", "cloud", &FileFindings::clouds, &TerraformConfiguration::cloud},
     {"state_store", "a state_store", &FileFindings::state_stores, &TerraformConfiguration::state_store}}};

std::string place(const SourceLocation& where) {
  return fmt::format("{}:{}:{}", where.file, where.line, where.column);
}

InputError duplicate(const Kind& kind, const SourceLocation& second, const SourceLocation& first) {
  return {second,
          fmt::format("duplicate {} configuration; {} is already configured at {}", kind.name, kind.one,
                      place(first)),
          fmt::format("one {} block", kind.name),
          fmt::format("only an override file may replace another file's {}", kind.name)};
}

InputError conflict(const Kind& kind, const SourceLocation& where, const Kind& other,
                    const SourceLocation& other_place) {
  const bool has_cloud = kind.name == "cloud" || other.name == "cloud";
  const std::string_view obstacle = kind.name == "cloud" ? other.name : kind.name;
  return {where,
          fmt::format("both a {} and a {} block are present; {} is configured at {}", kind.name, other.name,
                      other.one, place(other_place)),
          fmt::format("either a {} block or a {} block", kind.name, other.name),
          has_cloud ? fmt::format("remove the {} block to use HCP Terraform", obstacle) : ""};
}

std::optional<InputError> conflict_in(const TerraformConfiguration& merged) {
  for (const Kind& kind : kKinds) {
    for (const Kind& other : kKinds) {
      const auto& first = merged.*kind.merged;
      const auto& second = merged.*other.merged;
      if (&kind != &other && first && second) return conflict(kind, first->where, other, second->where);
    }
  }
  return std::nullopt;
}

}  // namespace

void ConfigMerge::take_over(FileFindings& file) {
  std::ranges::move(file.open_arguments, std::back_inserter(open_arguments_));
  merged_.has_provider = merged_.has_provider || file.has_provider;
  if (!merged_.encryption) merged_.encryption = std::move(file.encryption);
  if (!merged_.language_of_opentofu) merged_.language_of_opentofu = std::move(file.language_of_opentofu);
}

std::vector<OpenArgument> ConfigMerge::open_arguments() const {
  std::vector<OpenArgument> of_the_block;
  for (const OpenArgument& argument : open_arguments_) {
    const bool counts = std::ranges::any_of(kKinds, [&](const Kind& kind) {
      const auto& block = merged_.*kind.merged;
      return block && block->where == argument.block;
    });
    if (counts) of_the_block.push_back(argument);
  }
  return of_the_block;
}

std::optional<InputError> ConfigMerge::append(FileFindings file) {
  take_over(file);
  declared_.append(std::move(file.declared));
  std::ranges::move(file.required_versions, std::back_inserter(merged_.required_versions));
  for (const Kind& kind : kKinds) {
    std::optional<BackendBlock>& merged = merged_.*kind.merged;
    for (BackendBlock& block : file.*kind.found) {
      if (merged) return duplicate(kind, block.where, merged->where);
      merged = std::move(block);
    }
  }
  return conflict_in(merged_);
}

std::optional<InputError> ConfigMerge::override_with(FileFindings file) {
  take_over(file);
  declared_.override_with(std::move(file.declared));
  if (!file.required_versions.empty()) merged_.required_versions = std::move(file.required_versions);
  for (const Kind& kind : kKinds) {
    std::vector<BackendBlock>& found = file.*kind.found;
    if (found.size() > 1) return duplicate(kind, found[1].where, found[0].where);
    if (found.empty()) continue;
    for (const Kind& any : kKinds) (merged_.*any.merged).reset();
    merged_.*kind.merged = std::move(found[0]);
  }
  return std::nullopt;
}

}  // namespace lockstorm::scenarios
