// What Ctrl-C, SIGTERM, SIGHUP and a broken pipe do: one message, no file in part, and an end by the signal,
// so that shells notice.
#pragma once

#include <cstddef>
#include <string_view>

namespace lockstorm::cli {

/// First thing of the process. What standard input, output and error are is not for files that are opened
/// later to take: those that the caller has closed stay closed for reading and writing, and standard error
/// then takes everything and keeps nothing. A pipe that nobody reads any more is an error of writing, see
/// `end_by_broken_pipe`; so is a file that grows beyond its limit (`ulimit -f`).
void prepare_standard_streams();

/// From now on SIGINT, SIGTERM and SIGHUP are told of on standard error before they end the process; where
/// the caller has them ignored they stay so. `command`: what is interrupted.
void tell_of_interrupts(std::string_view command);

/// Somebody has stopped reading standard output, as `head` does.
void note_broken_pipe();

/// Last thing of the process: ends it as SIGPIPE would have, if a broken pipe was noted and the caller does
/// not have that signal ignored. Until then everything else was written.
void end_by_broken_pipe();

/// Whether `end_by_broken_pipe` would: then there is nothing to complain of.
[[nodiscard]] bool ends_by_broken_pipe();

/// How far the work has come, for that message; `total` 0: there is nothing to say.
void note_progress(std::size_t done, std::size_t total);

/// A result file is in its place, for that message.
void note_written_file();

/// While one lives, an interrupt waits: it comes when the last one ends, or an InterruptsPass begins.
class InterruptsWait {
 public:
  InterruptsWait();
  ~InterruptsWait();
  InterruptsWait(const InterruptsWait&) = delete;
  InterruptsWait& operator=(const InterruptsWait&) = delete;
};

/// While one lives, an interrupt does not wait after all: what is written may go to somebody who does not
/// read.
class InterruptsPass {
 public:
  InterruptsPass();
  ~InterruptsPass();
  InterruptsPass(const InterruptsPass&) = delete;
  InterruptsPass& operator=(const InterruptsPass&) = delete;
};

}  // namespace lockstorm::cli
