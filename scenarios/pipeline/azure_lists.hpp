// Lists in the templates of Azure Pipelines, and what `${{ each NAME in LIST }}` makes of what stands below
// it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/pipeline/document.hpp"

namespace lockstorm::scenarios::pipeline {

/// Parameters that are lists of texts, by name.
using AzureLists = std::map<std::string, std::vector<std::string>>;

/// The scalars of a list; nothing where it is none.
[[nodiscard]] std::vector<std::string> texts_in(const Node& list);

/// The texts that an expression lists: `split('dev,prod', ',')`, `parameters.environments`. Nothing: the
/// files do not say which these are.
[[nodiscard]] std::vector<std::string> listed_texts(std::string_view expression, const AzureLists& lists);

/// A copy in which the name of an `each` has a value.
[[nodiscard]] Node with_each_value(Node node, const std::string& name, const std::string& value);

}  // namespace lockstorm::scenarios::pipeline
