// What Ctrl-C and SIGTERM do: one message, no file in part, and an end by the signal, so that shells notice.
#pragma once

#include <cstddef>
#include <string_view>

namespace lockstorm::cli {

/// From now on SIGINT and SIGTERM are told of on standard error before they end the process; where the caller
/// has them ignored they stay so. `command`: what is interrupted.
void tell_of_interrupts(std::string_view command);

/// How far the work has come, for that message; `total` 0: there is nothing to say.
void note_progress(std::size_t done, std::size_t total);

/// A result file is in its place, for that message.
void note_written_file();

/// While one lives, an interrupt waits: it comes when the last one ends.
class InterruptsWait {
 public:
  InterruptsWait();
  ~InterruptsWait();
  InterruptsWait(const InterruptsWait&) = delete;
  InterruptsWait& operator=(const InterruptsWait&) = delete;
};

}  // namespace lockstorm::cli
