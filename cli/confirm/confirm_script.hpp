// A counterexample as a script for real processes.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "cli/confirm/store_names.hpp"
#include "scenarios/data/scenario.hpp"
#include "scenarios/story/counterexample.hpp"
#include "wire/confirm/player.hpp"
#include "wire/confirm/script.hpp"

namespace lockstorm::cli {

wire::confirm::Script script_of(const scenarios::Counterexample& told);

/// What each actor runs; or why no real tool can be made to, a clause.
std::expected<std::vector<wire::confirm::Role>, std::string> roles_of(const scenarios::Scenario& scenario,
                                                                      const scenarios::Counterexample& told,
                                                                      const StoreNames& names);

/// A provider's call goes on after an interrupt of its job. The call that stands for it does not: Terraform
/// ends its provisioners with the first interrupt (confirm.md 8, 3).
bool outlives_an_interrupt(const scenarios::Counterexample& told);

/// Why no real process can be made to do what the run does, whatever it runs, a clause; empty: it can.
std::string objection_to_forcing(const scenarios::Scenario& scenario);

}  // namespace lockstorm::cli
