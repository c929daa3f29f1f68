// GitHub's expressions (`${{ ... }}`), computed as far as a run's context is known.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "scenarios/pipeline/symbolic.hpp"

namespace lockstorm::scenarios::pipeline {

struct ExpressionValue {
  enum class Kind : std::uint8_t { null, boolean, number, string, unknown };
  Kind kind = Kind::null;
  Symbolic text{};

  [[nodiscard]] Truth truth() const;
};

[[nodiscard]] ExpressionValue string_value(std::string text);
[[nodiscard]] ExpressionValue boolean_value(bool value);
/// One whose text is another in each run.
[[nodiscard]] ExpressionValue fresh_value(std::string_view name);
/// One that nobody knows from the files; its name stands for it.
[[nodiscard]] ExpressionValue unknown_value(std::string_view name);

/// What a name ("github.ref", "matrix.env", "always()") stands for; names come in lower case but for what
/// follows the context.
using ExpressionContext = std::function<ExpressionValue(std::string_view name)>;

/// The value of one expression, without its braces. One that cannot be read is unknown.
[[nodiscard]] ExpressionValue evaluate_expression(std::string_view expression,
                                                  const ExpressionContext& context);

/// A text with the expressions in it replaced.
[[nodiscard]] Symbolic expand_expressions(std::string_view text, const ExpressionContext& context);

/// Whether a condition asks for the status of what went before: always(), failure(), cancelled(), success().
[[nodiscard]] bool asks_for_status(std::string_view expression);

/// What an `if:` comes to; its braces may be left out.
[[nodiscard]] Truth evaluate_condition(std::string_view condition, const ExpressionContext& context);

}  // namespace lockstorm::scenarios::pipeline
