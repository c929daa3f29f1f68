// `lockstorm contend SCENARIO...`: many runs in virtual time, and what they say of waiting.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/progress.hpp"
#include "cli/publish.hpp"
#include "cli/results.hpp"
#include "cli/usage.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/contend/advice_report.hpp"
#include "reports/contend/contend_html.hpp"
#include "reports/contend/contend_report.hpp"
#include "scenarios/contend/advise.hpp"
#include "scenarios/data/duration.hpp"
#include "scenarios/files/library.hpp"

namespace lockstorm::cli {
namespace {

namespace fs = std::filesystem;

// A few seconds for each property that no run violates.
constexpr std::size_t kProofStates = 3'000'000;

struct ContendArguments {
  std::vector<std::string> references;
  std::uint64_t runs = scenarios::kDefaultContendRuns;
  bool advise = false;
  std::string bound = "10m";
  std::string time;
  std::string html_file;
};

// A directory stands for the scenario files in it, by name.
std::vector<std::string> files_instead_of_directories(const std::vector<std::string>& references) {
  std::vector<std::string> files;
  for (const std::string& reference : references) {
    std::error_code ignored;
    if (!fs::is_directory(reference, ignored)) {
      files.push_back(reference);
      continue;
    }
    const std::size_t before = files.size();
    for (const fs::directory_entry& entry : fs::directory_iterator(reference, ignored)) {
      const fs::path extension = entry.path().extension();
      if (extension == ".yaml" || extension == ".yml") files.push_back(entry.path().string());
    }
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end());
    if (files.size() == before) files.push_back((fs::path(reference) / "*.yaml").string());
  }
  return files;
}

nlohmann::ordered_json json_of_contended(const std::vector<scenarios::ContendResult>& results) {
  if (results.size() == 1) return reports::contend_json(results.front());
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const scenarios::ContendResult& result : results) list.push_back(reports::contend_json(result));
  return {{"results", std::move(list)}};
}

// Nobody got anything done: figures of waiting would say nothing.
bool nobody_succeeded(const scenarios::ContendResult& result) {
  return result.jobs > 0 && result.ends.done.value == 0;
}

scenarios::Verdict verdict_of_contended(const scenarios::ContendResult& result) {
  if (result.cut_off > 0 || result.runs < result.wanted) return scenarios::Verdict::unknown;
  return nobody_succeeded(result) || result.jobs == 0 ? scenarios::Verdict::invalid
                                                      : scenarios::Verdict::held;
}

scenarios::ContendOptions contend_options(const ContendArguments& options, const Global& global) {
  scenarios::ContendOptions contend{
      .runs = options.runs, .seed = global.seed, .threads = global.threads(), .one_done = {}};
  if (!options.time.empty()) contend.time = scenarios::parse_duration(options.time).value();
  return contend;
}

// Each setting is tried in runs of its own, so there is one answer a scenario and no verdict.
int run_advise(const std::vector<scenarios::Scenario>& found, const ContendArguments& options,
               const Global& global) {
  std::vector<scenarios::ContendAdvice> advice;
  {
    Progress progress(found.size() * scenarios::kMostTried, "settings");
    for (const scenarios::Scenario& scenario : found) {
      progress.started(scenario.name);
      auto advised =
          scenarios::advise_contention(scenario, {.contend = contend_options(options, global),
                                                  .bound = scenarios::parse_duration(options.bound).value(),
                                                  .grid = !options.html_file.empty(),
                                                  .one_tried = [&progress] { progress.finished(); }});
      if (!advised) return bad_input(advised.error());
      advice.push_back(std::move(*advised));
    }
  }
  std::string text;
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  std::string markdown;
  for (const scenarios::ContendAdvice& one : advice) {
    text += (text.empty() ? "" : "\n\n") + reports::advice_text(one, stdout_style());
    markdown += reports::advice_markdown(one);
    list.push_back(reports::advice_json(one));
  }
  Results written(global);
  written.write(global.json_file, [&] {
    if (list.size() == 1) return reports::json_text(list.front());
    return reports::json_text({{"results", list}});
  });
  written.write(global.published.markdown, [&] { return markdown; });
  written.write(options.html_file, [&] { return reports::contend_html({}, advice); });
  return written.end(text, 0);
}

int run_contend(const ContendArguments& options, const Global& global) {
  const auto found = scenarios::find_scenarios(files_instead_of_directories(options.references));
  if (!found) return bad_input(found.error());
  if (const auto error = check_published(global, {options.html_file}, files_of(*found)))
    return bad_input(*error);
  if (options.advise && !options.time.empty()) {
    print_error(
        "lockstorm: --for and --advise do not go together: settings are compared by equally many runs\n");
    return scenarios::kExitUsage;
  }
  if (options.advise) return run_advise(*found, options, global);
  std::vector<scenarios::ContendResult> results;
  {
    Progress progress(options.runs * found->size(), "runs");
    for (const scenarios::Scenario& scenario : *found) {
      progress.started(scenario.name);
      scenarios::ContendOptions contend = contend_options(options, global);
      contend.one_done = [&progress] { progress.finished(); };
      contend.proof_states = kProofStates;
      auto result = scenarios::contend(scenario, contend);
      if (!result) return bad_input(result.error());
      results.push_back(std::move(*result));
    }
  }
  std::string text;
  auto verdict = scenarios::Verdict::held;
  for (const scenarios::ContendResult& result : results) {
    verdict = scenarios::worse(verdict, verdict_of_contended(result));
    text += (text.empty() ? "" : "\n\n") + reports::contend_text(result, stdout_style());
  }
  Results written(global);
  written.write(global.json_file, [&] { return reports::json_text(json_of_contended(results)); });
  written.write(global.published.markdown, [&] { return reports::contend_markdown(results); });
  written.write(options.html_file, [&] { return reports::contend_html(results, {}); });
  return written.end(text, scenarios::exit_status(verdict));
}

}  // namespace

Action add_contend(CommandLine command) {
  auto options = std::make_shared<ContendArguments>();
  command
      .add_option("SCENARIO", options->references,
                  "YAML files, directories of them, library names, or globs of names")
      .required();
  command
      .add_option("--runs", options->runs,
                  fmt::format("How many runs of each scenario (default {})", scenarios::kDefaultContendRuns))
      .type_name("N")
      .check(whole_number(1, scenarios::kMostContendRuns));
  command
      .add_option(
          "--for", options->time,
          "Stop each scenario's runs after this time, e.g. 30s; with fewer than --runs the answer is unknown")
      .type_name("TIME")
      .check(must_be_some_time);
  command.add_flag("--advise", options->advise,
                   "Try lock timeouts, more pipelines, more states and groups, and say what to set");
  command
      .add_option("--bound", options->bound,
                  "With --advise: how long 99 of 100 jobs may wait at most (default 10m)")
      .type_name("TIME")
      .check(must_be_some_time);
  add_html_option(command, options->html_file);
  return [options](const Global& global) { return run_contend(*options, global); };
}

}  // namespace lockstorm::cli
