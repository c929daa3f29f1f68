// What a module declares for use in its expressions: variables and locals.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "scenarios/config/values/expression.hpp"

namespace lockstorm::scenarios::values {

/// A `variable` block: its arguments by name (default, type, sensitive, ...).
struct VariableDeclaration {
  std::map<std::string, SourceExpression> settings;
  SourceLocation where;
};

struct LocalDeclaration {
  SourceExpression expression;
  SourceLocation where;  ///< of its name
};

struct Declarations {
  std::map<std::string, VariableDeclaration> variables;
  std::map<std::string, LocalDeclaration> locals;

  /// Adds those of a file that is no override. Of two with one name, which the tools refuse, the first
  /// counts.
  void append(Declarations file);
  /// Those of an override file: arguments of variables are replaced one by one, locals as wholes (Terraform:
  /// internal/configs/module.go, mergeFile).
  void override_with(Declarations file);
};

}  // namespace lockstorm::scenarios::values
