// The http backend: its arguments, its worlds, and what to say about state servers.
#include "scenarios/backends/http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "models/backends/http.hpp"
#include "scenarios/data/arguments.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/read_number.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

using Policy = models::HttpServerPolicy;

constexpr std::array<BackendService, 1> kHttpServices{{
    {"http", "a server of the HTTP state protocol; what it makes of locks and ids is set under `store`"},
}};

constexpr std::array<std::string_view, 3> kServers{"blob", "gitlab", "files"};
constexpr auto kLocks = sim::text_for_each<Policy::Lock>({"exclusive", "overwrites"});
constexpr auto kWrites = sim::text_for_each<Policy::Write>({"holder", "if_unlocked", "anybody"});
constexpr auto kUnlocks = sim::text_for_each<Policy::Unlock>({"id_or_none", "id", "anybody"});
constexpr auto kBodies = sim::text_for_each<Policy::RefusedBody>({"info", "without_id", "none"});
constexpr auto kExpiries = sim::text_for_each<Policy::Expiry>({"never", "age", "silence"});

constexpr std::array<std::string_view, 2> kLockedStatus{"409", "423"};
constexpr std::array<std::string_view, 2> kUnlockStatus{"200", "204"};
constexpr std::array<std::string_view, 2> kFlags{"false", "true"};

template <class Enum, std::size_t N>
void read_choice(YamlReader& reader, const YAML::Node& section, const YamlKey& key,
                 const std::array<std::string_view, N>& names, Enum& out) {
  auto number = static_cast<std::size_t>(out);
  reader.choice(section, key, names, number);
  out = static_cast<Enum>(number);
}

// GitLab's addresses end in /api/v4/projects/<id>/terraform/state/<name>.
bool is_gitlab(const BackendArguments& arguments) {
  const Attribute* address = arguments.find("address");
  if (address == nullptr) return false;
  const auto contains = [](std::string_view text) {
    return text.find("/terraform/state/") != std::string_view::npos;
  };
  if (const auto* text = std::get_if<std::string>(&address->value)) return contains(*text);
  const auto* unresolved = std::get_if<Unresolved>(&address->value);
  return unresolved != nullptr && contains(unresolved->expression);
}

bool is_gitlab(const Policy& policy) {
  return policy.write == Policy::Write::holder && policy.unlock == Policy::Unlock::id_or_none;
}

// What makes a scenario's server one like GitLab's: the server, and whatever the scenario may have said of it
// that is otherwise there.
std::vector<ChangedSetting> like_gitlab(const Policy& policy) {
  const Policy gitlab;
  std::vector<ChangedSetting> changed{{"server", "gitlab"}};
  const auto reset = [&changed](std::string_view key, const auto& names, auto has, auto wants) {
    if (has != wants)
      changed.emplace_back(std::string(key), std::string(names[static_cast<std::size_t>(wants)]));
  };
  reset("lock", kLocks, policy.lock, gitlab.lock);
  reset("write", kWrites, policy.write, gitlab.write);
  reset("unlock", kUnlocks, policy.unlock, gitlab.unlock);
  reset("expiry", kExpiries, policy.expiry, gitlab.expiry);
  reset("refused_body", kBodies, policy.refused_body, gitlab.refused_body);
  reset("locked_status", kLockedStatus, policy.locked_is_423, gitlab.locked_is_423);
  reset("unlock_status", kUnlockStatus, policy.unlock_is_204, gitlab.unlock_is_204);
  reset("same_id_locks_again", kFlags, policy.same_id_locks_again, gitlab.same_id_locks_again);
  return changed;
}

// internal/backend/remote-state/http/backend.go of both tools.
constexpr std::array<EnvironmentArgument, 4> kHttpEnvironment{{{"address", "TF_HTTP_ADDRESS"},
                                                               {"lock_address", "TF_HTTP_LOCK_ADDRESS"},
                                                               {"unlock_address", "TF_HTTP_UNLOCK_ADDRESS"},
                                                               {"retry_max", "TF_HTTP_RETRY_MAX"}}};

// As the schemas of all releases from 1.0 (Terraform) and 1.6 (OpenTofu) have them, by their minor versions.
constexpr std::array<ArgumentVersions, 2> kHttpVersions{
    {{.names = "client_ca_certificate_pem client_certificate_pem client_private_key_pem",
      .terraform = {.since = "1.4"}},
     {.names = "headers", .terraform = {.exists = false}, .opentofu = {.since = "1.7"}}}};

}  // namespace

