// The scenarios that ship with Lockstorm, and how a user's words (file, name, glob) become scenarios.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/data/scenario.hpp"

namespace lockstorm::scenarios {

/// A scenario of the library: of a file, whose path below scenarios/library without `.yaml` is its name, or
/// of a row of the matrix's table.
struct LibraryEntry {
  std::string_view name;
  std::string_view yaml_text;
  std::string_view file;  ///< in the source tree, for messages
  unsigned line = 1;      ///< of that file, where it begins
};

namespace detail {
/// What lay in scenarios/library when the program was built: the YAML files, sorted by name ...
const std::vector<LibraryEntry>& embedded_files();
/// ... and the parts of matrix.txt, which empty lines divide.
const std::vector<std::string_view>& embedded_matrix();
/// The table rules.txt.
std::string_view embedded_rules();
}  // namespace detail

/// Every scenario of the library, sorted by name.
std::span<const LibraryEntry> library();

/// The entry of that name, or null.
const LibraryEntry* library_entry(std::string_view name);

/// Whether a name matches a glob: `*` and `?` match any characters, `/` included.
bool glob_matches(std::string_view glob, std::string_view name);

/// Whether the text is a glob rather than a plain name.
bool is_glob(std::string_view text);

/// "did you mean ...?" for a name that is not in the library; empty when nothing is near.
std::string library_hint(std::string_view name);

/// What a user means by SCENARIO: an existing file, the name of an audit's configuration (`audit/...`), a
/// library name, or a glob of names. Fails with the nearest name when there is nothing.
std::expected<std::vector<Scenario>, InputError> find_scenarios(const std::string& reference);
/// All of several references, in their order.
std::expected<std::vector<Scenario>, InputError> find_scenarios(std::span<const std::string> references);

/// Whether a scenario of that name needs no file: it is of the library, or an audit's.
bool is_found_by_name(std::string_view name);

/// Whether it is the one of that name, and no file of a user's that happens to be called so.
bool is_of_library(const Scenario& scenario);

/// What `find_scenario` takes to find the scenario again: its name, or the file it was read from.
std::string reference_of(const Scenario& scenario);

/// Same, when exactly one scenario is wanted.
std::expected<Scenario, InputError> find_scenario(const std::string& reference);

}  // namespace lockstorm::scenarios
