#include "scenarios/pipeline/job_fleet.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace lockstorm::scenarios::pipeline {
namespace {

using Model = models::Command;

// More would make worlds that no search ends.
constexpr std::size_t kMostCommands = 3;

// What else than an apply changes a state. What the model has no command for reads, changes and writes it as
// `refresh` does.
struct ChangeInWords {
  std::string_view words;
  Model command;
};
constexpr std::array kChanges{
    ChangeInWords{" import", Model::import},     ChangeInWords{" state rm", Model::state_rm},
    ChangeInWords{" state mv", Model::state_mv}, ChangeInWords{" state push", Model::state_push},
    ChangeInWords{"", Model::refresh},
};

Model change_of(const Command& command) {
  return std::ranges::find_if(
             kChanges,
             [&](const ChangeInWords& one) { return command.written.find(one.words) != std::string::npos; })
      ->command;
}

void add(std::vector<Model>& commands, const Command& command) {
  switch (command.verb) {
    case Verb::plan:
      commands.push_back(command.writes_plan_file ? Model::plan_out : Model::plan);
      break;
    case Verb::apply:
      if (!command.applies_plan_file) {
        commands.push_back(Model::apply);
        break;
      }
      // A plan of another job is in the directory when this one begins.
      if (std::ranges::find(commands, Model::plan_out) == commands.end()) commands.push_back(Model::plan_out);
      commands.push_back(Model::apply_plan);
      break;
    case Verb::destroy:
      commands.push_back(Model::destroy);
      break;
    case Verb::change_state:
      if (change_of(command) == Model::state_push) commands.push_back(Model::state_pull);
      commands.push_back(change_of(command));
      break;
    case Verb::force_unlock:
    case Verb::break_lock:
      break;
  }
}

// A plan that nothing is made of does nothing that the apply behind it does not do as well.
void leave_out_idle_plans(std::vector<Model>& commands) {
  const bool has_more = std::ranges::any_of(
      commands, [](Model command) { return command != Model::plan && command != Model::plan_out; });
  if (!has_more) return;
  const bool is_applied = std::ranges::find(commands, Model::apply_plan) != commands.end();
  std::erase_if(commands, [&](Model command) {
    return command == Model::plan || (command == Model::plan_out && !is_applied);
  });
}

// Numbers of troubles, see troubles.cpp.
void add_cuts(std::set<std::uint8_t>& cuts, const Command& command, bool is_writer) {
  const auto with_first_apply = [&](std::uint8_t number) {
    cuts.insert(number);
    if (!is_writer || !command.locks) cuts.insert(number + 1);
  };
  switch (command.hears) {
    case Hears::nothing:
    case Hears::nothing_unseen:
      with_first_apply(2);
      break;
    case Hears::once:
      with_first_apply(4);
      break;
    case Hears::once_then_kill:
      with_first_apply(4);
      cuts.insert(32);
      break;
    case Hears::twice:
      cuts.insert(30);
      break;
  }
}

models::Dialect tool_of(const Command& command, models::Dialect otherwise) {
  if (command.written.starts_with("tofu ")) return models::Dialect::opentofu;
  if (command.written.starts_with("terraform ")) return models::Dialect::terraform;
  return otherwise;
}

}  // namespace

std::optional<JobFleet> fleet_of(const RunOf& run, const std::vector<const Command*>& commands,
                                 const ClientSettings& settings) {
  std::vector<const Command*> tool_runs;
  for (const Command* command : commands) {
    if (removes_lock(command->verb) || command->is_remote || command->position != Position::step) continue;
    if (tool_runs.size() < kMostCommands) tool_runs.push_back(command);
  }
  if (tool_runs.empty()) return std::nullopt;
  JobFleet fleet;
  fleet.job = run.job_number;
  fleet.when = run.run->when;
  fleet.client = settings;
  fleet.client.count = 1;
  fleet.client.commands.clear();
  const bool changes = std::ranges::any_of(tool_runs, [](const Command* c) { return writes(c->verb); });
  fleet.changes_state = changes;
  // What changes the state decides about flags where something does.
  const auto counts = [&](const Command* command) { return writes(command->verb) || !changes; };
  const Command* const told = *std::ranges::find_if(tool_runs, counts);
  fleet.where = told->where;
  fleet.written = told->written;
  fleet.client.tool = tool_of(*told, settings.tool);
  std::chrono::seconds wait = std::chrono::seconds::max();
  std::set<std::uint8_t> cuts;
  for (const Command* command : tool_runs) {
    add(fleet.client.commands, *command);
    if (!counts(command)) continue;
    fleet.client.lock = fleet.client.lock && command->locks;
    wait = std::min(wait, command->lock_timeout.value_or(std::chrono::seconds(0)));
    if (command->retried) fleet.client.retries = 1;
    add_cuts(cuts, *command, changes);
  }
  leave_out_idle_plans(fleet.client.commands);
  fleet.client.lock_timeout = fleet.client.lock ? wait : std::chrono::seconds(0);
  if (run.job().fragile_machine) cuts.insert({2, 16});
  fleet.cuts.assign(cuts.begin(), cuts.end());
  return fleet;
}

}  // namespace lockstorm::scenarios::pipeline
