// What one configuration file, in either syntax, says about state.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/config/config_reader.hpp"
#include "scenarios/config/syntax/hcl_syntax.hpp"
#include "scenarios/config/syntax/json_document.hpp"
#include "scenarios/config/syntax/source_text.hpp"
#include "scenarios/config/values/declarations.hpp"

namespace lockstorm::scenarios {

/// An argument of a backend, cloud or state_store block that is no literal, still to be evaluated; or one of
/// a block nested in it, which stays as it is written.
struct OpenArgument {
  SourceLocation block;
  std::string name;
  values::SourceExpression expression;
  bool is_nested = false;
};

/// The contents of a file's `terraform` blocks and what it declares, before other files are considered.
struct FileFindings {
  std::vector<BackendBlock> backends;
  std::vector<BackendBlock> clouds;
  std::vector<BackendBlock> state_stores;
  std::vector<std::pair<std::string, SourceLocation>> required_versions;
  std::vector<OpenArgument> open_arguments;
  std::optional<SourceLocation> encryption;
  std::optional<SourceLocation> language_of_opentofu;
  bool has_provider = false;
  values::Declarations declared;
};

/// Reads a file in HCL's native syntax (.tf, .tofu).
[[nodiscard]] std::expected<FileFindings, InputError> find_in_native(const SourceText& source);

/// Reads a file in HCL's JSON syntax (.tf.json, .tofu.json; hashicorp/hcl json/spec.md).
[[nodiscard]] std::expected<FileFindings, InputError> find_in_json(const SourceText& source);

/// Reads a file of either syntax, as its name tells.
[[nodiscard]] std::expected<FileFindings, InputError> find_in_file(const std::filesystem::path& file);

/// Takes over the value of a `required_version`; a complaint where it is not a plain string or number.
[[nodiscard]] std::optional<InputError> add_required_version(const AttributeValue& value,
                                                             SourceLocation where, FileFindings& found);

/// Takes over `variable` and `locals` blocks. What is not shaped as the tools want it is passed over.
void add_declarations(const SourceText& source, const hcl::Body& body, FileFindings& found);
void add_declarations(const SourceText& source, const json::Value& document, FileFindings& found);

}  // namespace lockstorm::scenarios
