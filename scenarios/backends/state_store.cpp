// Terraform's state stores (backend-protocols.md 3.15): what the protocol between Terraform and a provider
// can promise, and what it leaves to the provider.
#include "scenarios/backends/state_store.hpp"

#include <fmt/format.h>

#include <array>

#include "models/backends/state_store.hpp"
#include "scenarios/data/arguments.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/read_number.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<BackendService, 1> kStateStoreServices{{
    {"state-store", "what a provider keeps a state and its lock in: atomic requests, consistent reads"},
}};

constexpr std::string_view kNoLock = "no-lock";
constexpr std::string_view kLookThenLock = "look-then-lock";
constexpr std::string_view kNoCompare = "no-compare";
constexpr std::string_view kReadThenDelete = "read-then-delete";
constexpr std::string_view kAttempts = "attempts=";
constexpr std::string_view kOwnLockTrap = "own-lock-trap";

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
  reader.keys(section, {"type", "fenced_put", "needs_lock"});
  reader.flag(section,
              {"fenced_put", "what a provider can do: refuse a state that is not on top of what it has read"},
              fenced_put);
  reader.flag(
      section,
      {"needs_lock", "what a provider can do: refuse a state when the lock it has answered with is gone"},
      needs_lock);
}

void StateStoreConfig::read_store(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section,
              {"locks", "atomic_lock", "compares_id", "atomic_unlock", "attempts", "knows_own_lock"});
  reader.flag(section, {"locks", "LockState answers with an ID; without one nothing is locked"}, locks);
  reader.flag(section, {"atomic_lock", "LockState looks and creates in one request to the store"},
              atomic_lock);
  reader.flag(section, {"compares_id", "UnlockState deletes only the lock whose ID it is given"},
              compares_id);
  reader.flag(section,
              {"atomic_unlock", "UnlockState compares the ID and deletes in one request to the store"},
              atomic_unlock);
  reader.number(section, {"attempts", "how often the provider sends a request that fails or is not answered"},
                1, 3, attempts);
  reader.flag(section,
              {"knows_own_lock", "a repeated request for the lock that meets the own ID has succeeded"},
              knows_own_lock);
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
  if (!locks && !(atomic_lock && compares_id && atomic_unlock && knows_own_lock))
    return Objection{"store", "a provider that takes no lock does not unlock either",
                     "locks: true, or nothing of how it locks", ""};
  if (!locks && needs_lock)
    return Objection{"backend", "needs_lock with a provider that takes no lock", "locks: true", ""};
  if (!compares_id && !atomic_unlock)
    return Objection{"store", "a provider that compares no ID does not read one first",
                     "one of compares_id and atomic_unlock", ""};
  if (!knows_own_lock && attempts == 1)
    return Objection{"store", "a provider that repeats nothing does not meet its own lock", "attempts: 2",
                     ""};
  return std::nullopt;
}

std::string StateStoreConfig::summary() const {
  std::string text = locks ? "state_store" : "state_store of a provider that takes no lock";
  if (!atomic_lock) text += " whose lock looks before it creates";
  if (!compares_id) text += " whose unlock compares no ID";
  if (!atomic_unlock) text += " whose unlock reads before it deletes";
  if (attempts > 1) text += fmt::format(" that sends requests up to {} times", attempts);
  if (!knows_own_lock) text += " and takes its own lock for another's";
  if (fenced_put) text += " with fenced writes";
  if (needs_lock) text += " with writes under the lock's ID";
  return text;
}

// Settings that came later count only where they are not as usual: replay strings outlive versions.
std::string StateStoreConfig::canonical_text() const {
  std::string text = fmt::format("state_store|{}|{}|{}|", locks, atomic_unlock, fenced_put);
  if (!atomic_lock) text += "look then lock|";
  if (!compares_id) text += "no compare|";
  if (attempts > 1) text += fmt::format("attempts {}|", attempts);
  if (!knows_own_lock) text += "own lock trap|";
  if (needs_lock) text += "needs lock|";
  return text;
}

