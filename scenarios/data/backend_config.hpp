// What the rest of Lockstorm asks of one backend block: the interface that every backend type implements.
#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/terraform/backend.hpp"
#include "scenarios/data/adversity.hpp"
#include "scenarios/data/input_error.hpp"

namespace YAML {
class Node;
}

namespace lockstorm::scenarios {

class BackendArguments;
class YamlReader;
struct BackendType;
struct Scenario;
struct World;
struct WorldParts;

/// Why a scenario cannot be: where (a section of the scenario file), and what would do.
struct Objection {
  std::string section;
  std::string problem;
  std::string expected;
  std::string hint;
};

class BackendConfig;

/// A key of a scenario and the value that it gets, as YAML has it.
struct ChangedSetting {
  std::string key;
  std::string value;
};

/// What a scenario has to say so that its backend is another one.
struct ChangedSettings {
  std::vector<ChangedSetting> backend{};  ///< in the section `backend`
  std::vector<ChangedSetting> store{};    ///< in the section `store`

  /// "backend: {lock: true}, store: {stale_reads: 0}".
  [[nodiscard]] std::string as_sections() const;
};

/// Another setting of a backend block that might spare it some damage.
struct BackendChange {
  std::string rule;  ///< what it is, a clause: "the state is written with If-Match"
  ChangedSettings settings;
  std::shared_ptr<const BackendConfig> backend;
  bool stops_retries = false;  ///< it only matters where requests fail
};

/// Events of one kind in a run at the most.
struct CountedEvent {
  std::string_view name;  ///< the key that declares them
  unsigned count = 0;
};

/// A promise of the store that the configuration gives reason to doubt: an audit answers for both.
struct StoreDoubt {
  std::string setting;  ///< the key of `store:` that decides
  std::string why;      ///< a clause: "the store may not be Amazon S3: endpoint is set"
  std::string kept;     ///< a clause: "the store honours If-None-Match"
  std::string broken;
  std::shared_ptr<const BackendConfig> otherwise;  ///< the settings with the promise broken
};

/// What follows from a backend block for whoever builds worlds, tells stories or gives advice.
struct BackendTraits {
  bool has_lock = true;
  /// Beside the state a digest of it is kept, and whoever reads compares.
  bool keeps_digest = false;
  /// The state is that of a named workspace, which can be created and deleted.
  bool has_named_workspace = false;
  /// `build` adds its clients with `add_applies`, so that they can run any command.
  bool runs_commands = true;
  /// Its client does one thing after a connection that was closed and another after one that was reset.
  bool tells_close_from_reset = false;
  /// Whether the lock of a job that is gone ends without anybody's help.
  bool lock_ends_by_itself = false;
  /// Whether the message of a refused job tells its own lock from another's. Where it shows the job's own id
  /// whoever has the lock, nobody may unlock by it (3.13; confirm.md, D9).
  bool refusal_names_holder = true;
  /// When the lock of a killed job is free where the backend frees it: "after ...", a clause.
  std::string_view lock_lasts = "once its lease has run out";
  /// What `force-unlock` is given.
  std::string_view lock_id_word = "LOCK_ID";
};

/// One backend block: public members for its settings, and all that follows from them. Everything is a pure
/// function of the settings and the arguments.
class BackendConfig {
 public:
  virtual ~BackendConfig() = default;

  [[nodiscard]] virtual const BackendType& type() const = 0;

  // Reading it. Each starts from the settings as they are.

  /// The `backend` section of a scenario: the backend's own argument names, and dials of ours. Must complain
  /// about unknown keys (YamlReader::keys).
  virtual void read_yaml(YamlReader& reader, const YAML::Node& section) = 0;
  /// The `store` section: promises that the store may break. Without an override there are none.
  virtual void read_store(YamlReader& reader, const YAML::Node& section);
  /// The arguments of a configuration's backend block; all of them are known to the type. What they do not
  /// say and is taken for granted goes to `assumptions`. Returns what the tool would refuse, in its own
  /// words.
  virtual std::optional<InputError> read_arguments(const BackendArguments& arguments,
                                                   std::vector<std::string>& assumptions);
  /// A combination that the tool refuses, or that cannot be simulated.
  [[nodiscard]] virtual std::optional<Objection> objection(const Scenario& scenario) const;

