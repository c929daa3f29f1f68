// Typed access to YAML nodes that remembers the first thing that is wrong, and where.
#pragma once

#include <yaml-cpp/yaml.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/data/input_error.hpp"
#include "scenarios/data/yaml_structure.hpp"

namespace lockstorm::scenarios {

/// A key of the scenario format, and what it means, one clause.
struct YamlKey {
  std::string_view name;
  std::string_view meaning{};
  // Most keys are looked up by nothing but their name.
  constexpr YamlKey(const char* key) : name(key) {}       // NOLINT(google-explicit-constructor)
  constexpr YamlKey(std::string_view key) : name(key) {}  // NOLINT(google-explicit-constructor)
  constexpr YamlKey(std::string_view key, std::string_view what) : name(key), meaning(what) {}
};

/// What a reader has said of a key.
struct KeyDeclaration {
  std::string name;
  std::string values;    ///< what may stand there: "true or false", "a whole number from 1 to 10"
  std::string standard;  ///< what holds without the key; empty: there is none, or nothing
  std::string meaning;
  std::string example;  ///< "use_lockfile: true"
};

/// Every function leaves its output alone when the key is absent, and records an error when the value is
/// wrong. A reader that declares reads nothing: it notes what it would read, so that the format is described
/// by what reads it.
class YamlReader {
 public:
  /// One that declares.
  explicit YamlReader(std::vector<KeyDeclaration>& declared) : declared_(&declared) {}
  explicit YamlReader(std::string file, KeysWithoutValue keys_without_value = {})
      : file_(std::move(file)), keys_without_value_(std::move(keys_without_value)) {}

  [[nodiscard]] const std::optional<InputError>& error() const { return error_; }
  /// A file that is named in this one, and lies beside it unless its path is absolute.
  [[nodiscard]] std::filesystem::path beside(const std::string& name) const {
    return std::filesystem::path(file_).parent_path() / name;
  }

  /// A value that is missing is complained about at its key.
  void fail(const YAML::Node& at, std::string problem, std::string expected, std::string hint = {});
  void unknown_name(const YAML::Node& at, std::string_view what, std::string_view given,
                    std::span<const std::string_view> valid);

  /// Complains about keys of `map` that are not among `valid`, and about keys that stand twice.
  void keys(const YAML::Node& map, const std::vector<std::string_view>& valid);

  std::string scalar(const YAML::Node& node, std::string_view expected);
  void flag(const YAML::Node& map, const YamlKey& key, bool& out);
  /// `true`, `false`, or a name, which counts as true (`dynamodb_table: locks`); an empty name is none.
  void flag_or_text(const YAML::Node& map, const YamlKey& key, bool& out);
  void text(const YAML::Node& map, const YamlKey& key, std::string& out);
  /// Complains about those of these keys whose value is no text; what they say does not matter.
  void texts(const YAML::Node& map, std::span<const std::string_view> keys);
  void duration(const YAML::Node& map, const YamlKey& key, std::chrono::milliseconds& out);
  /// Index of the value among `valid`.
  void choice(const YAML::Node& map, const YamlKey& key, std::span<const std::string_view> valid,
              std::size_t& out);

  template <class Integer>
  void number(const YAML::Node& map, const YamlKey& key, std::int64_t least, std::int64_t most,
              Integer& out) {
    if (const std::optional<std::int64_t> value =
            whole_number(map, key, least, most, static_cast<std::int64_t>(out)))
      out = static_cast<Integer>(*value);
  }

  /// Notes a key that none of the functions above reads. True: this reader declares, and there is nothing to
  /// read.
  bool declares(const YamlKey& key, std::string values, std::string standard, std::string example);

 private:
  std::string text_of(const YAML::Node& node, std::string_view key, std::string_view expected);
  std::optional<std::int64_t> whole_number(const YAML::Node& map, const YamlKey& key, std::int64_t least,
                                           std::int64_t most, std::int64_t standard);

  std::string file_;
  KeysWithoutValue keys_without_value_;
  std::optional<InputError> error_;
  std::vector<KeyDeclaration>* declared_ = nullptr;  ///< set: it declares
};

}  // namespace lockstorm::scenarios
