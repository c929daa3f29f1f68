// The files that continuous integration wants of a command's results.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/results.hpp"
#include "reports/ci/published.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::cli {

/// Adds --junit, --sarif, --markdown, --perfetto and --badge.
void add_publish_options(CommandLine app, PublishedFiles& files);

/// Why one of them, the JSON or others of the command's own could not be written, before long work is done
/// for it: also when two of them are the same file, or one is among those that are read.
std::optional<scenarios::InputError> check_published(const Global& global,
                                                     const std::vector<std::string>& own = {},
                                                     const std::vector<std::string>& read = {});

/// The files that the scenarios were read from.
std::vector<std::string> files_of(const std::vector<scenarios::Scenario>& found);

/// Why one of them could be a test in the directory of --gtest, whose names are only known at the end.
std::optional<scenarios::InputError> check_not_among_tests(const Global& global,
                                                           const std::vector<std::string>& own,
                                                           const std::string& directory);

/// Writes all that were asked for. `where`: what SARIF points at; by default a scenario's own file.
void publish(Results& written, const Global& global, std::span<const scenarios::VerifyResult> results,
             const reports::Locator& where = {});

/// Of many configurations of the same thing, what people are shown: of each property the first counterexample
/// only, and no configuration that adds nothing to those before it.
std::vector<scenarios::VerifyResult> first_of_each(std::span<const scenarios::VerifyResult> results);

}  // namespace lockstorm::cli
