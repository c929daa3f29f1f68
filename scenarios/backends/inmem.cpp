// The inmem backend (backend-protocols.md 3.14): made for tests, and no use to jobs.
#include "scenarios/backends/inmem.hpp"

#include <fmt/format.h>

#include <array>

#include "models/backends/inmem.hpp"
#include "scenarios/data/arguments.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<BackendService, 1> kInmemServices{{
    {"memory", "the memory of each process: a state and a lock that end with it"},
}};

}  // namespace

const BackendType& inmem_backend() {
  static constexpr BackendType kType{
      .name = "inmem",
      .summary = "Terraform's and OpenTofu's inmem backend, for tests: state and lock in each process",
      .arguments = "lock_id",
      .services = kInmemServices,
      .one_machine = true,
      .defaults = default_config<InmemConfig>,
  };
  return kType;
}

const BackendType& InmemConfig::type() const { return inmem_backend(); }

void InmemConfig::read_yaml(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"type", "lock_id", "workspace"});
  reader.flag_or_text(section, {"lock_id", "the state is locked from the start"}, lock_id);
  reader.text(section,
              {"workspace", "the workspace that jobs work in; any other than default is created first"},
              workspace);
}

std::optional<InputError> InmemConfig::read_arguments(const BackendArguments& arguments,
                                                      std::vector<std::string>& assumptions) {
  if (Complaint complaint = arguments.presence("lock_id", "a lock's ID", lock_id, assumptions))
    return complaint;
  workspace = arguments.workspace();
  assumptions.emplace_back(workspace == "default" ? "jobs work in the default workspace"
                                                  : "jobs work in a named workspace");
  return std::nullopt;
}

std::optional<Objection> InmemConfig::objection(const Scenario& scenario) const {
  if (scenario.clients() + scenario.force_unlock.people() <= models::ProcessMemory::kMaxProcesses)
    return std::nullopt;
  return Objection{"client", "too many processes with a memory of their own",
                   fmt::format("at most {} clients and operators", models::ProcessMemory::kMaxProcesses), ""};
}

std::string InmemConfig::summary() const { return lock_id ? "inmem with lock_id" : "inmem"; }

std::string InmemConfig::canonical_text() const {
  return fmt::format("inmem|{}|{}|", lock_id, workspace == "default");
}

// No state outlives its process, so `initial_state` has nothing to say here.
void InmemConfig::build(const Scenario& scenario, World& world, WorldParts& parts) const {
  const auto memory = add_service(world, models::ProcessMemory{});
  const models::InmemBackendOptions options{.default_workspace = workspace == "default", .lock_id = lock_id};
  const auto backend = std::make_shared<const models::InmemBackend>(options, memory);
  add_applies(scenario, {}, backend, {}, world, parts);
  // When all processes have ended there is no memory that anybody could look into.
  parts.stored_state = [](const sim::ValuePool&, const sim::EndState&) { return models::StateSnapshot{}; };
}

std::vector<std::string> InmemConfig::audit_modes() const {
  std::vector<std::string> modes;
  if (lock_id) modes.emplace_back("lock_id");
  if (workspace != "default") modes.emplace_back("workspace");
  return modes;
}

bool InmemConfig::read_audit_mode(std::string_view mode) {
  if (mode == "lock_id") return lock_id = true;
  if (mode != "workspace") return false;
  workspace = "named";
  return true;
}

// There is no network, and nobody reaches into the memory of another process.
Adversities InmemConfig::possible_adversities() const {
  return adversity_bit(Adversity::crash) | adversity_bit(Adversity::interrupt) |
         adversity_bit(Adversity::pause);
}

}  // namespace lockstorm::scenarios
