// Values are of fixed size: what does not fit in them must not be dropped in silence.
#pragma once

#include <stdexcept>
#include <string>

namespace lockstorm::models {

/// For worlds that an objection should have refused (scenarios/backends/).
[[noreturn]] inline void no_room(const std::string& what) {
  throw std::length_error("the model has no room for so many " + what);
}

}  // namespace lockstorm::models
