// Typed access to YAML nodes that remembers the first thing that is wrong, and where.
#pragma once

#include <yaml-cpp/yaml.h>

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/input_error.hpp"
#include "scenarios/yaml_structure.hpp"

namespace lockstorm::scenarios {

/// Every function leaves its output alone when the key is absent, and records an error when the value is
/// wrong.
class YamlReader {
 public:
  explicit YamlReader(std::string file, KeysWithoutValue keys_without_value = {})
      : file_(std::move(file)), keys_without_value_(std::move(keys_without_value)) {}

  [[nodiscard]] const std::optional<InputError>& error() const { return error_; }

  /// A value that is missing is complained about at its key.
  void fail(const YAML::Node& at, std::string problem, std::string expected, std::string hint = {});
  void unknown_name(const YAML::Node& at, std::string_view what, std::string_view given,
                    std::span<const std::string_view> valid);

  /// Complains about keys of `map` that are not among `valid`, and about keys that stand twice.
  void keys(const YAML::Node& map, const std::vector<std::string_view>& valid);

  std::string scalar(const YAML::Node& node, std::string_view expected);
  void flag(const YAML::Node& map, std::string_view key, bool& out);
  /// `true`, `false`, or any other text, which counts as true (`dynamodb_table: locks`).
  void flag_or_text(const YAML::Node& map, std::string_view key, bool& out);
  void text(const YAML::Node& map, std::string_view key, std::string& out);
  void duration(const YAML::Node& map, std::string_view key, std::chrono::milliseconds& out);
  /// Index of the value among `valid`.
  void choice(const YAML::Node& map, std::string_view key, std::span<const std::string_view> valid,
              std::size_t& out);

  template <class Integer>
  void number(const YAML::Node& map, std::string_view key, std::int64_t least, std::int64_t most,
              Integer& out) {
    if (const std::optional<std::int64_t> value = whole_number(map, key, least, most))
      out = static_cast<Integer>(*value);
  }

 private:
  std::optional<std::int64_t> whole_number(const YAML::Node& map, std::string_view key, std::int64_t least,
                                           std::int64_t most);

  std::string file_;
  KeysWithoutValue keys_without_value_;
  std::optional<InputError> error_;
};

}  // namespace lockstorm::scenarios
