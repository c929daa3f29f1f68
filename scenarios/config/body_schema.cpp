#include "scenarios/config/body_schema.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

namespace lockstorm::scenarios {
namespace {

// internal/configs/parser_config.go, configFileSchema, of Terraform 1.17 and OpenTofu 1.13 (their main
// branches of August 2026). Both also list `required_providers` here, but only to say that it is misplaced.
constexpr std::array<std::string_view, 15> kTopLevelBlocks{
    "action", "check",  "data",     "ephemeral", "import",   "language",  "locals",  "module",
    "moved",  "output", "provider", "removed",   "resource", "terraform", "variable"};

// terraformBlockSchema in the same files.
constexpr std::array<std::string_view, 3> kTerraformArguments{"experiments", "language", "required_version"};
constexpr std::array<std::string_view, 6> kTerraformBlocks{
    "backend", "cloud", "encryption", "provider_meta", "required_providers", "state_store"};

constexpr std::string_view kKnownTo = "all that Terraform up to 1.17 and OpenTofu up to 1.13 know";

constexpr BodySchema kTopLevel{"at the top level", {}, kTopLevelBlocks};
constexpr BodySchema kTerraformBlock{"in a 'terraform' block", kTerraformArguments, kTerraformBlocks};

bool has(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::vector<std::string_view> all_names(const BodySchema& body) {
  std::vector<std::string_view> names(body.arguments.begin(), body.arguments.end());
  names.insert(names.end(), body.blocks.begin(), body.blocks.end());
  return names;
}

// A name that is right elsewhere is not misspelt.
std::string hint_for(const BodySchema& body, std::string_view name, std::span<const std::string_view> valid) {
  for (const BodySchema* other : {&kTopLevel, &kTerraformBlock}) {
    if (other->place != body.place && has(all_names(*other), name))
      return fmt::format("'{}' belongs {}", name, other->place);
  }
  return did_you_mean(name, valid);
}

InputError unknown(const BodySchema& body, std::string_view what, std::string_view name,
                   std::span<const std::string_view> valid, const SourceLocation& where) {
  return {where, fmt::format("unknown {} '{}' {}", what, name, body.place),
          valid.empty() ? "a block" : fmt::format("one of {} ({})", fmt::join(valid, ", "), kKnownTo),
          hint_for(body, name, valid)};
}

}  // namespace

const BodySchema& top_level_schema() { return kTopLevel; }
const BodySchema& terraform_block_schema() { return kTerraformBlock; }

std::optional<InputError> check_block(const BodySchema& body, std::string_view name,
                                      const SourceLocation& where) {
  if (has(body.blocks, name)) return std::nullopt;
  if (has(body.arguments, name)) {
    return InputError{where, fmt::format("a block of type '{}' is not expected here", name),
                      fmt::format("an argument named '{}'", name), fmt::format("write '{} = ...'", name)};
  }
  return unknown(body, "block type", name, body.blocks, where);
}

std::optional<InputError> check_argument(const BodySchema& body, std::string_view name,
                                         const SourceLocation& where) {
  if (has(body.arguments, name)) return std::nullopt;
  if (has(body.blocks, name)) {
    return InputError{where, fmt::format("an argument named '{}' is not expected here", name),
                      fmt::format("a block of type '{}'", name),
                      fmt::format("write '{} {{' without '='", name)};
  }
  return unknown(body, "argument", name, body.arguments, where);
}

std::optional<InputError> check_property(const BodySchema& body, std::string_view name,
                                         const SourceLocation& where) {
  const std::vector<std::string_view> valid = all_names(body);
  if (has(valid, name)) return std::nullopt;
  return unknown(body, "property", name, valid, where);
}

}  // namespace lockstorm::scenarios
