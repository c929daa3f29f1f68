// `remote_state` of a Terragrunt file.
#pragma once

#include "scenarios/config/terragrunt/terragrunt_scope.hpp"
#include "scenarios/config/terragrunt/terragrunt_unit.hpp"

namespace lockstorm::scenarios::terragrunt {

/// Of a block, or of `remote_state = { ... }`. Throws Unknown with the tool's refusal.
[[nodiscard]] RemoteState remote_state_of(Scope& scope, const hcl::Block& block);
[[nodiscard]] RemoteState remote_state_of(Scope& scope, const hcl::AttributeSyntax& attribute);

/// The `path` and `if_exists` of something that is generated. Throws Unknown with the tool's refusal, at
/// `where`.
[[nodiscard]] Target target_of(const values::Object& members, const SourceLocation& where);

/// A refusal that has its place.
[[nodiscard]] values::Unknown refusal_at(const SourceLocation& where, std::string problem,
                                         std::string expected = "", std::string hint = "");

}  // namespace lockstorm::scenarios::terragrunt