const BackendType& http_backend() {
  static constexpr BackendType kType{
      .name = "http",
      .summary = "a state server of one's own; the lock is what that server makes of it",
      // internal/backend/remote-state/http/backend.go of both tools; headers: OpenTofu.
      .arguments =
          "address client_ca_certificate_pem client_certificate_pem client_private_key_pem headers "
          "lock_address lock_method password retry_max retry_wait_max retry_wait_min "
          "skip_cert_verification unlock_address unlock_method update_method username",
      .identifying = "address",
      .flags = "skip_cert_verification",
      .numbers = "retry_max retry_wait_max retry_wait_min",
      .environment = kHttpEnvironment,
      .versions = kHttpVersions,
      .services = kHttpServices,
      .matrix_modes = "- lock+unlock lock+unlock+gitlab",
      .defaults = default_config<HttpConfig>,
  };
  return kType;
}

Policy HttpConfig::blob_store() {
  Policy policy;
  policy.write = Policy::Write::anybody;
  policy.unlock = Policy::Unlock::anybody;
  return policy;
}

Policy HttpConfig::file_store() {
  Policy policy = blob_store();
  policy.lock = Policy::Lock::overwrites;
  policy.unlock_is_204 = true;
  return policy;
}

const BackendType& HttpConfig::type() const { return http_backend(); }

void HttpConfig::read_yaml(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"type", "address", "update_method", "lock_address", "lock_method", "unlock_address",
                        "unlock_method", "retry_max"});
  reader.flag_or_text(section, {"lock_address", "where jobs ask for a lock"}, lock_address);
  reader.flag_or_text(section, {"unlock_address", "where jobs give the lock back"}, unlock_address);
  reader.number(section, {"retry_max", "how often a request is repeated"}, 0, 10, retry_max);
}

void HttpConfig::read_store(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"server", "lock", "write", "unlock", "expiry", "refused_body", "locked_status",
                        "same_id_locks_again", "unlock_status"});
  std::size_t server = 0;
  reader.choice(section,
                {"server",
                 "the kind of server that the other keys start from: it ignores ids, compares them, or keeps "
                 "a lock as a file"},
                kServers, server);
  policy = server == 0 ? blob_store() : server == 1 ? Policy{} : file_store();
  read_choice(reader, section,
              {"lock", "what a lock request does where a lock is: refused, or it replaces the other's"},
              kLocks, policy.lock);
  read_choice(reader, section,
              {"write", "who may write a state: the holder, also anybody while it is unlocked, anybody"},
              kWrites, policy.write);
  read_choice(reader, section, {"unlock", "who may unlock: with the id or none, with the id, anybody"},
              kUnlocks, policy.unlock);
  read_choice(
      reader, section,
      {"expiry", "which locks end by themselves: none, those of some age, those of frozen or dead jobs"},
      kExpiries, policy.expiry);
  read_choice(reader, section, {"refused_body", "what a refused lock request is told of the holder"}, kBodies,
              policy.refused_body);
  read_choice(reader, section, {"locked_status", "the status of a refused lock request"}, kLockedStatus,
              policy.locked_is_423);
  read_choice(reader, section, {"unlock_status", "the status of an unlock request that is granted"},
              kUnlockStatus, policy.unlock_is_204);
  reader.flag(section, {"same_id_locks_again", "a lock request that is repeated with the same id is granted"},
              policy.same_id_locks_again);
}

std::optional<InputError> HttpConfig::read_arguments(const BackendArguments& arguments,
                                                     std::vector<std::string>& assumptions) {
  if (arguments.workspace() != "default")
    return InputError{arguments.where(),
                      "the http backend has no workspaces, and another than the default one is selected",
                      "no TF_WORKSPACE, and `workspace select default`", ""};
  if (Complaint complaint = arguments.presence("lock_address", "a URL", lock_address, assumptions))
    return complaint;
  if (Complaint complaint = arguments.presence("unlock_address", "a URL", unlock_address, assumptions))
    return complaint;
  if (Complaint complaint =
          arguments.completed_elsewhere("address", "lock_address",
                                        "say what it or TF_HTTP_LOCK_ADDRESS sets: --set lock_address=URL "
                                        "--set unlock_address=URL, or --set "
                                        "lock_address= for no lock"))
    return complaint;
  std::uint32_t repetitions = retry_max;
  if (const Complaint complaint =
          arguments.whole_number("retry_max", "a number of repetitions", repetitions, assumptions))
    return complaint;
  retry_max = static_cast<std::uint8_t>(std::min(repetitions, 10U));  // more than faults change nothing
  if (!lock_address) {
    assumptions.emplace_back(
        "TF_HTTP_LOCK_ADDRESS, TF_HTTP_UNLOCK_ADDRESS and -backend-config set no lock either (otherwise: "
        "--set lock_address=URL --set unlock_address=URL)");
  }
  if (is_gitlab(arguments)) policy = Policy{};
  const auto is_said = [&](const char* key) { return arguments.store_says(key); };
  if (is_said("server") || is_said("lock") || is_said("write") || is_said("unlock")) return std::nullopt;
  if (is_gitlab(arguments)) {
    assumptions.emplace_back("the server is GitLab: it compares the lock ID of every write with its lock");
  } else {
    assumptions.emplace_back(
        "the server refuses a second lock, and ignores the lock ID that comes with writes and unlocks");
  }
  return std::nullopt;
}

