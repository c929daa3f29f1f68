// The scenario format is described by what reads it: every key has a meaning, and its example can be read.
#include "scenarios/files/scenario_keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "reports/text/scenario_format.hpp"
#include "scenarios/files/yaml_client.hpp"
#include "scenarios/files/yaml_orchestrator.hpp"
#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/files/yaml_sections.hpp"
#include "test_paths.hpp"
#include "tests/golden.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::HasSubstr;

void expect_described(const KeySection& section) {
  SCOPED_TRACE(section.name);
  EXPECT_FALSE(section.keys.empty());
  EXPECT_FALSE(section.summary.empty());
  for (const KeyDeclaration& key : section.keys) {
    SCOPED_TRACE(key.name);
    EXPECT_FALSE(key.meaning.empty());
    EXPECT_FALSE(key.values.empty());
    EXPECT_THAT(key.example, HasSubstr(key.name + ": "));
  }
}

std::string complaint_of(const YamlReader& reader) { return reader.error() ? reader.error()->render() : ""; }

std::unique_ptr<BackendConfig> an_s3_backend(const YAML::Node&) {
  return backend_type_named("s3")->defaults();
}

TEST(ScenarioKeys, EachHasAMeaningARangeAndAnExample) {
  for (const KeySection& section : common_sections()) expect_described(section);
  for (const BackendType* type : backend_types()) {
    SCOPED_TRACE(type->name);
    const std::vector<KeySection> sections = sections_of(*type);
    ASSERT_FALSE(sections.empty());
    for (const KeySection& section : sections) expect_described(section);
  }
}

TEST(ScenarioKeys, ExamplesOfBackendsCanBeRead) {
  for (const BackendType* type : backend_types()) {
    for (const KeySection& section : sections_of(*type)) {
      for (const KeyDeclaration& key : section.keys) {
        const YAML::Node node = YAML::Load("{" + key.example + "}");
        YamlReader reader("example.yaml");
        const auto config = type->defaults();
        section.name == "store" ? config->read_store(reader, node) : config->read_yaml(reader, node);
        EXPECT_FALSE(reader.error()) << type->name << ": " << complaint_of(reader);
      }
    }
  }
}

TEST(ScenarioKeys, ExamplesOfTheOtherSectionsCanBeRead) {
  for (const KeySection& section : common_sections()) {
    for (const KeyDeclaration& key : section.keys) {
      if (section.name.empty()) {
        const std::string backend = key.name == "backend" || key.name == "configuration"
                                        ? ""
                                        : "backend: {type: s3, use_lockfile: true}\n";
        const std::string clients =
            key.name == "orchestrator" ? "client: {pull_request: 1, command: plan -out}\n" : "";
        const auto read = parse_scenario(backend + clients + key.example + "\n", "example.yaml", "example");
        EXPECT_TRUE(read) << key.example << ": " << (read ? "" : read.error().render());
        continue;
      }
      // Most keys of time go with its model.
      const bool needs_model = section.name == "time" && key.name != "model" && key.name != "ticks";
      const YAML::Node node = YAML::Load((needs_model ? "{model: timed, " : "{") + key.example + "}");
      YamlReader reader("example.yaml");
      Scenario scenario;
      models::OrchestratorRules rules;
      if (section.name == "client") read_client(reader, node, scenario, an_s3_backend, an_s3_backend);
      if (section.name == "operator") read_operator(reader, node, scenario.force_unlock);
      if (section.name == "orchestrator") read_orchestrator(reader, node, rules);
      if (section.name == "faults") read_faults(reader, node, nullptr, scenario);
      if (section.name == "time") read_time(reader, node, scenario.time, scenario.timed);
      EXPECT_FALSE(reader.error()) << section.name << ": " << complaint_of(reader);
    }
  }
}

TEST(ScenarioKeys, ThePageIsWhatTheReaderDeclares) {
  expect_as_on_file(reports::scenario_page(), LOCKSTORM_SOURCE "/docs/scenario.md");
}

}  // namespace
}  // namespace lockstorm::scenarios
