// The statements of a Jenkinsfile: names with arguments and blocks, enough of Groovy's grammar for pipelines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios::pipeline {

struct GroovyArgument {
  std::string name;  ///< "resource" of `resource: 'x'`; empty: none
  std::string text;  ///< a string's content with what is computed in braces, or the word as it is
  bool is_string = false;
  SourceLocation where;
};

struct GroovyStatement {
  std::string name;  ///< "sh", "stage", "lock"; empty: what is none of a pipeline's
  SourceLocation where;
  std::vector<GroovyArgument> arguments;
  bool has_block = false;
  std::vector<GroovyStatement> block;

  /// The argument of that name, or the first string that has none.
  [[nodiscard]] const GroovyArgument* argument(std::string_view wanted) const;
  [[nodiscard]] const GroovyStatement* child(std::string_view wanted) const;
};

struct GroovyFile {
  std::vector<GroovyStatement> statements;
  std::vector<InputError> complaints;  ///< braces and quotes that are not closed
};

[[nodiscard]] GroovyFile read_groovy(std::string_view text, const std::string& file);

}  // namespace lockstorm::scenarios::pipeline