std::string HttpConfig::summary() const {
  std::string text = "http";
  if (!lock_address) {
    text += " without locking";
  } else if (!unlock_address) {
    text += " without unlock_address";
  }
  if (lock_address) text += is_gitlab(policy) ? " on a GitLab-like server" : " on a plain state server";
  return text;
}

std::string HttpConfig::canonical_text() const {
  return fmt::format("http|{}{}|{}|{}|{}|{}|{}|{}|{}{}{}", lock_address, unlock_address, retry_max,
                     static_cast<int>(policy.lock), static_cast<int>(policy.write),
                     static_cast<int>(policy.unlock), static_cast<int>(policy.refused_body),
                     static_cast<int>(policy.expiry), policy.locked_is_423, policy.same_id_locks_again,
                     policy.unlock_is_204);
}

std::vector<BackendChange> HttpConfig::changes() const {
  std::vector<BackendChange> changes;
  if (retry_max > 0) {
    changes.push_back(changed(*this, "no request is sent again when its answer is lost",
                              {.backend = {{"retry_max", "0"}}},
                              [](HttpConfig& config) { config.retry_max = 0; }));
    changes.back().stops_retries = true;
  }
  if (!lock_address)
    changes.push_back(changed(
        *this, "addresses to lock and unlock at, of a server that compares the lock ID",
        {.backend = {{"lock_address", "true"}, {"unlock_address", "true"}}, .store = like_gitlab(policy)},
        [](HttpConfig& config) {
          config.lock_address = true;
          config.unlock_address = true;
          config.policy = {};
        }));
  if (lock_address && !unlock_address)
    changes.push_back(changed(*this, "an address to unlock at", {.backend = {{"unlock_address", "true"}}},
                              [](HttpConfig& config) { config.unlock_address = true; }));
  if (lock_address && !is_gitlab(policy))
    changes.push_back(changed(*this, "a server that compares the lock ID of every write and unlock",
                              {.store = like_gitlab(policy)},
                              [](HttpConfig& config) { config.policy = {}; }));
  return changes;
}

void HttpConfig::build(const Scenario& scenario, World& world, WorldParts& parts) const {
  models::HttpState server;
  server.policy = policy;
  server.lock_here = lock_address;
  server.initial_state = initial_snapshot(scenario);
  const auto server_ref = add_service(world, server);

  models::HttpBackendOptions options;
  options.dialect = scenario.client.tool;
  options.lock_address = lock_address;
  options.unlock_address = unlock_address;
  options.retry_max = retry_max;
  const auto backend = std::make_shared<const models::HttpBackend>(options, server_ref, parts.memory);

  add_applies(scenario, server.initial_state, backend, {}, world, parts);
  parts.stored_state = [index = server_ref.index](const sim::ValuePool& values, const sim::EndState& end) {
    return values.get<models::HttpState::Value>(end.services[index]).state;
  };
}

std::vector<std::string> HttpConfig::audit_modes() const {
  std::vector<std::string> modes;
  if (lock_address) modes.emplace_back("lock");
  if (unlock_address) modes.emplace_back("unlock");
  if (is_gitlab(policy)) modes.emplace_back("gitlab");
  if (retry_max != HttpConfig{}.retry_max) modes.push_back(fmt::format("retries={}", retry_max));
  return modes;
}

bool HttpConfig::read_audit_mode(std::string_view mode) {
  if (mode == "lock") return lock_address = true;
  if (mode == "unlock") return unlock_address = true;
  if (mode == "gitlab") {
    policy = Policy{};
    return true;
  }
  return mode.starts_with("retries=") && read_number<std::uint8_t>(mode.substr(8), 0, 10, retry_max);
}

}  // namespace lockstorm::scenarios
