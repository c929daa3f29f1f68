#include "scenarios/pipeline/backend_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <tuple>

#include "scenarios/campaigns/inventory.hpp"
#include "scenarios/config/config_files.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/repository/candidates.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostAlike = 100;  // directories that one place with braces stands for

StateFacts unknown_because(std::string why) {
  StateFacts facts;
  facts.why_unknown = std::move(why);
  return facts;
}

// Where nothing is said, `force-unlock` compares the id with the lock's before it removes it.
struct ForceUnlockOfType {
  std::string_view type;
  ForceUnlock by_terraform;
  ForceUnlock by_opentofu;
};
constexpr std::array kForceUnlockOfType{
    // The id is the name of the workspace.
    ForceUnlockOfType{"remote", ForceUnlock::any, ForceUnlock::any},
    ForceUnlockOfType{"cloud", ForceUnlock::any, ForceUnlock::any},
    // Terraform sends no id, and what the server does with OpenTofu's is its own affair.
    ForceUnlockOfType{"http", ForceUnlock::any, ForceUnlock::unknown},
    // The lock is a session's, or a process's.
    ForceUnlockOfType{"pg", ForceUnlock::nothing, ForceUnlock::nothing},
    ForceUnlockOfType{"local", ForceUnlock::nothing, ForceUnlock::nothing},
    ForceUnlockOfType{"inmem", ForceUnlock::nothing, ForceUnlock::nothing},
    ForceUnlockOfType{"state_store", ForceUnlock::unknown, ForceUnlock::unknown},
};

ForceUnlock force_unlock_of(const BackendType& type, models::Dialect tool) {
  for (const ForceUnlockOfType& one : kForceUnlockOfType)
    if (one.type == type.name) return tool == models::Dialect::terraform ? one.by_terraform : one.by_opentofu;
  return ForceUnlock::with_its_id;
}

// A file of one machine may be on a disk that all of them share, if its path leads out of the checkout.
bool may_be_on_shared_disk(const TerraformConfiguration& configuration) {
  if (!configuration.backend) return false;
  const auto path = configuration.backend->arguments.find("path");
  if (path == configuration.backend->arguments.end()) return false;
  const auto* const text = std::get_if<std::string>(&path->second.value);
  return text == nullptr || text->starts_with('/');
}

bool is_partial(const TerraformConfiguration& configuration,
                const std::map<std::string, std::string>& settings) {
  return configuration.backend &&
         std::ranges::any_of(missing_arguments(*configuration.backend),
                             [&](std::string_view name) { return !settings.contains(std::string(name)); });
}

StateFacts facts_of(const SetUp& set_up, const InventoryOptions& options) {
  const BackendConfig& backend = *set_up.plan.configurations.front().backend;
  StateFacts facts;
  facts.backend = backend.summary();
  for (const AuditedState& state : set_up.states) {
    const bool is_open =
        backend.type().one_machine
            ? may_be_on_shared_disk(state.configuration)
            : !backend.traits().has_lock && is_partial(state.configuration, options.audit.settings);
    if (is_open)
      return unknown_because(backend.type().one_machine
                                 ? "its local state may be on a disk that machines share"
                                 : "what completes its backend block is not in the files");
  }
  if (backend.type().one_machine) {
    facts.backend += " (each machine's own)";
    facts.lock = StateLock::none;
  } else {
    facts.lock = backend.traits().has_lock ? StateLock::locks : StateLock::none;
  }
  if (facts.lock == StateLock::none) {
    facts.force_unlock = ForceUnlock::nothing;
    return facts;
  }
  if (backend.traits().lock_ends_by_itself) facts.lock_ends = backend.traits().lock_lasts;
  facts.force_unlock = force_unlock_of(backend.type(), set_up.plan.tool);
  return facts;
}

// What holds whichever of the two it is.
StateFacts both(const StateFacts& a, const StateFacts& b) {
  if (a.lock == StateLock::unknown) return a;
  if (b.lock == StateLock::unknown) return b;
  if (a.lock != b.lock) return unknown_because(fmt::format("it may be {} or {}", a.backend, b.backend));
  StateFacts facts = a;
  if (a.backend != b.backend && a.backend.find(b.backend) == std::string::npos)
    facts.backend += " or " + b.backend;
  if (b.lock_ends.empty()) facts.lock_ends.clear();
  if (a.force_unlock != b.force_unlock) facts.force_unlock = ForceUnlock::unknown;
  return facts;
}

bool says_any(const fs::path& part) { return part.string().find_first_of("{$") != std::string::npos; }

// One of the pipeline's places may be read by many rules: everything is read once.
class Configurations {
 public:
  explicit Configurations(fs::path root) : root_(std::move(root)) {}

  const StateFacts& of(const StatePlace& state) {
    const auto [known, is_new] = known_.try_emplace(
        std::tuple(state.directory, state.init_arguments, state.environment, state.is_many));
    if (is_new) known->second = read(state);
    return known->second;
  }

