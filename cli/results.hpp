// Hands over what a command has computed: whatever becomes of one file, the others are written.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "cli/interrupt.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::cli {

/// Made when all is computed. Until its end an interrupt waits: files first, then the report, for which
/// nobody may be reading, then the interrupt.
class Results {
 public:
  explicit Results(const Global& global) : global_(global) {}

  /// Writes a file; "" is none, "-" standard output.
  void write(const std::string& file, const std::function<std::string()>& make_text);
  /// Something was written in another way, or could not be.
  void add(const std::optional<scenarios::InputError>& failed);
  /// Prints the report, unless a report for machines is on standard output, and says what could not be
  /// written. Writers make what they quote printable where they quote it; what they have missed is caught
  /// here, but for newlines. The exit status: `status`, or that of bad input where something is missing.
  int end(const std::string& report, int status);

 private:
  const Global& global_;
  std::optional<InterruptsWait> wait_{std::in_place};
  bool incomplete_ = false;
};

}  // namespace lockstorm::cli
