// What one configuration file, in either syntax, says about state.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/config/config_reader.hpp"
#include "scenarios/config/syntax/source_text.hpp"

namespace lockstorm::scenarios {

/// The contents of a file's `terraform` blocks, before other files are considered.
struct FileFindings {
  std::vector<BackendBlock> backends;
  std::vector<BackendBlock> clouds;
  std::vector<BackendBlock> state_stores;
  std::vector<std::pair<std::string, SourceLocation>> required_versions;
};

/// Reads a file in HCL's native syntax (.tf, .tofu).
[[nodiscard]] std::expected<FileFindings, InputError> find_in_native(const SourceText& source);

/// Reads a file in HCL's JSON syntax (.tf.json, .tofu.json; hashicorp/hcl json/spec.md).
[[nodiscard]] std::expected<FileFindings, InputError> find_in_json(const SourceText& source);

/// Takes over the value of a `required_version`; a complaint where it is not a plain string or number.
[[nodiscard]] std::optional<InputError> add_required_version(const AttributeValue& value,
                                                             SourceLocation where, FileFindings& found);

}  // namespace lockstorm::scenarios
