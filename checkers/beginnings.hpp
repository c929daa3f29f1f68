// What a register, a key or Terraform's state may have held at the beginning, where nobody says: as few
// values as decide it for all that the history allows.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "checkers/linearizability/linearizability.hpp"
#include "checkers/models/cell.hpp"
#include "checkers/models/key_value.hpp"
#include "checkers/models/terraform_state.hpp"

namespace lockstorm::checkers {

/// The history allows nil, and whatever nobody, not even a write that failed, wrote. `another`: a value that
/// the history does not name.
[[nodiscard]] std::vector<models::Cell::State> cell_beginnings(
    std::span<const Interval<models::Cell>> operations,
    const boost::unordered_flat_set<models::Cell::State>& written, models::Cell::State another);

/// It allows every text that has nothing in it that anybody, even in vain, put or appended.
[[nodiscard]] std::vector<std::string> key_beginnings(std::span<const Interval<models::KeyValue>> operations,
                                                      std::vector<std::string> written);

/// It allows none, and those that nobody, not even a write that failed, wrote.
[[nodiscard]] models::TerraformState::State state_beginning(
    std::span<const Interval<models::TerraformState>> operations,
    const boost::unordered_flat_set<std::pair<std::uint32_t, std::int64_t>>& written);

}  // namespace lockstorm::checkers
