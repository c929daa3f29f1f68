// `lockstorm list`: everything that has a name.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "cli/catalogue.hpp"
#include "cli/command.hpp"
#include "cli/output_file.hpp"
#include "reports/json_report.hpp"
#include "reports/layout.hpp"
#include "scenarios/library.hpp"
#include "scenarios/yaml_scenario.hpp"

namespace lockstorm::cli {
namespace {

struct Section {
  std::string_view kind;
  std::string_view title;
};
constexpr std::array<Section, 6> kSections{{{"backend", "backends"},
                                            {"service", "services"},
                                            {"command", "commands"},
                                            {"property", "properties"},
                                            {"fault", "faults"},
                                            {"strategy", "strategies"}}};

// What the scenario is about: the comment its file opens with.
std::string description(const scenarios::LibraryEntry& entry) {
  const auto scenario =
      scenarios::parse_scenario(entry.yaml_text, std::string(entry.file), std::string(entry.name));
  return scenario ? scenario->description : scenario.error().render();
}

std::string text(const reports::Style& style) {
  std::string out;
  const auto title = [&](std::string_view name) {
    out += (out.empty() ? "" : "\n") + style(reports::Ink::bold, name) + "\n";
  };
  for (const Section& section : kSections) {
    title(section.title);
    for (const CatalogueItem& item : catalogue()) {
      if (item.kind == section.kind)
        out += reports::paragraph(item.summary, style, 24, fmt::format("  {}", item.name));
    }
  }
  title("scenarios");
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

int run(const Global& global) {
  print_report(global, text(stdout_style()));
  if (const auto error = write_output_file(global.json_file, global.json_file.empty() ? "" : json()))
    return bad_input(*error);
  return 0;
}

}  // namespace

Action add_list(CLI::App&) { return run; }

}  // namespace lockstorm::cli
