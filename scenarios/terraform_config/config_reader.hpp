// Reads what a user's Terraform or OpenTofu configuration says about where its state lives.
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "models/backends/backend.hpp"
#include "scenarios/input_error.hpp"

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

/// Reads one configuration file, or the root module in a directory: its `*.tf`, `*.tf.json`, `*.tofu` and
/// `*.tofu.json` files, not its subdirectories. Hidden files and editors' backups are skipped, as Terraform
/// does.
///
/// `override.tf`, `*_override.tf` and their JSON and OpenTofu twins come last, sorted by name: an override
/// file's backend block replaces the whole backend (or cloud) block before it; arguments are not merged.
///
/// A `.tofu` file replaces the `.tf` file of the same name (`main.tofu.json` replaces `main.tf.json`), as
/// OpenTofu does. Terraform does not read `.tofu` files: when that tool is named they are passed over, and
/// one that is named itself is refused. Without a tool the result is OpenTofu's view.
///
/// In the JSON syntax a string with `${` or `%{` is Unresolved: OpenTofu evaluates it, Terraform takes it
/// literally.
///
/// Every file must be syntactically valid to the end, as for Terraform, and have only blocks and arguments at
/// its top level and in its `terraform` blocks that one of the tools knows; of the others only the names are
/// looked at. Never throws; an error names the file, line and column (counted in Unicode code points).
[[nodiscard]] std::expected<TerraformConfiguration, InputError> read_terraform_configuration(
    const std::filesystem::path& file_or_directory, std::optional<models::Dialect> tool = std::nullopt);

}  // namespace lockstorm::scenarios
