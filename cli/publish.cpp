#include "cli/publish.hpp"

#include <filesystem>
#include <set>

#include "cli/output_file.hpp"
#include "cli/usage.hpp"
#include "scenarios/library.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::VerifyResult;

// A scenario of the library is in the source tree, any other where it was read from.
std::optional<scenarios::SourceLocation> scenario_file(const scenarios::Scenario& scenario) {
  if (const auto* entry = scenarios::library_entry(scenario.name))
    return scenarios::SourceLocation{std::string(entry->file), 1, 1};
  std::error_code ignored;
  if (!scenario.file.empty() && std::filesystem::exists(scenario.file, ignored))
    return scenarios::SourceLocation{scenario.file, 1, 1};
  return std::nullopt;
}

}  // namespace

void add_publish_options(CLI::App& app, PublishedFiles& files) {
  const auto add = [&app](const char* name, std::string& file, const char* text) {
    app.add_option(name, file, text)->type_name("FILE")->check(must_be_file_name);
  };
  add("--junit", files.junit, "Write JUnit XML to FILE");
  add("--sarif", files.sarif, "Write SARIF 2.1.0 to FILE, for code scanning");
  add("--markdown", files.markdown, "Write Markdown to FILE, for a step summary or a merge request");
  add("--perfetto", files.perfetto,
      "Write the counterexamples to FILE as a trace that ui.perfetto.dev opens");
  add("--badge", files.badge, "Write the JSON of a shields.io endpoint badge to FILE");
}

std::optional<scenarios::InputError> check_published(const Global& global, const std::string& another,
                                                     const std::string& third) {
  const PublishedFiles& files = global.published;
  const auto all = {global.json_file, files.junit, files.sarif, files.markdown,
                    files.perfetto,   files.badge, another,     third};
  if (auto error = check_output_files(all)) return error;
  std::set<std::filesystem::path> seen;
  for (const std::string& file : all) {
    std::error_code ignored;
    if (file.empty() || is_special(file)) continue;
    if (!seen.insert(file == "-"
                         ? std::filesystem::path(file)
                         : std::filesystem::weakly_canonical(std::filesystem::absolute(file), ignored))
             .second) {
      return scenarios::InputError{{file == "-" ? "standard output" : file, 0, 0},
                                   "two results would be written to the same file",
                                   "a file for each",
                                   ""};
    }
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
