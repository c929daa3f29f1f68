// What a Terraform or OpenTofu configuration says about where its state lives, as data.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios {

/// An expression that cannot be resolved without running Terraform: references, calls, templates,
/// collections.
struct Unresolved {
  std::string expression;  ///< the source text as written

  friend bool operator==(const Unresolved&, const Unresolved&) = default;
};

/// An argument's value as written: a literal, or an expression. An argument set to null is dropped, as if
/// absent.
using AttributeValue = std::variant<std::string, bool, double, Unresolved>;

/// One argument of a backend block.
struct Attribute {
  AttributeValue value;
  SourceLocation where;  ///< of the argument's name

  friend bool operator==(const Attribute&, const Attribute&) = default;
};

/// A `backend "type" { ... }` block. A block nested in it (`workspaces { ... }` of the `remote` backend)
/// appears among the arguments under its block type, Unresolved, with the block's source text.
struct BackendBlock {
  std::string type;
  std::map<std::string, Attribute> arguments;
  SourceLocation where;

  friend bool operator==(const BackendBlock&, const BackendBlock&) = default;
};

/// What a configuration says about its state, after override files have had their say.
struct TerraformConfiguration {
  std::optional<BackendBlock>
      backend;  ///< empty: the `local` backend with its defaults, unless `cloud` or `state_store` is set
  std::optional<BackendBlock> cloud;        ///< a `cloud` block, as a backend block of type "cloud"
  std::optional<BackendBlock> state_store;  ///< a `state_store` block, of a state store's type
  std::vector<std::pair<std::string, SourceLocation>> required_versions;  ///< in the order of the files
  std::vector<std::string> files;  ///< the files that were read, sorted
};

}  // namespace lockstorm::scenarios
