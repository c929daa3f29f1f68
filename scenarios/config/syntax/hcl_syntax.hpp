// The syntax tree of a file in HCL's native syntax: bodies, blocks and attributes; expressions stay source
// text. And its comments.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/config/syntax/source_text.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios::hcl {

struct Block;

/// `name = expression`; both are views into the source.
struct AttributeSyntax {
  std::string_view name;
  std::string_view expression;  ///< without surrounding space
};

/// What stands between two braces, or in a file. All views point into the source.
struct Body {
  std::map<std::string_view, AttributeSyntax> attributes;
  std::vector<Block> blocks;  ///< in the order of the file
};

/// `type "label" label { ... }`.
struct Block {
  std::string_view type;
  std::vector<std::string_view> labels;  ///< as written, quotes included
  Body body;
  std::string_view text;  ///< the whole block, from its type to its closing brace
};

/// Parses a whole file (HCL native syntax specification, hashicorp/hcl hclsyntax/spec.md, as Terraform's
/// parser has it). The result's views point into `source`. Fails at the first syntax error, at an argument
/// that is set twice in one body, and where nesting exceeds max_nesting_depth.
[[nodiscard]] std::expected<Body, InputError> parse(const SourceText& source);

/// The comments of a file, in their order, with what begins and ends them (`#`, `//`, `/* */`); what looks
/// like one in a string or a heredoc is none. Fails as parse() does.
[[nodiscard]] std::expected<std::vector<std::string_view>, InputError> comments(const SourceText& source);

}  // namespace lockstorm::scenarios::hcl
