#include "cli/advised_state.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

#include "cli/usage.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/files/name_parts.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::InputError;

InputError no_backend(const std::string& text) {
  std::vector<std::string_view> names;
  for (const scenarios::BackendType* type : scenarios::backend_types()) {
    if (!type->arguments.empty()) names.push_back(type->name);
  }
  return {
      {text, 0, 0},
      "is neither a configuration nor a type of backend",
      fmt::format("a directory, a file, or a type such as s3+lockfile; types are {}", fmt::join(names, ", ")),
      scenarios::did_you_mean(text.substr(0, text.find('+')), names)};
}

std::expected<AdvisedState, InputError> of_type(const AdvisedStateOptions& options) {
  AdvisedState state;
  if (!scenarios::read_backend_part(options.backend, state.backend))
    return std::unexpected(no_backend(options.backend));
  if (options.configuration.tool == "opentofu" || options.configuration.tool == "tofu")
    state.tool = models::Dialect::opentofu;
  state.names = scenarios::StateNames(std::string(state.backend->type().name));
  if (!options.workspace.empty()) state.names.workspace = options.workspace;
  if (!state.backend->type().available(state.tool))
    return std::unexpected(InputError{{options.backend, 0, 0},
                                      fmt::format("{} has no such backend", scenarios::tool_name(state.tool)),
                                      "--tool for the one that has",
                                      ""});
  return state;
}

InputError several_states(const std::string& path, const scenarios::Inventory& inventory) {
  constexpr std::size_t kNamed = 4;
  std::vector<std::string> names;
  std::size_t count = 0;
  for (const scenarios::SetUp& set_up : inventory.set_ups) {
    for (const scenarios::AuditedState& state : set_up.states) {
      if (++count > kNamed) continue;
      names.push_back(state.directory.string() +
                      (state.completed_by.empty() ? "" : " with --backend-config " + state.completed_by));
    }
  }
  return {{path, 0, 0},
          fmt::format("{} states are here, and the lock is one state's", count),
          "the directory of one, and what completes its block",
          fmt::format("such as {}", fmt::join(names, "; "))};
}

std::expected<AdvisedState, InputError> of_path(const AdvisedStateOptions& options) {
  auto read = inventory_options(options.configuration, options.given);
  if (!read) return std::unexpected(read.error());
  const std::vector<std::filesystem::path> paths{options.backend};
  const scenarios::Inventory inventory = take_inventory(paths, *read);
  if (!inventory.complaints.empty()) return std::unexpected(inventory.complaints.front());
  if (inventory.set_ups.empty()) {
    return std::unexpected(InputError{{options.backend, 0, 0},
                                      "no root module is here",
                                      "a directory with a backend block, or one in which the tool is run",
                                      ""});
  }
  // Of a store that may be one of two kinds, each state is in two set-ups.
  const scenarios::SetUp& set_up = inventory.set_ups.front();
  const scenarios::AuditedState& found = set_up.states.front();
  for (const scenarios::SetUp& one : inventory.set_ups) {
    for (const scenarios::AuditedState& state : one.states) {
      if (state.directory != found.directory || state.completed_by != found.completed_by)
        return std::unexpected(several_states(options.backend, inventory));
    }
  }
  AdvisedState state;
  state.backend = set_up.plan.backend;
  state.tool = set_up.plan.tool;
  state.where = set_up.plan.where;
  state.directory = found.directory.empty() ? "." : found.directory.string();
  state.files = found.configuration.files;
  scenarios::BackendBlock block;
  block.type = std::string(state.backend->type().name);
  if (found.configuration.backend) block = *found.configuration.backend;
  if (found.configuration.cloud) block = *found.configuration.cloud;
  state.names = scenarios::StateNames(block, set_up.plan.options.settings);
  state.names.workspace = options.workspace.empty() ? found.configuration.workspace : options.workspace;
  return state;
}

}  // namespace

void add_advised_state_options(CommandLine command, AdvisedStateOptions& options) {
  command
      .add_option(
          "--backend", options.backend,
          "The configuration whose state it is (a directory or a file), or a type of backend with its "
          "modes, e.g. s3+lockfile")
      .type_name("PATH|TYPE")
      .required()
      .check(must_not_be_empty);
  command
      .add_option("--workspace", options.workspace,
                  "The workspace (default: TF_WORKSPACE, else the selected one)")
      .type_name("NAME")
      .check(must_not_be_empty);
  command
      .add_option("--set", options.given.settings,
                  "A backend argument that comes from -backend-config, e.g. use_lockfile=true")
      .type_name("ARGUMENT=VALUE")
      .repeatable()
      .check(must_set_an_argument);
  command
      .add_option("--backend-config", options.given.backend_config,
                  "What jobs pass to `init -backend-config`: a file, or ARGUMENT=VALUE")
      .type_name("FILE|ARGUMENT=VALUE")
      .repeatable()
      .check(must_complete_a_block);
  command
      .add_option("--store", options.given.store,
                  "What the store promises, as the `store` section of a scenario says it")
      .type_name("KEY=VALUE")
      .repeatable()
      .check(must_set_an_argument);
  add_reading_options(command, options.configuration);
}

std::expected<AdvisedState, InputError> find_advised_state(const AdvisedStateOptions& options) {
  std::error_code error;
  return std::filesystem::exists(options.backend, error) ? of_path(options) : of_type(options);
}

}  // namespace lockstorm::cli
