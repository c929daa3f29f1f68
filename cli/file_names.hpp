// What the name of a result file stands for: an open descriptor, a device, or a file at the end of links.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace lockstorm::cli {

/// The descriptor of this process that the name stands for, directly or through links: 1 for /dev/stdout, 3
/// for /dev/fd/3.
std::optional<int> descriptor_named(const std::string& file);

/// Whether it exists and is a device or a pipe, such as /dev/null.
bool is_special(const std::string& file);

/// Where links lead to; the name itself where they lead nowhere yet.
std::filesystem::path target_of(const std::string& file);

/// The directory that the name is in.
std::filesystem::path directory_of(const std::filesystem::path& file);

/// Equal for two names through which the same would be written; empty for those that may be written to
/// twice, as /dev/null.
std::string identity_of(const std::string& file);

}  // namespace lockstorm::cli