std::vector<BackendChange> StateStoreConfig::changes() const {
  std::vector<BackendChange> changes;
  const auto add = [&](std::string rule, std::string key, std::string value, bool of_store, auto edit) {
    ChangedSettings settings;
    (of_store ? settings.store : settings.backend).push_back({std::move(key), std::move(value)});
    changes.push_back(changed(*this, std::move(rule), std::move(settings), edit));
  };
  if (!locks)
    add("a state store whose provider locks", "locks", "true", true,
        [](StateStoreConfig& config) { config.locks = true; });
  if (!atomic_lock)
    add("a provider that looks for a lock and creates its own in one request", "atomic_lock", "true", true,
        [](StateStoreConfig& config) { config.atomic_lock = true; });
  if (!compares_id)
    add("a provider whose UnlockState deletes only the lock whose ID it is given", "compares_id", "true",
        true, [](StateStoreConfig& config) { config.compares_id = true; });
  if (!atomic_unlock)
    add("a provider that compares and deletes in one request", "atomic_unlock", "true", true,
        [](StateStoreConfig& config) { config.atomic_unlock = true; });
  if (!knows_own_lock)
    add("a provider that knows the lock which its own request has created", "knows_own_lock", "true", true,
        [](StateStoreConfig& config) { config.knows_own_lock = true; });
  if (!fenced_put)
    add("a provider that remembers which version it has read, and writes only on top of it", "fenced_put",
        "true", false, [](StateStoreConfig& config) { config.fenced_put = true; });
  return changes;
}

// The protocol lets a provider answer LockState with neither an ID nor an error, and Terraform then goes on
// without a lock, and without a word. [terraform-plugin-framework statestore: LockResponse]
std::vector<StoreDoubt> StateStoreConfig::doubts(const BackendArguments& /*arguments*/) const {
  StateStoreConfig without;  // where nothing is locked, how it would be says nothing
  without.locks = false;
  without.fenced_put = fenced_put;
  without.attempts = attempts;
  auto lockless = std::make_shared<StateStoreConfig>(without);
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
  const models::StateStoreOptions options{.locks = locks,
                                          .atomic_lock = atomic_lock,
                                          .compares_id = compares_id,
                                          .atomic_unlock = atomic_unlock,
                                          .attempts = attempts,
                                          .knows_own_lock = knows_own_lock,
                                          .fenced_put = fenced_put,
                                          .needs_lock = needs_lock};
  const auto backend = std::make_shared<const models::StateStoreBackend>(options, store_ref, parts.memory);
  add_applies(scenario, store.initial_state, backend, {}, world, parts);
  parts.stored_state = [index = store_ref.index](const sim::ValuePool& values, const sim::EndState& end) {
    return values.get<models::ProviderStore::Value>(end.services[index]).state;
  };
}

std::vector<std::string> StateStoreConfig::audit_modes() const {
  std::vector<std::string> modes;
  if (!locks) modes.emplace_back(kNoLock);
  if (!atomic_lock) modes.emplace_back(kLookThenLock);
  if (!compares_id) modes.emplace_back(kNoCompare);
  if (!atomic_unlock) modes.emplace_back(kReadThenDelete);
  if (attempts > 1) modes.push_back(fmt::format("{}{}", kAttempts, attempts));
  if (!knows_own_lock) modes.emplace_back(kOwnLockTrap);
  return modes;
}

bool StateStoreConfig::read_audit_mode(std::string_view mode) {
  if (mode == kNoLock) return !(locks = false);
  if (mode == kLookThenLock) return !(atomic_lock = false);
  if (mode == kNoCompare) return !(compares_id = false);
  if (mode == kReadThenDelete) return !(atomic_unlock = false);
  if (mode == kOwnLockTrap) return !(knows_own_lock = false);
  return mode.starts_with(kAttempts) &&
         read_number<std::uint8_t>(mode.substr(kAttempts.size()), 2, 3, attempts);
}

}  // namespace lockstorm::scenarios
