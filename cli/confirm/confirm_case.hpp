// Counterexamples that are to be forced on a real tool: where they come from, and what came of each.
#pragma once

#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/confirm/real_servers.hpp"
#include "scenarios/data/scenario.hpp"
#include "scenarios/story/counterexample.hpp"
#include "wire/confirm/stage.hpp"

namespace lockstorm::cli {

struct ConfirmCase {
  scenarios::Scenario scenario;
  sim::Schedule schedule;
  std::string replay;
  std::optional<checkers::Property> property;  ///< unset: all that it violates
};

/// `subjects`: replay strings; files that hold some (of each the first, or all); scenarios by name, glob or
/// file, which are verified for their counterexamples. `scenario`: the one that strings were recorded with.
std::expected<std::vector<ConfirmCase>, scenarios::InputError> confirm_cases(
    const std::vector<std::string>& subjects, const std::string& scenario, bool all, const Global& global);

struct ConfirmResult {
  enum class Kind : std::uint8_t {
    confirmed,
    not_reproduced,
    different,
    cannot_be_forced,  ///< no network shows what would have to be done
    no_tool,           ///< it is a run of a tool that is not here
    failed,            ///< the stage could not be set
  };
  Kind kind = Kind::failed;
  std::string scenario;
  std::string replay;                   ///< its replay string
  std::vector<std::string> properties;  ///< that the run violates
  std::string why;                      ///< unless confirmed: a sentence or a clause
  std::optional<scenarios::Counterexample> told;
  std::optional<wire::confirm::Performed> performed;
};

std::string_view kind_name(ConfirmResult::Kind kind);

struct ConfirmTools {
  std::filesystem::path terraform, tofu;  ///< empty: there is none
  wire::confirm::DirectorOptions options;
  RealServers servers;                       ///< in place of the models
  Environment environment;                   ///< who may ask them
  std::function<std::string()> unused_name;  ///< for what is kept there; each time another
};

ConfirmResult confirm_case(const ConfirmCase& one, const ConfirmTools& tools);

}  // namespace lockstorm::cli
