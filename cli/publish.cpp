#include "cli/publish.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "cli/file_names.hpp"
#include "cli/output_file.hpp"
#include "cli/usage.hpp"
#include "scenarios/files/library.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::VerifyResult;

// A scenario of the library is in the source tree, any other where it was read from.
std::optional<scenarios::SourceLocation> scenario_file(const scenarios::Scenario& scenario) {
  if (const auto* entry = scenarios::library_entry(scenario.name);
      entry != nullptr && is_of_library(scenario))
    return scenarios::SourceLocation{std::string(entry->file), entry->line, 1};
  std::error_code ignored;
  if (!scenario.file.empty() && std::filesystem::exists(scenario.file, ignored))
    return scenarios::SourceLocation{scenario.file, 1, 1};
  return std::nullopt;
}

// All that the command is asked to write; `own`: by its own options.
std::vector<std::string> all_outputs(const Global& global, const std::vector<std::string>& own) {
  const PublishedFiles& files = global.published;
  std::vector<std::string> all{global.json_file, files.junit,    files.sarif,
                               files.markdown,   files.perfetto, files.badge};
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

scenarios::InputError refused(const std::string& file, std::string why, std::string expected) {
  return {{file == "-" ? "standard output" : file, 0, 0}, std::move(why), std::move(expected), ""};
}

// The one of them that is the file, through links or by another name.
const std::string* same_file(const std::string& file, const std::vector<std::string>& inputs) {
  if (file.empty() || file == "-" || descriptor_named(file) || is_special(file)) return nullptr;
  const auto found = std::ranges::find_if(inputs, [&](const std::string& input) {
    std::error_code ignored;
    return !input.empty() && std::filesystem::equivalent(file, input, ignored);
  });
  return found == inputs.end() ? nullptr : &*found;
}

}  // namespace

void add_publish_options(CommandLine app, PublishedFiles& files) {
  const auto add = [&app](const char* name, std::string& file, const char* text) {
    app.add_option(name, file, text).type_name("FILE").check(must_be_file_name);
  };
  add("--junit", files.junit, "Write JUnit XML to FILE");
  add("--sarif", files.sarif, "Write SARIF 2.1.0 to FILE, for code scanning");
  add("--markdown", files.markdown, "Write Markdown to FILE, for a step summary or a merge request");
  add("--perfetto", files.perfetto,
      "Write the counterexamples to FILE as a trace that ui.perfetto.dev opens");
  add("--badge", files.badge, "Write the JSON of a shields.io endpoint badge to FILE");
}

std::optional<scenarios::InputError> check_published(const Global& global,
                                                     const std::vector<std::string>& own,
                                                     const std::vector<std::string>& read) {
  const std::vector<std::string> all = all_outputs(global, own);
  if (auto error = check_output_files(all)) return error;
  std::set<std::string> seen;
  for (const std::string& file : all) {
    const std::string identity = identity_of(file);
    if (!identity.empty() && !seen.insert(identity).second)
      return refused(file, "two results would be written to the same file", "a file for each");
    if (const std::string* input = same_file(file, read))
      return refused(file, fmt::format("would take the place of what is read: {}", *input),
                     "another file for the result");
  }
  return std::nullopt;
}

std::vector<std::string> files_of(const std::vector<scenarios::Scenario>& found) {
  std::vector<std::string> files;
  for (const scenarios::Scenario& scenario : found) files.push_back(scenario.file);
  return files;
}

std::optional<scenarios::InputError> check_not_among_tests(const Global& global,
                                                           const std::vector<std::string>& own,
                                                           const std::string& directory) {
  if (directory.empty()) return std::nullopt;
  for (const std::string& file : all_outputs(global, own)) {
    if (file.empty() || file == "-" || descriptor_named(file)) continue;
    const std::filesystem::path target = target_of(file);
    std::error_code ignored;
    if (target.filename().string().ends_with("_test.cpp") &&
        std::filesystem::equivalent(directory_of(target), directory, ignored))
      return refused(file, "could be the name of a test that --gtest writes", "another name or directory");
  }
  return std::nullopt;
}

void publish(Results& written, const Global& global, std::span<const VerifyResult> results,
             const reports::Locator& where) {
  const PublishedFiles& files = global.published;
  const reports::Locator locate = where ? where : reports::Locator(scenario_file);
  written.write(files.junit, [&] { return reports::junit_report(results); });
  written.write(files.sarif, [&] { return reports::sarif_report(results, locate); });
  written.write(files.markdown, [&] { return reports::markdown_report(results); });
  written.write(files.perfetto, [&] { return reports::perfetto_report(results); });
  written.write(files.badge, [&] { return reports::badge_report(results); });
}

std::vector<VerifyResult> first_of_each(std::span<const VerifyResult> results) {
  std::vector<VerifyResult> shown;
  std::set<checkers::Property> told;
  for (const VerifyResult& result : results) {
    VerifyResult one = result;
    std::erase_if(one.counterexamples, [&](const scenarios::Counterexample& counterexample) {
      return told.contains(counterexample.property);
    });
    std::erase_if(one.properties, [&](const auto& entry) {
      return entry.second == scenarios::Verdict::violated && told.contains(entry.first);
    });
    const bool only_repeats = result.verdict == scenarios::Verdict::violated && one.counterexamples.empty();
    for (const scenarios::Counterexample& counterexample : one.counterexamples)
      told.insert(counterexample.property);
    if (!only_repeats) shown.push_back(std::move(one));
  }
  return shown;
}

}  // namespace lockstorm::cli
