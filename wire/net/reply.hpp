// The way back to a client that waits for an answer.
#pragma once

#include "wire/net/exchange.hpp"

namespace lockstorm::wire {

/// How a connection ends without an answer. Clients tell the two apart (confirm.md 2, D2).
enum class Drop : std::uint8_t {
  close,  ///< in good order (FIN): the client reads an end of file
  reset,  ///< at once (RST): "connection reset by peer"
};

/// One of these is called, at any later time; what is called after that does nothing.
class Reply {
 public:
  virtual ~Reply() = default;
  virtual void answer(const HttpAnswer& answer) = 0;
  virtual void drop(Drop how) = 0;
};

}  // namespace lockstorm::wire
