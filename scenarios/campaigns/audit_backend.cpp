#include "scenarios/campaigns/audit_backend.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "scenarios/campaigns/tool_versions.hpp"
#include "scenarios/data/arguments.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/split.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/files/scenario_keys.hpp"

namespace lockstorm::scenarios {
namespace {

// Every backend type that either tool has or had. "cloud" is none: its block is not a backend block.
constexpr std::array<std::string_view, 18> kToolBackends{
    "artifactory", "azurerm", "consul", "cos", "etcd", "etcdv3", "gcs",    "http", "inmem",
    "kubernetes",  "local",   "manta",  "oci", "oss",  "pg",     "remote", "s3",   "swift"};

std::vector<std::string_view> modelled_types() {
  std::vector<std::string_view> names;
  for (const BackendType* type : backend_types()) {
    if (!type->arguments.empty() && type->name != "cloud") names.push_back(type->name);
  }
  std::ranges::sort(names);
  return names;
}

InputError not_modelled(const SourceLocation& where, std::string_view what) {
  return {where, fmt::format("{} is not modelled yet", what),
          fmt::format("a backend of type {}", fmt::join(modelled_types(), " or ")),
          "for other backends this version of lockstorm has no answer"};
}

InputError unknown_type(const BackendBlock& block) {
  std::vector<std::string_view> all = modelled_types();
  std::ranges::set_difference(kToolBackends, modelled_types(), std::back_inserter(all));
  return {block.where, fmt::format("unknown backend type '{}'", block.type),
          fmt::format("one of {}", fmt::join(all, ", ")), did_you_mean(block.type, all)};
}

// Whether the types of this name have a block of their own: `cloud {`, `state_store "TYPE" {`.
std::optional<InputError> block_as_type(const BackendBlock& block) {
  const bool is_cloud = block.type == "cloud";
  if (!is_cloud && block.type != "state_store") return std::nullopt;
  const std::string instead = is_cloud ? "cloud {" : "state_store \"TYPE\" {";
  return InputError{block.where, fmt::format("'{}' is no backend type", block.type),
                    fmt::format("a '{}' block in the place of the backend block", block.type),
                    fmt::format("write '{}' instead of 'backend \"{}\" {{'", instead, block.type)};
}

InputError no_such_backend(const BackendBlock& block) {
  if (std::ranges::find(kToolBackends, block.type) == kToolBackends.end()) return unknown_type(block);
  return not_modelled(block.where, fmt::format("the backend type '{}'", block.type));
}

InputError backend_of_the_other_tool(const BackendBlock& block, models::Dialect tool) {
  const bool is_terraform = tool == models::Dialect::terraform;
  const models::Dialect other = is_terraform ? models::Dialect::opentofu : models::Dialect::terraform;
  return {block.where, fmt::format("{} has no backend '{}'", tool_name(tool), block.type),
          fmt::format("--tool {}", tool_key(other)), ""};
}

// No block at all is the local backend; the `cloud` block is a backend of its own.
BackendBlock block_of(const TerraformConfiguration& configuration) {
  BackendBlock block;
  block.type = "local";
  if (configuration.backend) block = *configuration.backend;
  if (configuration.cloud) block = *configuration.cloud;
  // Its arguments, and its type, are the provider's.
  if (configuration.state_store) block = {"state_store", {}, configuration.state_store->where};
  return block;
}

// All that is said of the store and that this backend's has.
std::map<std::string, std::string> store_of(const AuditOptions& options, const BackendType& type) {
  std::map<std::string, std::string> store = options.store;
  for (const std::string& key :
       options.default_store.empty() ? std::vector<std::string>{} : store_keys(type)) {
    if (const auto said = options.default_store.find(key); said != options.default_store.end())
      store.insert(*said);
  }
  return store;
}

// As the `store` section of a scenario says them.
Complaint read_store_settings(const std::map<std::string, std::string>& store, const SourceLocation& where,
                              BackendConfig& config) {
  if (store.empty()) return std::nullopt;
  YAML::Node section;
  for (const auto& [key, value] : store) section[key] = value;
  YamlReader reader("--store");
  config.read_store(reader, section);
  if (!reader.error()) return std::nullopt;
  InputError error = *reader.error();
  error.where = where;
  return error;
}

}  // namespace

std::expected<AuditBackend, InputError> read_audit_backend(const TerraformConfiguration& configuration,
                                                           const AuditOptions& options,
                                                           models::Dialect tool) {
  if (configuration.backend) {
    if (auto misplaced = block_as_type(*configuration.backend)) return std::unexpected(*misplaced);
  }
  const BackendBlock block = block_of(configuration);
  const BackendType* type = backend_type_named(block.type);
  if (type == nullptr || type->arguments.empty()) return std::unexpected(no_such_backend(block));
  if (!type->available(tool)) return std::unexpected(backend_of_the_other_tool(block, tool));
  const std::map<std::string, std::string> store = store_of(options, *type);
  std::map<std::string, std::string> promises = store;
  BackendArguments::Surroundings surroundings{configuration.workspace, {}, store};
  // Those of other types say nothing about this one: a repository may have both.
  for (const BackendType* any : backend_types()) {
    for (const std::string_view premise : split(any->premises, ' ')) {
      if (auto said = promises.extract(std::string(premise))) surroundings.premises.insert(std::move(said));
    }
  }
  const BackendArguments arguments(block, options.settings, tool, std::move(surroundings));
  if (!type->any_argument) {
    if (const Complaint complaint = arguments.unknown(type->arguments)) return std::unexpected(*complaint);
  }
  if (const Complaint complaint = arguments.mistyped(type->flags, type->numbers))
    return std::unexpected(*complaint);
  AuditBackend backend;
  // An argument of the command line or of the environment counts as well.
  BackendBlock all = block;
  for (const auto& [name, value] : options.settings) all.arguments[name] = {value, {"--set " + name, 0, 0}};
  if (auto refused = refused_by_version(all, *type, tool, configuration, backend.assumptions))
    return std::unexpected(*std::move(refused));
  std::unique_ptr<BackendConfig> config = type->defaults();
  if (const Complaint complaint = config->read_arguments(arguments, backend.assumptions))
    return std::unexpected(*complaint);
  if (const Complaint complaint = read_store_settings(promises, where_store_is_said(options), *config))
    return std::unexpected(*complaint);
  backend.not_applicable = config->not_applicable(arguments);
  backend.doubts = config->doubts(arguments);
  std::erase_if(backend.doubts, [&](const StoreDoubt& doubt) { return store.contains(doubt.setting); });
  backend.config = AnyBackend(std::move(config));
  return backend;
}

SourceLocation where_store_is_said(const AuditOptions& options) {
  return options.store.empty() ? options.default_store_where : SourceLocation{"--store", 0, 0};
}

}  // namespace lockstorm::scenarios
