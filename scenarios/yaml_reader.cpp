#include "scenarios/yaml_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "scenarios/yaml_scenario.hpp"

namespace lockstorm::scenarios {

void YamlReader::fail(const YAML::Node& at, std::string problem, std::string expected, std::string hint) {
  if (error_) return;
  YAML::Mark mark = at.Mark();
  if (at.IsNull()) {
    if (const auto key = keys_without_value_.find(mark.pos); key != keys_without_value_.end())
      mark = key->second;
  }
  SourceLocation where{file_, static_cast<unsigned>(mark.line + 1), static_cast<unsigned>(mark.column + 1)};
  error_ = InputError{std::move(where), std::move(problem), std::move(expected), std::move(hint)};
}

void YamlReader::unknown_name(const YAML::Node& at, std::string_view what, std::string_view given,
                              std::span<const std::string_view> valid) {
  const std::string_view nearest = nearest_name(given, valid);
  fail(at, fmt::format("unknown {} '{}'", what, given), fmt::format("one of {}", fmt::join(valid, ", ")),
       nearest.empty() ? "" : fmt::format("did you mean '{}'?", nearest));
}

void YamlReader::keys(const YAML::Node& map, const std::vector<std::string_view>& valid) {
  std::set<std::string> seen;
  for (const auto& entry : map) {
    const std::string key = scalar(entry.first, "a key");
    if (std::ranges::find(valid, key) == valid.end()) return unknown_name(entry.first, "key", key, valid);
    if (!seen.insert(key).second)
      return fail(entry.first, fmt::format("key '{}' stands twice", key), "each key once");
  }
}

std::string YamlReader::scalar(const YAML::Node& node, std::string_view expected) {
  if (!node.IsScalar()) {
    fail(node, node.IsNull() ? "there is no value" : "not a plain value", std::string(expected));
    return {};
  }
  return node.Scalar();
}

void YamlReader::flag(const YAML::Node& map, std::string_view key, bool& out) {
  const YAML::Node node = map[std::string(key)];
  if (!node) return;
  const std::string value = scalar(node, "true or false");
  if (value == "true") {
    out = true;
  } else if (value == "false") {
    out = false;
  } else {
    fail(node, fmt::format("{} is '{}'", key, value), "true or false");
  }
}

void YamlReader::flag_or_text(const YAML::Node& map, std::string_view key, bool& out) {
  const YAML::Node node = map[std::string(key)];
  if (node) out = scalar(node, "a name, true or false") != "false";
}

void YamlReader::text(const YAML::Node& map, std::string_view key, std::string& out) {
  const YAML::Node node = map[std::string(key)];
  if (node) out = scalar(node, "text");
}

void YamlReader::duration(const YAML::Node& map, std::string_view key, std::chrono::milliseconds& out) {
  const YAML::Node node = map[std::string(key)];
  if (!node) return;
  const std::string value = scalar(node, "a duration");
  const auto parsed = parse_duration(value);
  if (parsed) {
    out = *parsed;
  } else {
    fail(node, fmt::format("{} is '{}'", key, value), parsed.error());
  }
}

void YamlReader::choice(const YAML::Node& map, std::string_view key, std::span<const std::string_view> valid,
                        std::size_t& out) {
  const YAML::Node node = map[std::string(key)];
  if (!node) return;
  const std::string value = scalar(node, fmt::format("one of {}", fmt::join(valid, ", ")));
  const auto found = std::ranges::find(valid, value);
  if (found == valid.end()) return unknown_name(node, key, value, valid);
  out = static_cast<std::size_t>(found - valid.begin());
}

std::optional<std::int64_t> YamlReader::whole_number(const YAML::Node& map, std::string_view key,
                                                     std::int64_t least, std::int64_t most) {
  const YAML::Node node = map[std::string(key)];
  if (!node) return std::nullopt;
  const std::string value = scalar(node, "a whole number");
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole = failure == std::errc{} && end == value.data() + value.size();
  if (!whole || number < least || number > most) {
    fail(node, fmt::format("{} is '{}'", key, value),
         fmt::format("a whole number from {} to {}", least, most));
    return std::nullopt;
  }
  return number;
}

}  // namespace lockstorm::scenarios
