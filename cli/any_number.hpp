// Tries to prove scenarios for every number of jobs, and says what came of it.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "cli/command.hpp"
#include "scenarios/data/scenario.hpp"

namespace lockstorm::cli {

struct AnyNumberArguments {
  bool wanted = false;
  std::string views_file;  ///< for the certificates; empty: none
};

void add_any_number_options(CommandLine command, AnyNumberArguments& options);

struct AnyNumberAnswer {
  std::string told;         ///< behind the report; empty: it was not asked for
  std::string certificate;  ///< of all scenarios, one after the other
};

/// One scenario after the other, whatever the number of jobs that it declares.
AnyNumberAnswer prove_any_number(const AnyNumberArguments& options,
                                 std::span<const scenarios::Scenario> found, const Global& global);

/// An error where the certificates are to be written and there is none.
std::optional<scenarios::InputError> write_views(const AnyNumberArguments& options,
                                                 const AnyNumberAnswer& answer);

}  // namespace lockstorm::cli
