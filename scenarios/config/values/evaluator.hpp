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

/// Throws Unknown where there is no value. As in HCL all parts are evaluated, also the branch that is not
/// taken: what OpenTofu would not start with has no value here.
[[nodiscard]] Value evaluate(const Expression& expression, Scope& scope);

}  // namespace lockstorm::scenarios::values
