// Values of HCL expressions that are literals; every other expression stays source text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "scenarios/data/configuration.hpp"

namespace lockstorm::scenarios::hcl {

/// The value of an expression that parse() accepted; nullopt for `null`. Strings, heredocs, booleans and
/// numbers, also in parentheses, are resolved; anything else, even `1 + 1`, is Unresolved. A number beyond
/// the range of double is Unresolved, too. Unlike Terraform, does not normalise strings to Unicode NFC, and
/// strips only ASCII space from an indented heredoc.
[[nodiscard]] std::optional<AttributeValue> evaluate(std::string_view expression);

/// The text of a block label that parse() accepted, quoted or bare.
[[nodiscard]] std::string evaluate_label(std::string_view label);

/// Whether a string as HCL's JSON syntax has it contains a template sequence, or the escape of one.
[[nodiscard]] bool has_template_sequence(std::string_view text);

}  // namespace lockstorm::scenarios::hcl
