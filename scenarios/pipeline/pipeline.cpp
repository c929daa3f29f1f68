#include "scenarios/pipeline/pipeline.hpp"

#include "sim/one_for_each.hpp"

namespace lockstorm::scenarios::pipeline {

std::string StatePlace::text() const {
  std::string text = directory.empty() || directory == "." ? "the root" : directory;
  if (!key.empty()) text += " " + key;
  if (!workspace.empty()) text += " workspace " + workspace;
  if (is_many) text += " and all below";
  return text;
}

std::string_view system_name(System system) {
  constexpr auto kNames =
      sim::text_for_each<System>({"GitHub Actions", "GitLab CI", "Azure Pipelines", "Jenkins", "Atlantis",
                                  "Digger", "Terrateam", "Spacelift"});
  return kNames[static_cast<std::size_t>(system)];
}

std::string_view verb_name(Verb verb) {
  constexpr auto kNames =
      sim::text_for_each<Verb>({"plan", "apply", "destroy", "change state", "force-unlock", "break lock"});
  return kNames[static_cast<std::size_t>(verb)];
}

std::string_view keeper_name(Keeper keeper) {
  constexpr auto kNames = sim::text_for_each<Keeper>({"concurrency group", "resource group", "exclusive lock",
                                                      "disableConcurrentBuilds", "lockable resource",
                                                      "pull-request lock", "stack"});
  return kNames[static_cast<std::size_t>(keeper)];
}

bool exclude_each_other(const Serialiser& a, const Serialiser& b) {
  return a.keeper == b.keeper && !a.key.is_fresh && !b.key.is_fresh && lower(a.key.text) == lower(b.key.text);
}

}  // namespace lockstorm::scenarios::pipeline
