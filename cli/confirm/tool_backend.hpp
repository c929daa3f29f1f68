// How a real tool is given a scenario's backend: the block, and the environment that names its servers.
#pragma once

#include <expected>
#include <functional>
#include <string>

#include "cli/confirm/store_names.hpp"
#include "scenarios/data/backend_config.hpp"
#include "wire/confirm/player.hpp"

namespace lockstorm::cli {

using MakeToolBackend =
    std::function<wire::confirm::ToolBackend(const wire::confirm::Ports&, const std::string& actor)>;

/// End points are named by the environment where the tool allows that: a changed block would ask for another
/// `init` (confirm.md 4). Or why no real tool can be pointed at servers of ours, a clause.
std::expected<MakeToolBackend, std::string> tool_backend_of(const scenarios::AnyBackend& backend,
                                                            const StoreNames& names);

}  // namespace lockstorm::cli
