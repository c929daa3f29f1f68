// The scope of a root module's constants: what OpenTofu knows before it has read any state.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "scenarios/config/values/declarations.hpp"
#include "scenarios/config/values/evaluator.hpp"

namespace lockstorm::scenarios::values {

/// A value that a variable is given: as text (-var, TF_VAR_), or as an expression of a file.
struct GivenValue {
  std::variant<std::string, SourceExpression> written;
  ValueSource source;  ///< "given with -var", without a variable's name
};

using GivenValues = std::map<std::string, GivenValue>;

/// Variables, locals, paths and the workspace (OpenTofu: internal/configs/static_scope.go, since 1.8).
class ModuleScope : public Scope {
 public:
  struct Surroundings {
    std::string directory;  ///< absolute
    std::string workspace;
  };

  ModuleScope(const Declarations& declared, const GivenValues& given, Surroundings surroundings)
      : declared_(declared), given_(given), surroundings_(std::move(surroundings)) {}

  [[nodiscard]] Value value_of(const std::vector<std::string>& names) override;
  [[nodiscard]] Value call(const std::string& function, const std::vector<Value>& arguments) override;

  /// Where what has been looked up since the last call comes from.
  [[nodiscard]] std::vector<ValueSource> take_sources() { return std::exchange(sources_, {}); }

 private:
  /// A variable or local that is being evaluated, or has been.
  struct Known {
    bool is_done = false;
    Value value;
    std::vector<ValueSource> sources;
  };

  Value once(const std::string& reference, Value (ModuleScope::*compute)(const std::string& name),
             const std::string& name);
  Value variable(const std::string& name);
  Value local(const std::string& name);
  Value path(const std::string& name);
  void add_source(const ValueSource& source);

  const Declarations& declared_;
  const GivenValues& given_;
  Surroundings surroundings_;
  std::map<std::string, Known> known_;
  std::vector<ValueSource> sources_;
};

}  // namespace lockstorm::scenarios::values
