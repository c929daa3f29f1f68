// `lockstorm describe NAME`: one thing in full.
#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/catalogue.hpp"
#include "cli/command.hpp"
#include "cli/results.hpp"
#include "reports/campaigns/reported_hazards.hpp"
#include "reports/campaigns/rule_page.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/format/layout.hpp"
#include "reports/story/words.hpp"
#include "reports/text/anatomy_report.hpp"
#include "reports/text/scenario_format.hpp"
#include "scenarios/campaigns/anatomy.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/findings/grades.hpp"
#include "scenarios/findings/rule_examples.hpp"
#include "scenarios/hunt/portfolio.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Description {
  std::string text;
  Json json;
};

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream stream{std::string(text)};
  return {std::istream_iterator<std::string>(stream), {}};
}

Description of_item(const CatalogueItem& item, const reports::Style& style) {
  std::string text = style(reports::Ink::bold, item.name) + fmt::format(" ({})\n", item.kind);
  if (const auto property = checkers::property_named(item.name)) {
    text += reports::paragraph(reports::headline(*property), style) +
            reports::paragraph(fmt::format("Violated when {}.", item.summary), style);
  } else {
    text += reports::paragraph(item.summary, style);
  }
  if (!item.details.empty()) text += "\n" + item.details;
  Json json{{"kind", item.kind}, {"name", item.name}, {"summary", item.summary}};
  if (item.kind == "format") {
    const std::vector<scenarios::KeySection> sections = scenarios::common_sections();
    text += "\n" + reports::text_keys(sections, style) +
            "\nThe keys of `backend` and `store` are each backend's own: `lockstorm describe s3`.\n";
    json["sections"] = reports::json_keys(sections);
  }
  if (item.kind == "backend") {
    const scenarios::BackendType& type = *scenarios::backend_type_named(item.name);
    const std::vector<scenarios::KeySection> sections = scenarios::sections_of(type);
    text += "\n" + reports::text_keys(sections, style);
    json["sections"] = reports::json_keys(sections);
    const auto anatomy = scenarios::dissect(type);
    text += reports::text_anatomy(anatomy, style);
    json["arguments"] = words_of(type.arguments);
    Json environment = Json::object();
    for (const scenarios::EnvironmentArgument& said : type.environment)
      environment[std::string(said.argument)] = words_of(said.variables);
    json["environment"] = std::move(environment);
    json["calls"] = reports::json_anatomy(anatomy);
  }
  return {text, json};
}

Description of_scenario(const scenarios::Scenario& scenario, std::string_view yaml,
                        const reports::Style& style) {
  std::string text = style(reports::Ink::bold, scenario.name) + " (scenario)\n";
  text += reports::paragraph(scenarios::summary(scenario), style) +
          reports::paragraph(reports::bounds_text(scenario), style);
  if (!yaml.empty()) text += "\n" + std::string(yaml);
  return {
      text,
      Json{{"kind", "scenario"}, {"name", scenario.name}, {"summary", scenario.description}, {"yaml", yaml}}};
}

// "pct:7": a strategy of a family that takes any number; the catalogue has only those that are in use.
std::optional<Description> of_strategy(const std::string& name, const reports::Style& style) {
  const sim::StreamPool none;
  const std::string family = name.substr(0, name.find(':') + 1);
  if (family.empty() || !scenarios::make_strategy(name, none)) return std::nullopt;
  for (const CatalogueItem& known : catalogue()) {
    if (known.kind != "strategy" || !known.name.starts_with(family)) continue;
    const std::string summary =
        fmt::format("as {} with another number; {}: {}", known.name, known.name, known.summary);
    return of_item({known.kind, name, summary, ""}, style);
  }
  return std::nullopt;
}

scenarios::InputError no_such_name(const std::string& name) {
  std::vector<std::string_view> names;
  for (const CatalogueItem& item : catalogue()) names.push_back(item.name);
  for (const scenarios::LibraryEntry& entry : scenarios::library()) names.push_back(entry.name);
  const std::string_view nearest = scenarios::nearest_name(name, names);
  return {{name, 0, 0},
          "nothing has that name",
          "a backend, service, property, fault, rule or scenario",
          nearest.empty() ? "`lockstorm list` shows all names" : fmt::format("did you mean '{}'?", nearest)};
}

Description of_rule(const scenarios::Rule& rule) {
  std::optional<scenarios::VerifyResult> shown;
  if (const auto example = scenarios::example_of(rule)) shown = scenarios::verify(*example, {});
  const std::string page = reports::rule_page(rule, shown ? &*shown : nullptr);
  const scenarios::Occurrence occurrence = occurrence_of(*rule.cause);
  return {page, Json{{"kind", "rule"},
                     {"name", rule.id()},
                     {"summary", reports::rule_title(rule)},
                     {"property", checkers::property_name(rule.property)},
                     {"grade", grade_name(grade_of(occurrence, scenarios::harm_of(rule.property)))},
                     {"inherent", scenarios::is_inherent(rule.property, *rule.cause)},
                     {"page", page}}};
}

Description of_hazard(unsigned number) {
  const std::string page = reports::hazard_page(number);
  return {page, Json{{"kind", "rule"},
                     {"name", scenarios::pipeline::hazard_id(number)},
                     {"summary", scenarios::pipeline::hazard_rule(number).title},
                     {"page", page}}};
}

bool is_rule_id(std::string_view name) { return name.starts_with("LS-") || name.starts_with("ls-"); }

std::expected<std::vector<Description>, scenarios::InputError> describe(const std::string& name,
                                                                        const reports::Style& style) {
  if (const unsigned hazard = scenarios::pipeline::hazard_of_id(name); hazard != 0)
    return std::vector{of_hazard(hazard)};
  if (is_rule_id(name)) {
    const auto rule = scenarios::rule_of_id(name);
    if (!rule)
      return std::unexpected(scenarios::InputError{
          {name, 0, 0}, rule.error(), "a rule", "docs/rules/README.md lists those that find something"});
    return std::vector{of_rule(*rule)};
  }
  std::vector<Description> found;
  for (const CatalogueItem& item : catalogue()) {
    if (item.name == name) found.push_back(of_item(item, style));
  }
  const scenarios::LibraryEntry* entry = scenarios::library_entry(name);
  if (entry != nullptr || name.starts_with("audit/")) {
    const auto scenario = scenarios::find_scenario(name);
    if (!scenario) return std::unexpected(scenario.error());
    found.push_back(of_scenario(*scenario, entry == nullptr ? "" : entry->yaml_text, style));
  }
  if (found.empty()) {
    const std::optional<Description> strategy = of_strategy(name, style);
    if (!strategy) return std::unexpected(no_such_name(name));
    found.push_back(*strategy);
  }
  return found;
}

int run_describe(const std::string& name, const Global& global) {
  const auto found = describe(name, stdout_style());
  if (!found) return bad_input(found.error());
  std::string text;
  Json results = Json::array();
  for (const Description& description : *found) {
    text += (text.empty() ? "" : "\n") + description.text;
    results.push_back(description.json);
  }
  const Json document = results.size() == 1 ? results.front() : Json{{"results", results}};
  Results written(global);
  written.write(global.json_file, [&] { return reports::json_text(document); });
  return written.end(text, 0);
}

}  // namespace

Action add_describe(CommandLine command) {
  auto name = std::make_shared<std::string>();
  command.add_option("NAME", *name, "A backend, service, property, fault, rule or scenario").required();
  return [name](const Global& global) { return run_describe(*name, global); };
}

}  // namespace lockstorm::cli
