// The local backend (backend-protocols.md 3.10): jobs on one machine that share a directory.
#include "scenarios/backends/local.hpp"

#include <fmt/format.h>

#include <array>

#include "models/backends/local.hpp"
#include "scenarios/data/arguments.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<BackendService, 1> kLocalServices{{
    {"disk", "files of one machine that its jobs share, with locks that end with their processes"},
}};

}  // namespace

const BackendType& local_backend() {
  static constexpr BackendType kType{
      .name = "local",
      .summary = "the state is a file on one machine, locked with fcntl",
      .arguments = "path workspace_dir",
      .services = kLocalServices,
      .one_machine = true,
      .defaults = default_config<LocalConfig>,
  };
  return kType;
}

const BackendType& LocalConfig::type() const { return local_backend(); }

void LocalConfig::read_yaml(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"type", "path", "implicit"});
  reader.flag(section,
              {"implicit",
               "the configuration has no backend block: what init -migrate-state copies from here is emptied "
               "afterwards, without a lock"},
              implicit);
}

std::optional<InputError> LocalConfig::read_arguments(const BackendArguments& /*arguments*/,
                                                      std::vector<std::string>& assumptions) {
  assumptions.emplace_back(
      "all jobs run on one machine and in one directory: the state is a file there, and jobs elsewhere "
      "have a state of their own");
  return std::nullopt;
}

// Only a file that a client has created is removed by one.
std::optional<Objection> LocalConfig::objection(const Scenario& scenario) const {
  constexpr std::size_t kMost = models::LocalFiles::kMaxNameless + 1;
  const unsigned processes = scenario.clients() + scenario.force_unlock.people();
  if (scenario.initial != InitialState::empty || processes <= kMost) return std::nullopt;
  return Objection{"client", "too many clients for a directory without a state",
                   fmt::format("at most {}", kMost), "with `initial_state: existing` any number can apply"};
}

std::string LocalConfig::summary() const { return implicit ? "local without a backend block" : "local"; }

// All but the first digit stands where settings of other backends once stood: replay strings outlive
// versions.
std::string LocalConfig::canonical_text() const {
  constexpr std::string_view kText =
      "1|falsefalsefalse|5|truetrue|0falsefalsetruetruetruetrue|truetruetruenevertruetrue|";
  return std::string(kText) + (implicit ? "implicit|" : "");
}

void LocalConfig::build(const Scenario& scenario, World& world, WorldParts& parts) const {
  models::LocalFiles files;
  files.initial_state = initial_snapshot(scenario);
  const auto disk = add_service(world, files);
  const auto backend = std::make_shared<const models::LocalBackend>(scenario.client.tool, disk, parts.memory);

  models::CommandOptions apply;
  apply.manager = models::StateManager::filesystem;
  apply.empties_migrated = implicit;
  add_applies(scenario, files.initial_state, backend, apply, world, parts);
  parts.stored_state = [index = disk.index](const sim::ValuePool& values, const sim::EndState& end) {
    return values.get<models::LocalFiles::Value>(end.services[index]).contents;
  };
}

// A local state has no network under it, and `force-unlock` refuses to touch it (backend-protocols.md 2.10).
Adversities LocalConfig::possible_adversities() const {
  return adversity_bit(Adversity::crash) | adversity_bit(Adversity::interrupt) |
         adversity_bit(Adversity::pause);
}

}  // namespace lockstorm::scenarios