  // Telling it.

  /// "s3 with use_lockfile".
  [[nodiscard]] virtual std::string summary() const = 0;
  /// Every setting that changes what is simulated, begun with the type: equal texts are equal worlds.
  /// Replay strings depend on it.
  [[nodiscard]] virtual std::string canonical_text() const = 0;
  /// Adverse events that the store may bring about by itself, and how many of each: {"session_losses", 1}.
  [[nodiscard]] virtual std::vector<CountedEvent> counted_events() const { return {}; }
  /// What those who ask have to know of it.
  [[nodiscard]] virtual BackendTraits traits() const { return {}; }
  /// What could be set otherwise to do better, the smallest change first; reports try them out.
  [[nodiscard]] virtual std::vector<BackendChange> changes() const { return {}; }

  // Simulating it.

  /// Adds the services, the backend's client side, what clients do, and how to look at the stored state.
  virtual void build(const Scenario& scenario, World& world, WorldParts& parts) const = 0;

  // Auditing it.

  /// Why there is nothing to verify, for settings that were read from the block, a clause; empty: there is.
  [[nodiscard]] virtual std::string not_applicable(const BackendArguments& /*arguments*/) const { return {}; }

  /// What of the store the block gives reason to doubt, for settings that were read from it.
  [[nodiscard]] virtual std::vector<StoreDoubt> doubts(const BackendArguments& /*arguments*/) const {
    return {};
  }

  /// The modes that differ from the defaults, as parts of a configuration's name: {"lockfile", "retries=3"}.
  /// No '/', no '+'. They say everything that `canonical_text` depends on and `read_arguments` can set.
  [[nodiscard]] virtual std::vector<std::string> audit_modes() const { return {}; }
  /// The inverse: sets what one such part says; false when it says nothing.
  virtual bool read_audit_mode(std::string_view /*mode*/) { return false; }
  /// What can go wrong on this backend at all.
  [[nodiscard]] virtual Adversities possible_adversities() const { return kAllAdversities; }
  /// What a configuration of an audit needs besides its jobs and faults, such as clocks for a lease. A
  /// function of the scenario alone: names of configurations do not repeat it.
  virtual void prepare_audit(Scenario& /*scenario*/) const {}

 protected:
  BackendConfig() = default;
  BackendConfig(const BackendConfig&) = default;
  BackendConfig& operator=(const BackendConfig&) = default;
};

/// For BackendConfig::changes: the settings, edited.
template <class Config, class Edit>
BackendChange changed(const Config& settings, std::string rule, ChangedSettings change, Edit&& edit) {
  auto copy = std::make_shared<Config>(settings);
  edit(*copy);
  return {std::move(rule), std::move(change), std::move(copy), false};
}

/// A backend block of any type, as a value.
class AnyBackend {
 public:
  AnyBackend();  ///< the first type of the list with its defaults: s3 without locking
  template <std::derived_from<BackendConfig> Config>
  AnyBackend(Config config) : config_(std::make_shared<const Config>(std::move(config))) {}
  explicit AnyBackend(std::shared_ptr<const BackendConfig> config) : config_(std::move(config)) {}

  const BackendConfig& operator*() const { return *config_; }
  const BackendConfig* operator->() const { return config_.get(); }

  /// The settings when it is of that type, else null.
  template <class Config>
  [[nodiscard]] const Config* as() const {
    return dynamic_cast<const Config*>(config_.get());
  }

  /// The settings of a backend that is of that type, to be changed on the spot. Other copies do not change.
  template <class Config>
  Config& edit() {
    auto copy = std::make_shared<Config>(dynamic_cast<const Config&>(*config_));
    Config& settings = *copy;
    config_ = std::move(copy);
    return settings;
  }

 private:
  std::shared_ptr<const BackendConfig> config_;  // never null, never changed while shared
};

}  // namespace lockstorm::scenarios
