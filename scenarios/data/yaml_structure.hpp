// What the events of a YAML text tell and its nodes do not: what is broken, how many documents there are,
// where keys without a value stand.
#pragma once

#include <yaml-cpp/mark.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios {

/// The places of keys by the place (Mark::pos) where the parser found that their value is missing: a later
/// line.
using KeysWithoutValue = std::map<int, YAML::Mark>;

struct YamlStructure {
  std::optional<InputError> error;  ///< the text is broken, or has more than one document
  KeysWithoutValue keys_without_value;
};

/// Reads the text once, to its end; `file` and `what` it is are only for messages.
YamlStructure examine_yaml(const std::string& text, const std::string& file,
                           std::string_view what = "scenario");

}  // namespace lockstorm::scenarios
