// How a connection ends on which no answer has come, where a client tells the two ways apart.
#pragma once

#include <cstdint>

#include "models/terraform/choice.hpp"
#include "sim/process/process.hpp"

namespace lockstorm::models {

/// Some clients stop at once when their peer has closed the connection in good order (EOF; a load balancer
/// does that), and send the request again when it was reset (confirm.md 2, D2).
enum class LostConnection : std::uint8_t { either, close, reset };

/// Whether this one was closed in good order.
inline bool connection_is_closed(sim::Process& self, LostConnection how) {
  if (how != LostConnection::either) return how == LostConnection::close;
  return self.choose(2, Choice::connection_is_closed) == 1;
}

}  // namespace lockstorm::models
