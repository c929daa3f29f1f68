// Terraform's state stores (backend-protocols.md 3.15): what the protocol between Terraform and a provider
// can promise, and what it leaves to the provider.
#include "scenarios/backends/state_store.hpp"

#include <fmt/format.h>

#include <array>

#include "models/backends/state_store.hpp"
#include "scenarios/data/arguments.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<BackendService, 1> kStateStoreServices{{
    {"state-store", "what a provider keeps a state and its lock in: atomic requests, consistent reads"},
}};

constexpr std::string_view kNoLock = "no-lock";
constexpr std::string_view kReadThenDelete = "read-then-delete";

}  // namespace

const BackendType& state_store_backend() {
  static constexpr BackendType kType{
      .name = "state_store",
      .summary = "Terraform's state stores, which providers bring: an experiment of its alpha versions",
      .arguments = "provider",
      .any_argument = true,
      .services = kStateStoreServices,
      .opentofu = {.exists = false},
      .matrix_modes = "- no-lock",
      .defaults = default_config<StateStoreConfig>,
  };
  return kType;
}

const BackendType& StateStoreConfig::type() const { return state_store_backend(); }

void StateStoreConfig::read_yaml(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"type", "fenced_put"});
  reader.flag(section,
              {"fenced_put", "what a provider can do: refuse a state that is not on top of what it has read"},
              fenced_put);
}

void StateStoreConfig::read_store(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"locks", "atomic_unlock"});
  reader.flag(section, {"locks", "LockState answers with an ID; without one nothing is locked"}, locks);
  reader.flag(section,
              {"atomic_unlock", "UnlockState compares the ID and deletes in one request to the store"},
              atomic_unlock);
}

std::optional<InputError> StateStoreConfig::read_arguments(const BackendArguments& /*arguments*/,
                                                           std::vector<std::string>& assumptions) {
  assumptions.emplace_back(
      "the provider creates and removes its lock in one request each, removes only the lock whose ID it is "
      "given, and repeats nothing: the protocol asks for this and cannot see to it");
  assumptions.emplace_back("jobs work in a workspace whose state exists");
  return std::nullopt;
}

std::optional<Objection> StateStoreConfig::objection(const Scenario& /*scenario*/) const {
  if (locks || atomic_unlock) return std::nullopt;
  return Objection{"store", "a provider that takes no lock does not unlock either",
                   "locks: true, or no atomic_unlock", ""};
}

std::string StateStoreConfig::summary() const {
  std::string text = locks ? "state_store" : "state_store of a provider that takes no lock";
  if (!atomic_unlock) text += " whose unlock reads before it deletes";
  if (fenced_put) text += " with fenced writes";
  return text;
}

std::string StateStoreConfig::canonical_text() const {
  return fmt::format("state_store|{}|{}|{}|", locks, atomic_unlock, fenced_put);
}

std::vector<BackendChange> StateStoreConfig::changes() const {
  std::vector<BackendChange> changes;
  if (!locks)
    changes.push_back(changed(*this, "a state store whose provider locks", {.store = {{"locks", "true"}}},
                              [](StateStoreConfig& config) { config.locks = true; }));
  if (!atomic_unlock)
    changes.push_back(changed(*this, "a provider that compares and deletes in one request",
                              {.store = {{"atomic_unlock", "true"}}},
                              [](StateStoreConfig& config) { config.atomic_unlock = true; }));
  if (!fenced_put)
    changes.push_back(changed(
        *this, "a provider that remembers which version it has read, and writes only on top of it",
        {.backend = {{"fenced_put", "true"}}}, [](StateStoreConfig& config) { config.fenced_put = true; }));
  return changes;
}

// The protocol lets a provider answer LockState with neither an ID nor an error, and Terraform then goes on
// without a lock, and without a word. [terraform-plugin-framework statestore: LockResponse]
std::vector<StoreDoubt> StateStoreConfig::doubts(const BackendArguments& /*arguments*/) const {
  auto lockless = std::make_shared<StateStoreConfig>(*this);
  lockless->locks = false;
  return {{.setting = "locks",
           .why = "the block does not say what the provider does",
           .kept = "the provider locks",
           .broken = "the provider takes no lock",
           .otherwise = std::move(lockless)}};
}

void StateStoreConfig::build(const Scenario& scenario, World& world, WorldParts& parts) const {
  models::ProviderStore store;
  store.lock_here = locks;
  store.initial_state = initial_snapshot(scenario);
  const auto store_ref = add_service(world, store);
  const models::StateStoreOptions options{
      .locks = locks, .atomic_unlock = atomic_unlock, .fenced_put = fenced_put};
  const auto backend = std::make_shared<const models::StateStoreBackend>(options, store_ref);
  add_applies(scenario, store.initial_state, backend, {}, world, parts);
  parts.stored_state = [index = store_ref.index](const sim::ValuePool& values, const sim::EndState& end) {
    return values.get<models::ProviderStore::Value>(end.services[index]).state;
  };
}

std::vector<std::string> StateStoreConfig::audit_modes() const {
  std::vector<std::string> modes;
  if (!locks) modes.emplace_back(kNoLock);
  if (!atomic_unlock) modes.emplace_back(kReadThenDelete);
  return modes;
}

bool StateStoreConfig::read_audit_mode(std::string_view mode) {
  if (mode == kNoLock) return !(locks = false);
  if (mode == kReadThenDelete) return !(atomic_unlock = false);
  return false;
}

}  // namespace lockstorm::scenarios