 private:
  [[nodiscard]] StateFacts read(const StatePlace& state) const {
    if (root_.empty()) return unknown_because("there is no repository to look in");
    std::vector<fs::path> found{root_};
    for (const fs::path& part : fs::path(state.directory).lexically_normal()) {
      if (part == "." || part.empty()) continue;
      if (part == ".." || part == "/") return unknown_because("its directory is outside of the repository");
      found = says_any(part) ? folders_of(found) : below(found, part);
      if (found.size() > kMostAlike) return unknown_because("its directory may be one of many");
    }
    std::erase_if(found, [&](const fs::path& directory) { return !is_inside(directory); });
    if (found.size() > 1) {
      // Of the directories that a name in braces may stand for, those without configuration are none.
      std::erase_if(found, [&](const fs::path& directory) { return configuration_in(directory).empty(); });
    }
    if (found.empty()) return unknown_because(fmt::format("there is no directory {} here", state.directory));
    StateFacts facts = of_directory(found.front(), state);
    for (std::size_t i = 1; i < found.size(); ++i) facts = both(facts, of_directory(found[i], state));
    return facts;
  }

  static std::vector<fs::path> below(const std::vector<fs::path>& directories, const fs::path& name) {
    std::vector<fs::path> found;
    std::error_code error;
    for (const fs::path& directory : directories)
      if (fs::is_directory(directory / name, error)) found.push_back(directory / name);
    return found;
  }

  static std::vector<fs::path> folders_of(const std::vector<fs::path>& directories) {
    std::vector<fs::path> found;
    for (const fs::path& directory : directories) {
      std::error_code error;
      for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
        std::error_code unknown_kind;
        if (it->is_directory(unknown_kind) && !it->path().filename().string().starts_with('.'))
          found.push_back(it->path());
      }
    }
    std::ranges::sort(found);
    return found;
  }

  // Links may lead anywhere.
  [[nodiscard]] bool is_inside(const fs::path& path) const {
    std::error_code error;
    const fs::path real_root = fs::canonical(root_, error);
    if (error) return false;
    const fs::path real = fs::canonical(path, error);
    if (error) return false;
    const fs::path from_root = real.lexically_relative(real_root);
    return !from_root.empty() && *from_root.begin() != "..";
  }

  // The file that stands for a directory, so that it is a root whatever it has; empty: there is none.
  static fs::path configuration_in(const fs::path& directory) {
    std::error_code error;
    if (fs::is_regular_file(directory / "terragrunt.hcl", error)) return directory / "terragrunt.hcl";
    fs::path first;
    for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
      const std::string name = it->path().filename().string();
      if (name.starts_with('.') || !is_configuration(name)) continue;
      if (first.empty() || it->path() < first) first = it->path();
    }
    return first;
  }

  // What `init` is given; or a clause on what cannot be known of it.
  [[nodiscard]] std::expected<InventoryOptions, std::string> given(const fs::path& directory,
                                                                   const StatePlace& state) const {
    InventoryOptions options;
    options.walk.read.environment = state.environment;
    for (const std::string& argument : state.init_arguments) {
      if (const auto equals = argument.find('='); equals != std::string::npos) {
        options.audit.settings[argument.substr(0, equals)] = argument.substr(equals + 1);
        continue;
      }
      const fs::path file = directory / argument;
      if (says_any(argument) || fs::path(argument).is_absolute() || !is_inside(file))
        return std::unexpected(fmt::format("{} of -backend-config is not in the repository", argument));
      auto read = read_backend_file(file);
      if (!read) return std::unexpected(fmt::format("{} cannot be read", argument));
      for (auto& [name, attribute] : *read) {
        options.audit.settings.erase(name);
        options.completed_with.insert_or_assign(name, std::move(attribute));
      }
    }
    return options;
  }

  [[nodiscard]] StateFacts of_directory(const fs::path& directory, const StatePlace& state) const {
    const fs::path path = state.is_many ? directory : configuration_in(directory);
    if (path.empty()) return unknown_because(fmt::format("there is no configuration in {}", state.directory));
    const auto options = given(directory, state);
    if (!options) return unknown_because(options.error());
    const Inventory inventory = take_inventory(std::array{path}, *options);
    if (!inventory.complaints.empty()) {
      const InputError& first = inventory.complaints.front();
      return unknown_because(fmt::format("{}:{}: {}", first.where.file, first.where.line, first.problem));
    }
    if (inventory.set_ups.empty())
      return unknown_because(inventory.left_out.empty() ? "no state is here"
                                                        : inventory.left_out.front().why);
    StateFacts facts = facts_of(inventory.set_ups.front(), *options);
    for (std::size_t i = 1; i < inventory.set_ups.size(); ++i)
      facts = both(facts, facts_of(inventory.set_ups[i], *options));
    return facts;
  }

  fs::path root_;
  std::map<std::tuple<std::string, std::vector<std::string>, std::map<std::string, std::string>, bool>,
           StateFacts>
      known_;
};

}  // namespace

StateFactsOf facts_from_configurations(fs::path root) {
  return [known = std::make_shared<Configurations>(std::move(root))](const StatePlace& state) {
    return known->of(state);
  };
}

}  // namespace lockstorm::scenarios::pipeline
