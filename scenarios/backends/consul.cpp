// The consul backend (backend-protocols.md 3.5): a lock key that follows a session, and check-and-set writes.
#include "scenarios/backends/consul.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "models/backends/consul.hpp"
#include "models/terraform/choice.hpp"
#include "scenarios/data/arguments.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<BackendService, 1> kConsulServices{{
    {"consul", "Consul: keys with check-and-set, a lock key bound to a session, lock-delay, size limit"},
}};

// Every argument the consul backend has or had (internal/backend/remote-state/consul/backend.go).
constexpr std::string_view kConsulArguments =
    "access_token address ca_file cert_file datacenter gzip http_auth key_file lock path scheme";

// Whose texts all have room for their chunks: each writes the state a few times, and any may be left over.
constexpr unsigned kMostClientsInChunks = 5;

// Every command locks once, a migration at either end, and creating a workspace; whoever loses a session
// begins another, and what stays of each is known to the end.
unsigned most_sessions(const Scenario& scenario, bool named_workspace) {
  unsigned sessions = scenario.faults.total() + scenario.force_unlock.people();
  for (const Fleet& fleet : scenario.all_fleets()) {
    const auto commands = static_cast<unsigned>(std::max<std::size_t>(fleet.client.commands.size(), 1));
    sessions +=
        fleet.client.count * (commands + (named_workspace ? 1U : 0U) + (fleet.client.migrate_to ? 1U : 0U));
  }
  return sessions;
}

// Whether a holder can find its lock lost while it runs: by what befalls its session, by force-unlock, or
// because a rate limit refuses a read of the monitor, or enough of them fail in a row.
bool can_lose_lock(const ConsulConfig& settings, const Scenario& scenario) {
  using sim::Fault;
  const sim::FaultBudget& faults = scenario.faults;
  const unsigned failed_reads =
      faults.total() - faults[Fault::crash] - faults[Fault::interrupt] - faults[Fault::duplicate];
  return settings.session_losses > 0 || scenario.force_unlock.people() > 0 || faults[Fault::pause] > 0 ||
         faults[Fault::throttle] > 0 || failed_reads > 5;
}

}  // namespace

const BackendType& consul_backend() {
  static constexpr BackendType kType{
      .name = "consul",
      .summary = "Terraform's and OpenTofu's consul backend: a lock key that follows a session",
      .arguments = kConsulArguments,
      .identifying = "path",
      .flags = "gzip lock",
      .services = kConsulServices,
      .matrix_modes = "- unlocked",
      .defaults = default_config<ConsulConfig>,
  };
  return kType;
}

const BackendType& ConsulConfig::type() const { return consul_backend(); }

void ConsulConfig::read_yaml(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"type", "address", "path", "gzip", "lock", "workspace", "large_states",
                        "session_losses", "blind_writes", "fenced_create"});
  reader.flag(section, {"lock", "false: no lock at all"}, lock);
  reader.text(
      section,
      {"workspace",
       "the workspace that jobs work in; others than default are locked by every command that opens them"},
      workspace);
  reader.flag(section, {"large_states", "states above 512 KiB, which are stored in chunks"}, large_states);
  reader.number(section, {"session_losses", "sessions that running jobs may lose (a health check fails)"}, 0,
                3, session_losses);
  reader.flag(section, {"blind_writes", "Terraform before 0.9.7, whose writes compare nothing"},
              blind_writes);
  reader.flag(section, {"fenced_create", "what a fix would do: the first write is conditional, too"},
              fenced_create);
}

void ConsulConfig::read_store(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"stale_reads"});
  reader.number(section, {"stale_reads", "how many default reads a deposed leader answers"}, 0, 2,
                stale_reads);
}

std::optional<InputError> ConsulConfig::read_arguments(const BackendArguments& arguments,
                                                       std::vector<std::string>& assumptions) {
  if (auto complaint = arguments.flag("lock", lock)) return complaint;
  workspace = arguments.workspace();
  assumptions.emplace_back(traits().has_named_workspace ? "jobs work in a named workspace"
                                                        : "jobs work in the default workspace");
  assumptions.emplace_back("the state is smaller than the 512 KiB of one key");
  assumptions.emplace_back("sessions of running jobs are renewed in time and their node stays healthy");
  return std::nullopt;
}

