// Complaints about the command line: one message, with the nearest valid name.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace lockstorm::cli {

/// What the parser did not understand, as one message; nothing when it understood everything.
std::optional<std::string> unknown_words(const CLI::App& app);

/// Bytes of a size such as 512M, 4G or 1000000.
std::optional<std::size_t> parse_size(std::string_view text);

/// Empty, or why the text is no size the search can work with.
std::string must_be_size(const std::string& text);

/// A seed: a whole number of 64 bits.
std::optional<std::uint64_t> parse_seed(std::string_view text);

/// Empty, or why the text is no seed.
std::string must_be_seed(const std::string& text);

/// Empty, or why nothing can be written to a file of that name; "-" is standard output.
std::string must_be_file_name(const std::string& text);

/// Empty, or why the text is no duration such as 90s or 5m.
std::string must_be_duration(const std::string& text);

/// Adds `--html FILE` to a command that makes a page of its result.
void add_html_option(CLI::App& command, std::string& file);

}  // namespace lockstorm::cli
