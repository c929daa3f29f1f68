// The schedule of a path through stored states.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/explore/packed_world.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::sim {

/// `path`: canonical states, the first one of the world and those that a search has reached one from the
/// other. `last_step`: the number of a step from the last of them, as the search took it (`reduced`), that is
/// to be taken, too. Throws EngineError where that cannot be walked again.
template <int W>
Schedule walk_again(PackedWorld<W>& world, const std::vector<Key<W>>& path, bool reduced,
                    std::optional<std::uint32_t> last_step);

}  // namespace lockstorm::sim