// A command's client, its goroutines included, is gone when the next command starts; here they share a
// process.
std::optional<Objection> ConsulConfig::objection(const Scenario& scenario) const {
  if (scenario.client.runs > 1)
    return Objection{"client", "consul clients run once", "client: {runs: 1}",
                     "a session ends with its process"};
  if (large_states && scenario.clients() > kMostClientsInChunks)
    return Objection{"client", "too many clients for large states",
                     fmt::format("at most {}", kMostClientsInChunks), ""};
  if (lock &&
      most_sessions(scenario, traits().has_named_workspace) + session_losses > models::Consul::kMaxSessions)
    return Objection{
        "client",
        fmt::format("too many sessions: one for each lock that a client takes, in all more than {}",
                    models::Consul::kMaxSessions),
        "fewer clients, commands or faults", ""};
  return std::nullopt;
}

std::string ConsulConfig::summary() const {
  std::string text = lock ? "consul" : "consul without locking";
  if (traits().has_named_workspace) text += " in a named workspace";
  if (large_states) text += ", large states";
  if (session_losses > 0) text += ", sessions may be lost";
  if (stale_reads > 0) text += ", stale reads around a change of leaders";
  if (blind_writes) text += " before Terraform 0.9.7";
  if (fenced_create) text += ", fenced";
  return text;
}

std::string ConsulConfig::canonical_text() const {
  std::string text = fmt::format("consul|{}|{}|{}|{}|{}|{}|", lock, traits().has_named_workspace,
                                 large_states, session_losses, blind_writes, fenced_create);
  if (stale_reads > 0) text += fmt::format("stale reads {}|", stale_reads);
  return text;
}

std::vector<BackendChange> ConsulConfig::changes() const {
  std::vector<BackendChange> changes;
  if (!lock)
    changes.push_back(changed(*this, "the lock", {.backend = {{"lock", "true"}}},
                              [](ConsulConfig& config) { config.lock = true; }));
  if (stale_reads > 0)
    changes.push_back(changed(*this, "reads ask for `?consistent`, which no released client does",
                              {.store = {{"stale_reads", "0"}}},
                              [](ConsulConfig& config) { config.stale_reads = 0; }));
  if (!fenced_create)
    changes.push_back(changed(
        *this, "the first write asks that there be no state yet, which no released client does",
        {.backend = {{"fenced_create", "true"}}}, [](ConsulConfig& config) { config.fenced_create = true; }));
  return changes;
}

void ConsulConfig::build(const Scenario& scenario, World& world, WorldParts& parts) const {
  models::Consul consul;
  consul.initial_state = initial_snapshot(scenario);
  consul.large_states = large_states;
  consul.stale_reads = stale_reads;
  consul.lock_here = lock;
  const auto consul_ref = add_service(world, consul);
  // Whether a health check fails is decided, not bound to happen: what comes about without it is told
  // without.
  const auto lose_session = [consul_ref](sim::Process& self) {
    if (self.choose(2, models::Choice::health_check_fails) == 0) return;
    self.set_flag(checkers::kHasActed, true);
    self.call(consul_ref, models::Consul::FailHealthCheck{});
  };
  add_bystanders(world, parts.is_destination ? "agent (new)" : "agent", lose_session,
                 lock ? session_losses : std::uint8_t{0});
  const models::ConsulBackendOptions options{.lock = lock,
                                             .default_workspace = !traits().has_named_workspace,
                                             .monitor = lock && can_lose_lock(*this, scenario),
                                             .blind_writes = blind_writes,
                                             .fenced_create = fenced_create};
  const auto backend = std::make_shared<const models::ConsulBackend>(options, consul_ref, parts.memory);
  add_applies(scenario, consul.initial_state, backend, {}, world, parts);
  parts.stored_state = [index = consul_ref.index](const sim::ValuePool& values, const sim::EndState& end) {
    const auto value = values.get<models::Consul::Value>(end.services[index]);
    return models::Consul::readable(value) ? value.state : models::StateSnapshot{};
  };
}

std::vector<std::string> ConsulConfig::audit_modes() const {
  std::vector<std::string> modes;
  if (!lock) modes.emplace_back("unlocked");
  if (traits().has_named_workspace) modes.emplace_back("workspace");
  return modes;
}

bool ConsulConfig::read_audit_mode(std::string_view mode) {
  if (mode == "unlocked") return !(lock = false);
  if (mode != "workspace") return false;
  workspace = "named";
  return true;
}

}  // namespace lockstorm::scenarios
