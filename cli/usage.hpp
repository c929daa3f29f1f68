// Complaints about the command line: one message, with the nearest valid name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/command_line.hpp"

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

/// Complains about anything but a whole number in decimal digits from `least` to `most`.
Check whole_number(std::uint64_t least, std::uint64_t most);
/// Complains about anything but a decimal number from `least` to `most`, which is printed as it is typed.
Check decimal_number(double least, double most);

/// Empty, or why the text cannot stand: an option that was given with nothing is a mistake, as a rule of a
/// variable that was not set, and no wish for the default.
std::string must_not_be_empty(const std::string& text);
/// Empty, or why the text cannot go into reports.
std::string must_be_utf8(const std::string& text);

/// "'--runs=' has no value" where one of the words is an option with '=' and nothing behind it, which the
/// parser would give the next word.
std::optional<std::string> option_without_value(int argc, const char* const* argv);

/// Empty, or why nothing can be written to a file of that name; "-" is standard output.
std::string must_be_file_name(const std::string& text);
/// The same for a file that is written besides the report, which standard output has.
std::string must_be_file_beside_report(const std::string& text);

/// Empty, or why the text is no duration such as 90s or 5m.
std::string must_be_duration(const std::string& text);

/// The same for one that must be longer than nothing.
std::string must_be_some_time(const std::string& text);

/// Adds `--html FILE` to a command that makes a page of its result.
void add_html_option(CommandLine& command, std::string& file);

}  // namespace lockstorm::cli
