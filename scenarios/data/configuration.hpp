// What a Terraform or OpenTofu configuration says about where its state lives, as data.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios {

/// An expression whose value is not known without running the tool, or that is no single value: a collection.
struct Unresolved {
  /// The source text as written; of a collection that is put together from references the text of its value.
  std::string expression;

  /// What stands in the way, by its name: "var.bucket", "local.name", "data.x.y", "timestamp()"; "" for a
  /// collection and for what has no name. A variable among these can be given.
  std::string needs{};
  /// Why it does, to stand behind the name: "has no default and is given no value".
  std::string because{};

  /// Alike as written.
  friend bool operator==(const Unresolved& a, const Unresolved& b) { return a.expression == b.expression; }
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

/// Where a part of a value comes from: "variable table's default", "variable table, given with -var".
struct ValueSource {
  std::string what;
  SourceLocation where;  ///< without a file where there is none

  friend bool operator==(const ValueSource&, const ValueSource&) = default;
};

/// An argument of the backend, cloud or state_store block that is known because of what it refers to.
struct EvaluatedArgument {
  std::string name;
  std::optional<AttributeValue> value;  ///< nothing: null, as if the argument were absent
  SourceLocation where;
  std::vector<ValueSource> from;
};

/// Whether an argument of that name is known to hold no credential, whatever its value.
[[nodiscard]] bool holds_no_credential(std::string_view argument);

/// "dynamodb_table is acme-locks: variable table's default (main.tf:1)"; the value only of an argument that
/// is known to hold no credential.
[[nodiscard]] std::string told(const EvaluatedArgument& argument);

/// A reference or a call in the block: OpenTofu evaluates it since 1.8, Terraform does not. In the JSON
/// syntax Terraform does not refuse it either: it takes the text as it is.
struct ReferenceInBlock {
  std::string name;  ///< "var.table", "local.name", "format()"
  SourceLocation where;
  bool is_call = false;
  bool is_json = false;

  friend bool operator==(const ReferenceInBlock&, const ReferenceInBlock&) = default;
};

/// Its name, where that is surely no part of a credential: "local.table"; else "a reference" or "a function".
[[nodiscard]] std::string told(const ReferenceInBlock& reference);

/// What a configuration says about its state, after override files have had their say.
struct TerraformConfiguration {
  std::optional<BackendBlock>
      backend;  ///< empty: the `local` backend with its defaults, unless `cloud` or `state_store` is set
  std::optional<BackendBlock> cloud;        ///< a `cloud` block, as a backend block of type "cloud"
  std::optional<BackendBlock> state_store;  ///< a `state_store` block, of a state store's type
  std::vector<std::pair<std::string, SourceLocation>> required_versions;  ///< in the order of the files
  std::vector<std::string> files;  ///< the files that were read, sorted
  bool has_provider = false;       ///< a provider is configured: somebody runs the tool here

  std::vector<EvaluatedArgument> evaluated;        ///< of the block, by name
  std::vector<std::string> variable_files;         ///< that values of its variables were looked up in
  std::optional<ReferenceInBlock> uses_variables;  ///< the first in the block; native syntax first
  std::optional<SourceLocation> encryption;        ///< of a `terraform` block's `encryption`, OpenTofu's
  /// Of a `language` block, which OpenTofu has since 1.12 and Terraform has not.
  std::optional<SourceLocation> language_of_opentofu;
};

}  // namespace lockstorm::scenarios
