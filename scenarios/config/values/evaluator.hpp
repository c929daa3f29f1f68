// Evaluates an expression in a scope.
#pragma once

#include <string>
#include <vector>

#include "scenarios/config/values/expression.hpp"

namespace lockstorm::scenarios::values {

/// What names and functions mean where an expression stands.
class Scope {
 public:
  Scope() = default;
  virtual ~Scope() = default;
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  /// The value of `var.table`, the first two of these names. Throws Unknown.
  [[nodiscard]] virtual Value value_of(const std::vector<std::string>& names) = 0;

  /// What a function makes of its arguments. Throws Unknown.
  [[nodiscard]] virtual Value call(const std::string& function, const std::vector<Value>& arguments) = 0;

  std::size_t depth = 0;  ///< of the evaluation that is going on
  /// What has no value here becomes a symbol, where it is part of a text, a list, an object or a call, or is
  /// the branch that is not taken: the rest is known all the same.
  bool keeps_symbols = false;
};

/// Where there are neither names nor functions: in `*.tfvars` and defaults, and in Terraform's backend block.
class EmptyScope : public Scope {
 public:
  explicit EmptyScope(std::string because) : because_(std::move(because)) {}
  [[nodiscard]] Value value_of(const std::vector<std::string>& names) override;
  [[nodiscard]] Value call(const std::string& function, const std::vector<Value>& arguments) override;

 private:
  std::string because_;
};

/// Throws Unknown where there is no value, though the scope may keep symbols. As in HCL all parts are
/// evaluated, also the branch that is not taken: what OpenTofu would not start with has no value here.
[[nodiscard]] Value evaluate(const Expression& expression, Scope& scope);

/// The same, as a part of something: a symbol where there is no value and the scope keeps symbols.
[[nodiscard]] Value evaluate_part(const Expression& expression, Scope& scope);

/// What takes the place of a value. Throws it again where it is the tool's refusal.
[[nodiscard]] Value symbol_for(const Unknown& failure);

}  // namespace lockstorm::scenarios::values
