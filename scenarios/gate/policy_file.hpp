// Finds and reads `.lockstorm.yaml`.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/gate/policy.hpp"

namespace lockstorm::scenarios {

inline constexpr std::string_view kPolicyName = ".lockstorm.yaml";

/// The policy for what lies at `path`: the nearest in its directory and those above it, up to the root of its
/// repository. Nothing where there is none. A file that is called almost like it is complained about: nobody
/// would notice that it is not read.
[[nodiscard]] std::expected<std::optional<std::filesystem::path>, InputError> find_policy(
    const std::filesystem::path& path);

/// Reads one, strictly: keys, rules, grades and days that do not exist are complained about with their place.
[[nodiscard]] std::expected<Policy, InputError> read_policy(const std::filesystem::path& file);
/// The same of its text; `file` is where it would be.
[[nodiscard]] std::expected<Policy, InputError> parse_policy(const std::string& text,
                                                             const std::filesystem::path& file);

/// The keys of the file, and those of an item of `accept`.
[[nodiscard]] std::span<const YamlKey> policy_keys();
[[nodiscard]] std::span<const YamlKey> acceptance_keys();

}  // namespace lockstorm::scenarios
