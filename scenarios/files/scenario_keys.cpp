#include "scenarios/files/scenario_keys.hpp"

#include <algorithm>
#include <functional>

#include "scenarios/files/yaml_client.hpp"
#include "scenarios/files/yaml_orchestrator.hpp"
#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/files/yaml_sections.hpp"

namespace lockstorm::scenarios {
namespace {

KeySection declared(std::string name, std::string summary, const std::function<void(YamlReader&)>& read) {
  KeySection section{std::move(name), std::move(summary), {}};
  YamlReader reader(section.keys);
  read(reader);
  const bool is_of_backend = section.name == "backend";
  std::erase_if(section.keys, [&](const KeyDeclaration& key) { return is_of_backend && key.name == "type"; });
  return section;
}

}  // namespace

std::vector<KeySection> common_sections() {
  const YAML::Node nothing;
  Scenario scenario;
  models::OrchestratorRules rules;
  return {
      declared("", "the root of the file", declare_root),
      declared("client", "equal jobs, or one fleet of a list", declare_client),
      declared("operator", "people who interfere: force-unlock, and what they do to the store by hand",
               [&](YamlReader& reader) { read_operator(reader, nothing, scenario.force_unlock); }),
      declared("orchestrator", "what runs the plans and applies of pull requests",
               [&](YamlReader& reader) { read_orchestrator(reader, nothing, rules); }),
      declared("faults", "how many of each kind a run may contain",
               [&](YamlReader& reader) { read_faults(reader, nothing, nullptr, scenario); }),
      declared("time", "a clock, or virtual time",
               [&](YamlReader& reader) { read_time(reader, nothing, scenario.time, scenario.timed); }),
  };
}

std::vector<KeySection> sections_of(const BackendType& type) {
  const YAML::Node nothing;
  const std::unique_ptr<BackendConfig> config = type.defaults();
  std::vector<KeySection> sections{
      declared("backend", std::string(type.summary),
               [&](YamlReader& reader) { config->read_yaml(reader, nothing); }),
      declared("store", "what its servers promise, and what they bring about",
               [&](YamlReader& reader) { config->read_store(reader, nothing); }),
  };
  std::erase_if(sections, [](const KeySection& section) { return section.keys.empty(); });
  return sections;
}

std::vector<std::string> store_keys(const BackendType& type) {
  std::vector<std::string> names;
  for (const KeySection& section : sections_of(type)) {
    if (section.name != "store") continue;
    for (const KeyDeclaration& key : section.keys) names.push_back(key.name);
  }
  return names;
}

}  // namespace lockstorm::scenarios
