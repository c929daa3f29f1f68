#include "scenarios/data/backend_config.hpp"

#include <fmt/format.h>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"

namespace lockstorm::scenarios {

std::string ChangedSettings::as_sections() const {
  std::string text;
  const auto add = [&text](std::string_view section, const std::vector<ChangedSetting>& settings) {
    if (settings.empty()) return;
    text += fmt::format("{}{}: {{", text.empty() ? "" : ", ", section);
    for (const ChangedSetting& one : settings)
      text += fmt::format("{}{}: {}", &one == &settings.front() ? "" : ", ", one.key, one.value);
    text += "}";
  };
  add("backend", backend);
  add("store", store);
  return text;
}

void BackendConfig::read_store(YamlReader& reader, const YAML::Node& section) {
  reader.fail(section, fmt::format("a {} backend has no store whose promises could be broken", type().name),
              "no `store` section");
}

std::optional<InputError> BackendConfig::read_arguments(const BackendArguments& /*arguments*/,
                                                        std::vector<std::string>& /*assumptions*/) {
  return std::nullopt;
}

std::optional<Objection> BackendConfig::objection(const Scenario& /*scenario*/) const { return std::nullopt; }

}  // namespace lockstorm::scenarios
