// Durations that chance decides, as a scenario writes them.
#pragma once

#include "scenarios/data/yaml_reader.hpp"
#include "sim/time/distribution.hpp"

namespace lockstorm::scenarios {

/// `40ms`, `{uniform: [10ms, 50ms]}`, `{exponential: 20s}`, `{log_normal: {median: 20s, p90: 60s}}`,
/// `{quantiles: {p50: 20s, p90: 60s, max: 5m}}` or `{samples: FILE}`, a file beside the scenario with one
/// duration a line. Leaves `out` alone where the key is absent, and complains at the place that is wrong.
void read_distribution(YamlReader& reader, const YAML::Node& map, const YamlKey& key,
                       std::string_view standard, sim::Distribution& out);

/// The same of a value that has been found already.
void read_distribution_at(YamlReader& reader, const YAML::Node& node, std::string_view key,
                          sim::Distribution& out);

/// A duration in microseconds: "250us", "40ms", "90s", "5m", "1h30m", "2d". Nothing: it has been complained
/// of.
std::optional<std::uint64_t> read_duration_us(YamlReader& reader, const YAML::Node& node,
                                              std::string_view key);

}  // namespace lockstorm::scenarios
