#include "scenarios/files/yaml_distribution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "scenarios/data/duration.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/data/read_number.hpp"

namespace lockstorm::scenarios {
namespace {

using sim::Distribution;

constexpr std::string_view kDistribution =
    "a duration, {uniform: [10ms, 50ms]}, {exponential: 20s}, {log_normal: {median: 20s, p90: 60s}}, "
    "{quantiles: {p50: 20s, p90: 60s, max: 5m}} or {samples: FILE}";
constexpr std::uint32_t kAll_ppm = 1'000'000;
constexpr InputKind kSamplesFile{"a file of durations, one a line", 64 * kMiB};

std::optional<std::uint64_t> duration_us(std::string_view text) {
  if (text.starts_with('-')) return std::nullopt;
  if (text.ends_with("us")) {
    std::uint64_t number = 0;
    if (!read_number<std::uint64_t>(text.substr(0, text.size() - 2), 0, sim::kLongestDuration_us, number))
      return std::nullopt;
    return number;
  }
  if (text.ends_with('d')) {
    std::uint64_t days = 0;
    if (!read_number<std::uint64_t>(text.substr(0, text.size() - 1), 0, 365, days)) return std::nullopt;
    return days * 24 * 3600 * 1'000'000;
  }
  const auto parsed = parse_duration(text);
  if (!parsed) return std::nullopt;
  return static_cast<std::uint64_t>(parsed->count()) * 1000;
}

void read_uniform(YamlReader& reader, const YAML::Node& node, Distribution& out) {
  if (!node.IsSequence() || node.size() != 2)
    return reader.fail(node, "uniform is not a pair of durations", "{uniform: [10ms, 50ms]}");
  const auto least = read_duration_us(reader, node[0], "uniform");
  const auto most = read_duration_us(reader, node[1], "uniform");
  if (!least || !most) return;
  if (*least > *most)
    return reader.fail(node, "the least of uniform is above its most", "{uniform: [10ms, 50ms]}");
  out = Distribution::uniform(*least, *most);
}

void read_log_normal(YamlReader& reader, const YAML::Node& node, Distribution& out) {
  constexpr std::string_view kExpected = "{log_normal: {median: 20s, p90: 60s}}";
  if (!node.IsMap() || !node["median"] || !node["p90"])
    return reader.fail(node, "log_normal has no median and p90", std::string(kExpected));
  reader.keys(node, {"median", "p90"});
  const auto median = read_duration_us(reader, node["median"], "median");
  const auto p90 = read_duration_us(reader, node["p90"], "p90");
  if (!median || !p90) return;
  if (*median == 0) return reader.fail(node["median"], "median is 0", "more than nothing");
  if (*p90 < *median)
    return reader.fail(node["p90"], "p90 is below the median", "a 90th percentile of at least the median");
  // Beyond that the logarithm's spread is no measurement but a slip of the unit.
  if (*p90 / *median > 1000)
    return reader.fail(node["p90"], "p90 is more than 1000 times the median", std::string(kExpected));
  out = Distribution::log_normal(*median, *p90);
}

// "p99.9" -> 999000; "max" and "min" are the ends.
std::optional<std::uint32_t> share_of(std::string_view name) {
  if (name == "min") return 0;
  if (name == "max") return kAll_ppm;
  if (!name.starts_with('p')) return std::nullopt;
  name.remove_prefix(1);
  const std::size_t point = name.find('.');
  std::uint32_t whole = 0;
  if (!read_number<std::uint32_t>(name.substr(0, point), 0, 99, whole)) return std::nullopt;
  std::uint32_t share = whole * (kAll_ppm / 100);
  if (point == std::string_view::npos) return share;
  const std::string_view places = name.substr(point + 1);
  std::uint32_t part = 0;
  if (places.size() > 4 || !read_number<std::uint32_t>(places, 0, 9999, part)) return std::nullopt;
  for (std::size_t i = places.size(); i < 4; ++i) part *= 10;
  return share + part;
}

void read_quantiles(YamlReader& reader, const YAML::Node& node, Distribution& out) {
  constexpr std::string_view kExpected = "{quantiles: {min: 1s, p50: 20s, p90: 60s, max: 5m}}";
  if (!node.IsMap() || node.size() == 0)
    return reader.fail(node, "quantiles is not a mapping", std::string(kExpected));
  std::vector<Distribution::Quantile> points;
  for (const auto& entry : node) {
    const std::string name = reader.scalar(entry.first, "min, p50, p99.9, max, ...");
    const auto share = share_of(name);
    if (!share)
      return reader.fail(entry.first, fmt::format("'{}' is no quantile", name), std::string(kExpected));
    const auto value = read_duration_us(reader, entry.second, name);
    if (!value) return;
    if (!points.empty() && (*share <= points.back().share_ppm || *value < points.back().value_us))
      return reader.fail(entry.first,
                         fmt::format("{} does not add up: quantiles rise from one to the next", name),
                         std::string(kExpected));
    points.push_back({*share, *value});
  }
  if (points.back().share_ppm != kAll_ppm)
    return reader.fail(node, "quantiles do not add up: they end below max", std::string(kExpected));
  if (points.front().share_ppm != 0) points.insert(points.begin(), {0, 0});
  out = Distribution::quantiles(std::move(points));
}

void read_samples(YamlReader& reader, const YAML::Node& node, Distribution& out) {
  const std::string name = reader.scalar(node, "a file of durations, one a line");
  if (name.empty()) return;
  const auto text = read_input_file(reader.beside(name), kSamplesFile);
  if (!text)
    return reader.fail(node, fmt::format("{} {}", name, text.error().problem), text.error().expected,
                       text.error().hint);
  std::vector<std::uint64_t> values;
  std::string_view rest = *text;
  for (unsigned line = 1; !rest.empty(); ++line) {
    std::string_view value = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(value.size() + 1, rest.size()));
    while (value.ends_with('\r') || value.ends_with(' ') || value.ends_with(',')) value.remove_suffix(1);
    if (value.empty() || value.starts_with('#')) continue;
    const auto parsed = duration_us(value);
    if (!parsed)
      return reader.fail(node, fmt::format("line {} of {} is no duration", line, name),
                         "a duration such as 250ms, 90s or 5m on every line");
    values.push_back(*parsed);
  }
  if (values.empty()) return reader.fail(node, fmt::format("{} has no durations", name), "one a line");
  out = Distribution::samples(std::move(values));
}

}  // namespace

