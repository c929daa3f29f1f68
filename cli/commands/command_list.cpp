// `lockstorm list`: everything that has a name.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "cli/catalogue.hpp"
#include "cli/command.hpp"
#include "cli/results.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/format/layout.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/files/yaml_scenario.hpp"

namespace lockstorm::cli {
namespace {

struct Section {
  std::string_view kind;
  std::string_view title;
};
constexpr std::array<Section, 10> kSections{{{"backend", "backends"},
                                             {"service", "services"},
                                             {"command", "commands"},
                                             {"property", "properties"},
                                             {"fault", "faults"},
                                             {"goal", "goals"},
                                             {"strategy", "strategies"},
                                             {"model", "models"},
                                             {"format", "formats"},
                                             {"table", "tables"}}};

constexpr std::string_view kScenarios = "scenarios";

// What the scenario is about: the comment its file opens with.
std::string description(const scenarios::LibraryEntry& entry) {
  const auto scenario =
      scenarios::parse_scenario(entry.yaml_text, std::string(entry.file), std::string(entry.name));
  return scenario ? scenario->description : scenario.error().render();
}

std::string text(const std::string& kind, const reports::Style& style) {
  std::string out;
  const auto title = [&](std::string_view name) {
    out += (out.empty() ? "" : "\n") + style(reports::Ink::bold, name) + "\n";
  };
  for (const Section& section : kSections) {
    if (!kind.empty() && kind != section.title) continue;
    title(section.title);
    std::size_t indent = 24;
    for (const CatalogueItem& item : catalogue()) {
      if (item.kind == section.kind) indent = std::max(indent, item.name.size() + 4);
    }
    for (const CatalogueItem& item : catalogue()) {
      if (item.kind == section.kind)
        out += reports::paragraph(item.summary, style, indent, fmt::format("  {}", item.name));
    }
  }
  if (!kind.empty() && kind != kScenarios) return out;
  title(kScenarios);
  for (const scenarios::LibraryEntry& entry : scenarios::library()) {
    out += fmt::format("  {}\n", entry.name) + reports::paragraph(description(entry), style, 6);
  }
  return out;
}

std::string json() {
  nlohmann::ordered_json document = nlohmann::ordered_json::object();
  for (const Section& section : kSections) {
    document[std::string(section.title)] = nlohmann::ordered_json::array();
    for (const CatalogueItem& item : catalogue()) {
      if (item.kind == section.kind)
        document[std::string(section.title)].push_back({{"name", item.name}, {"summary", item.summary}});
    }
  }
  document["scenarios"] = nlohmann::ordered_json::array();
  for (const scenarios::LibraryEntry& entry : scenarios::library()) {
    document["scenarios"].push_back({{"name", entry.name}, {"summary", description(entry)}});
  }
  return reports::json_text(document);
}

// Of one kind, or of all; a line each, for shells.
std::string names(const std::string& kind) {
  std::string out;
  for (const Section& section : kSections) {
    for (const CatalogueItem& item : catalogue()) {
      if (item.kind == section.kind && (kind.empty() || kind == section.title))
        out += fmt::format("{}\n", item.name);
    }
  }
  for (const scenarios::LibraryEntry& entry : scenarios::library()) {
    if (kind.empty() || kind == kScenarios) out += fmt::format("{}\n", entry.name);
  }
  return out;
}

struct ListArguments {
  std::string kind;  ///< empty: all
  bool names = false;
};

std::string must_be_kind(const std::string& kind) {
  std::vector<std::string_view> titles{kScenarios};
  for (const Section& section : kSections) titles.push_back(section.title);
  if (std::ranges::find(titles, kind) != titles.end()) return "";
  return fmt::format("there is no kind '{}'; one of {}", kind, fmt::join(titles, ", "));
}

int run_list(const ListArguments& options, const Global& global) {
  Results written(global);
  written.write(global.json_file, json);
  return written.end(options.names ? names(options.kind) : text(options.kind, stdout_style()), 0);
}

}  // namespace

Action add_list(CommandLine command) {
  auto options = std::make_shared<ListArguments>();
  command
      .add_option(
          "KIND", options->kind,
          "Only backends, services, commands, properties, faults, goals, strategies, models or scenarios")
      .check(must_be_kind);
  command.add_flag("--names", options->names, "Only names, a line each");
  return [options](const Global& global) { return run_list(*options, global); };
}

}  // namespace lockstorm::cli
