// What `list` lists and `describe` describes, besides scenarios.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lockstorm::cli {

struct CatalogueItem {
  std::string_view
      kind;  ///< backend, service, command, property, fault, goal, strategy, model, format, table
  std::string_view name;
  std::string_view summary;  ///< one clause
  std::string details;       ///< more lines, already laid out; may be empty
};

/// Everything with a name, by kind and in a fixed order.
const std::vector<CatalogueItem>& catalogue();

}  // namespace lockstorm::cli