std::optional<std::uint64_t> read_duration_us(YamlReader& reader, const YAML::Node& node,
                                              std::string_view key) {
  const std::string text = reader.scalar(node, "a duration such as 250us, 40ms, 90s, 5m, 1h30m or 2d");
  if (!node.IsScalar()) return std::nullopt;
  const auto value = duration_us(text);
  if (value && *value <= sim::kLongestDuration_us) return value;
  reader.fail(node, fmt::format("{} is '{}'", key, text),
              "a duration such as 250us, 40ms, 90s, 5m, 1h30m or 2d, not negative, a year at most");
  return std::nullopt;
}

void read_distribution_at(YamlReader& reader, const YAML::Node& node, std::string_view key,
                          sim::Distribution& out) {
  static constexpr std::array<std::string_view, 5> kShapes{"uniform", "exponential", "log_normal",
                                                           "quantiles", "samples"};
  if (node.IsScalar()) {
    if (const auto value = read_duration_us(reader, node, key)) out = Distribution::constant(*value);
    return;
  }
  if (!node.IsMap() || node.size() != 1)
    return reader.fail(node, fmt::format("{} is no distribution", key), std::string(kDistribution));
  const YAML::Node name_node = node.begin()->first;
  const std::string name = reader.scalar(name_node, "the name of a distribution");
  const YAML::Node value = node.begin()->second;
  if (name == "uniform") return read_uniform(reader, value, out);
  if (name == "log_normal") return read_log_normal(reader, value, out);
  if (name == "quantiles") return read_quantiles(reader, value, out);
  if (name == "samples") return read_samples(reader, value, out);
  if (name != "exponential") return reader.unknown_name(name_node, "distribution", name, kShapes);
  if (const auto mean = read_duration_us(reader, value, "exponential"))
    out = Distribution::exponential(*mean);
}

void read_distribution(YamlReader& reader, const YAML::Node& map, const YamlKey& key,
                       std::string_view standard, sim::Distribution& out) {
  if (reader.declares(key, "a duration or a distribution", std::string(standard),
                      "{log_normal: {median: 20s, p90: 60s}}"))
    return;
  const YAML::Node node = map[std::string(key.name)];
  if (node) read_distribution_at(reader, node, key.name, out);
}

}  // namespace lockstorm::scenarios
