// The legs of a matrix, as far as its values are in the file.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "scenarios/pipeline/document.hpp"
#include "scenarios/pipeline/symbolic.hpp"

namespace lockstorm::scenarios::pipeline {

struct MatrixLeg {
  std::string name;  ///< "env=prod, region=eu"
  std::map<std::string, Symbolic>
      values;  ///< by name; of an object also "name.part"; "*" stands before unknown names
};

/// Without a matrix one leg without values; of one whose values are computed, two whose values nobody knows.
[[nodiscard]] std::vector<MatrixLeg> matrix_legs(const Node& matrix);

}  // namespace lockstorm::scenarios::pipeline
