// What may stand at the top level of a configuration and in its `terraform` blocks. Both are closed sets: a
// misspelt backend block would otherwise pass for none.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios {

/// A body's arguments and blocks by name: whatever Terraform or OpenTofu knows, so that nothing is refused
/// that one of them takes.
struct BodySchema {
  std::string_view place;  ///< "in a 'terraform' block"
  std::span<const std::string_view> arguments;
  std::span<const std::string_view> blocks;
};

[[nodiscard]] const BodySchema& top_level_schema();
[[nodiscard]] const BodySchema& terraform_block_schema();

/// The complaint about `name {` if the body has no such block.
[[nodiscard]] std::optional<InputError> check_block(const BodySchema& body, std::string_view name,
                                                    const SourceLocation& where);

/// The complaint about `name = value` if the body has no such argument.
[[nodiscard]] std::optional<InputError> check_argument(const BodySchema& body, std::string_view name,
                                                       const SourceLocation& where);

/// The complaint about `"name": ...`, which in the JSON syntax is an argument or a block.
[[nodiscard]] std::optional<InputError> check_property(const BodySchema& body, std::string_view name,
                                                       const SourceLocation& where);

}  // namespace lockstorm::scenarios
